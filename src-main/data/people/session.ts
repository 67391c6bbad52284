import { randomBytes } from 'node:crypto';
import type { TillUser } from '#shared/people/user.ts';
import { allReferences, referenceOf } from '../catalogue/reference.ts';
import { nowOf } from '../clock.ts';
import { refused } from '../refusal.ts';
import { sql } from '../statement.ts';
import { sha256 } from '../sync/sha256.ts';
import type { Till } from '../till.ts';
import { verifyPin } from './pin.ts';

const FIND = sql<{ user_id: string }, [string]>('SELECT user_id FROM session WHERE token_hash = ?');
const START = sql<never, [string, string, string]>(
  'INSERT INTO session (token_hash, user_id, started_at) VALUES (?, ?, ?)',
);
const END = sql<never, [string]>('DELETE FROM session WHERE token_hash = ?');

type SignedIn = {
  session: string;
  user_id: TillUser['user_id'];
  name: string;
  permissions: TillUser['permissions'];
};

/** The people who may unlock this till, by name, with what each may do and consent to. */
export const listPeople = (till: Till): Pick<TillUser, 'user_id' | 'name' | 'permissions'>[] =>
  allReferences(till.catalog, 'user')
    .filter((user) => user.active && user.pin_hash !== undefined)
    .map(({ user_id, name, permissions }) => ({ user_id, name, permissions }))
    .sort((left, right) => left.name.localeCompare(right.name));

/**
 * Starts a session for whoever knows the PIN; it lasts until it is ended, also over a restart.
 * @param before the session of whoever was signed in at the same screen: it ends with this one's beginning
 */
export async function signIn(
  till: Till,
  userId: string,
  pin: string,
  before: string | null = null,
): Promise<SignedIn> {
  const user = await verifyPin(till, userId, pin, 'pin');
  const session = randomBytes(32).toString('base64url');
  till.ledger
    .transaction(() => {
      signOut(till, before);
      START(till.ledger).run(sha256(session), user.user_id, nowOf(till.clock));
    })
    .immediate();
  return { session, user_id: user.user_id, name: user.name, permissions: user.permissions };
}

/** Ends the session of that token, if there is one. */
export const signOut = (till: Till, session: string | null): void => {
  if (session !== null) END(till.ledger).run(sha256(session));
};

/**
 * Whose session this is, as the office knows them since the last pull: a permission that was taken away is gone, and
 * the session of somebody who was disabled is over for good.
 * @throws REFUSED `signed_out`
 */
export function userOfSession(till: Till, session: string | null): TillUser {
  const found = session === null ? undefined : FIND(till.ledger).get(sha256(session));
  const user = found && referenceOf(till.catalog, 'user', found.user_id);
  if (!user) throw refused('signed_out', 'Please sign in.');
  if (!user.active) {
    signOut(till, session);
    throw refused(
      'signed_out',
      `The office has ended ${user.name}’s access to this till. Somebody else can sign in and go on with what is open.`,
    );
  }
  return user;
}
