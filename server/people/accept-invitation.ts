import type { z } from 'zod';
import type { acceptInvitationSchema, mailedToSchema } from '#shared/contract/office/auth.ts';
import type { InvitationId, UserId } from '#shared/ids.ts';
import { type Db, rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { Refusal } from '../problem.ts';
import type { Origin } from './actor.ts';
import { REPEATABLE, type Redeemed, redeemCode } from './redeem-code.ts';
import { hashSecret } from './secret-hash.ts';

type Given = z.output<typeof acceptInvitationSchema>;
type MailedTo = z.infer<typeof mailedToSchema>;

/**
 * Makes an invited person active with a password of their own. A code is good once, while its invitation is pending;
 * whatever is wrong with it is refused in the same words.
 * @throws 403 `invitation_refused`
 */
export async function acceptInvitation(db: Db, given: Given, origin: Origin): Promise<MailedTo> {
  const chosen = {
    name: given.name ?? null,
    password_hash: await hashSecret(given.password),
    pin_hash: given.pin === undefined ? null : await hashSecret(given.pin),
  };
  const person = await redeemCode(db, given, (tx, hash) => accept(tx, hash, chosen, origin));
  if (!person) throw refused();
  return person;
}

type Chosen = {
  readonly name: string | null;
  readonly password_hash: string;
  readonly pin_hash: string | null;
};
type Found = {
  invitation_id: InvitationId;
  user_id: UserId;
  email: string;
  password_hash: string | null;
  is_open: boolean;
  was_accepted: boolean;
};

async function accept(tx: Tx, hash: Buffer, chosen: Chosen, origin: Origin): Promise<Redeemed<MailedTo>> {
  const [found] = await rows<Found>(
    tx,
    `select i.invitation_id, i.user_id, i.email, u.password_hash,
       i.status = 'PENDING' and i.expires_at > now() and u.status = 'INVITED' as is_open,
       coalesce(i.accepted_at > now() - ${REPEATABLE}, false) and u.status = 'ACTIVE' as was_accepted
     from invitation i join app_user u on u.company_id = i.company_id and u.user_id = i.user_id
     where i.company_id = $1 and i.token_hash = $2 for update of u, i`,
    [tx.company_id, hash],
  );
  if (!found) return { state: 'refused' };
  const person = { email: found.email, company_id: tx.company_id };
  if (found.was_accepted && found.password_hash !== null) {
    return { state: 'before', person, password_hash: found.password_hash };
  }
  if (!found.is_open) return { state: 'refused' };
  await rows(
    tx,
    `update app_user set status = 'ACTIVE', name = coalesce($3, name), password_hash = $4,
       pin_hash = coalesce($5, pin_hash)
     where company_id = $1 and user_id = $2`,
    [tx.company_id, found.user_id, chosen.name, chosen.password_hash, chosen.pin_hash],
  );
  await rows(
    tx,
    `update invitation set status = 'ACCEPTED', accepted_at = now() where company_id = $1 and invitation_id = $2`,
    [tx.company_id, found.invitation_id],
  );
  await audit(
    tx,
    { user_id: found.user_id, session_id: null, origin },
    {
      ...{ action: 'invitation.accepted', entity: 'invitation', key: found.invitation_id },
      after: { user_id: found.user_id, ...(chosen.name === null ? {} : { name: chosen.name }) },
    },
  );
  return { state: 'now', person };
}

const refused = () =>
  new Refusal(
    403,
    'invitation_refused',
    'This code is wrong, was used or withdrawn, or its time is over. Ask for another invitation.',
  );
