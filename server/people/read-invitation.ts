import type { z } from 'zod';
import type { invitationsContract } from '#shared/contract/office/users.ts';
import type { InvitationId } from '#shared/ids.ts';
import { type Invitation, invitationSchema } from '#shared/people/invitation.ts';
import { rows, type Tx } from '../db.ts';
import { type Condition, contains, is, readPage, where } from '../page.ts';
import { notFound } from '../problem.ts';
import type { Actor } from './actor.ts';
import { seenBy } from './read-user.ts';

type Query = z.output<NonNullable<(typeof invitationsContract.list)['~orpc']['inputSchema']>>;

/** A pending invitation is over when its time is, whether or not anybody wrote that down. */
const STATUS = `case when i.status = 'PENDING' and i.expires_at <= now() then 'EXPIRED' else i.status end`;

const COLUMNS = `i.invitation_id, i.user_id, i.email, u.name, ${STATUS} as status, i.invited_by, i.created_at,
  i.expires_at, i.mail_state, i.mail_at, i.mail_reason`;
const FROM = 'invitation i join app_user u on u.company_id = i.company_id and u.user_id = i.user_id';

type Row = Record<string, unknown> & {
  created_at: Date;
  expires_at: Date;
  mail_state: string;
  mail_at: Date | null;
  mail_reason: string | null;
};

const SORTS: Readonly<Record<Query['sort'], string>> = {
  created_at: 'i.created_at',
  email: 'i.email',
  status: STATUS,
  expires_at: 'i.expires_at',
};

/** The invitations of people whom the actor sees. */
export async function listInvitations(
  tx: Tx,
  actor: Actor,
  query: Query,
): Promise<{ items: Invitation[]; total_count: number }> {
  const page = await readPage<Row>(
    tx,
    {
      columns: COLUMNS,
      from: FROM,
      where: [is('i.company_id', tx.company_id), seenBy(actor), ...narrowed(query)],
      sort: SORTS[query.sort],
      thenBy: 'i.invitation_id',
    },
    query,
  );
  return { ...page, items: page.items.map(invitationOf) };
}

const narrowed = ({ text, status }: Query): Condition[] => [
  ...(text === undefined ? [] : [contains(['u.name', 'i.email'], text)]),
  ...(status === undefined ? [] : [is(`(${STATUS})`, status)]),
];

/** An invitation of somebody whom the actor sees. @throws 404 */
export async function readSeenInvitation(
  tx: Tx,
  actor: Actor,
  invitationId: InvitationId,
): Promise<Invitation> {
  const { clause, values } = where([
    is('i.company_id', tx.company_id),
    is('i.invitation_id', invitationId),
    seenBy(actor),
  ]);
  const [row] = await rows<Row>(tx, `select ${COLUMNS} from ${FROM} ${clause}`, values);
  if (!row) throw notFound();
  return invitationOf(row);
}

function invitationOf({ created_at, expires_at, mail_state, mail_at, mail_reason, ...row }: Row): Invitation {
  return invitationSchema.parse({
    ...row,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
    mail: {
      state: mail_state,
      ...(mail_at === null ? {} : { at: mail_at.toISOString() }),
      ...(mail_reason === null ? {} : { reason: mail_reason }),
    },
  });
}
