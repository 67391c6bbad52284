import type { z } from 'zod';
import type { sessionsContract } from '#shared/contract/office/users.ts';
import { type OfficeSessionId, type UserId, userIdSchema } from '#shared/ids.ts';
import type { OfficeSession } from '#shared/people/session.ts';
import { rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { type Condition, contains, inWords, is, readPage, where } from '../page.ts';
import { notFound } from '../problem.ts';
import type { Actor } from './actor.ts';
import { readSeenUser, seenBy } from './read-user.ts';
import { endSession, endSessions } from './sessions.ts';

type Query = z.output<NonNullable<(typeof sessionsContract.list)['~orpc']['inputSchema']>>;
type SessionRow = Omit<OfficeSession, 'created_at' | 'last_used_at' | 'expires_at' | 'current'> &
  Record<'created_at' | 'last_used_at' | 'expires_at', Date>;

const SORTS: Readonly<Record<Query['sort'], string>> = {
  last_used_at: 's.last_used_at',
  created_at: 's.created_at',
  user_name: inWords('u.name'),
};

const SESSIONS = 'office_session s join app_user u on u.company_id = s.company_id and u.user_id = s.user_id';

/** Everybody's whom the actor sees, for who manages people; one's own for the others. */
const within = (tx: Tx, actor: Actor): Condition[] => [
  is('s.company_id', tx.company_id),
  actor.permissions.has('user.manage') ? seenBy(actor) : is('s.user_id', actor.user_id),
];

/** The sessions that have not ended. */
export async function listSessions(
  tx: Tx,
  actor: Actor,
  query: Query,
): Promise<{ items: OfficeSession[]; total_count: number }> {
  const page = await readPage<SessionRow>(
    tx,
    {
      columns: `s.session_id, s.user_id, u.name as user_name, s.created_at, s.last_used_at, s.expires_at, s.ip,
        s.user_agent`,
      from: SESSIONS,
      where: [
        ...within(tx, actor),
        { sql: () => 's.revoked_at is null and s.expires_at > now()' },
        ...(query.text === undefined ? [] : [contains(['u.name', 's.ip', 's.user_agent'], query.text)]),
        ...(query.user_id === undefined ? [] : [is('s.user_id', query.user_id)]),
      ],
      sort: SORTS[query.sort],
      thenBy: 's.session_id',
    },
    query,
  );
  const items = page.items.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    current: row.session_id === actor.session_id,
  }));
  return { ...page, items };
}

/** Ends a session that the actor sees in their list; how many that were. @throws 404 */
export async function revokeSession(tx: Tx, actor: Actor, sessionId: OfficeSessionId): Promise<number> {
  const { clause, values } = where([...within(tx, actor), is('s.session_id', sessionId)]);
  const [session] = await rows<{ user_id: string }>(
    tx,
    `select s.user_id from ${SESSIONS} ${clause}`,
    values,
  );
  if (!session) throw notFound();
  const revoked = await endSession(tx, sessionId, 'revoked');
  if (revoked > 0) await noteRevoked(tx, actor, session.user_id, revoked);
  return revoked;
}

/** Ends all sessions of a person; how many there were. @throws 404 */
export async function revokeSessionsOf(tx: Tx, actor: Actor, userId: UserId): Promise<number> {
  await readSeenUser(tx, actor, userId);
  const revoked = await endSessions(tx, [userId], 'revoked');
  await noteRevoked(tx, actor, userId, revoked);
  return revoked;
}

/** Ends the sessions of everybody whom the actor sees, their own too; how many there were. */
export async function revokeAllSessions(tx: Tx, actor: Actor): Promise<number> {
  const { clause, values } = where([is('u.company_id', tx.company_id), seenBy(actor)]);
  const people = await rows<{ user_id: string }>(tx, `select u.user_id from app_user u ${clause}`, values);
  const revoked = await endSessions(
    tx,
    people.map((person) => userIdSchema.parse(person.user_id)),
    'revoked',
  );
  await noteRevoked(tx, actor, '*', revoked);
  return revoked;
}

const noteRevoked = (tx: Tx, actor: Actor, whose: string, count: number): Promise<unknown> =>
  audit(tx, actor, { action: 'user.sessions_revoked', entity: 'user', key: whose, after: { count } });
