import { hash, verify } from '@node-rs/argon2';
import type { TillUser } from '#shared/people/user.ts';
import { referenceOf } from '../catalogue/reference.ts';
import { nowOf } from '../clock.ts';
import { mintId } from '../mint-id.ts';
import { refused } from '../refusal.ts';
import { sql } from '../statement.ts';
import type { Till } from '../till.ts';

type Failures = { failures: number; last_at: string };

const FAILURES = sql<Failures, [string]>('SELECT failures, last_at FROM pin_failure WHERE user_id = ?');
const FAIL = sql<never, [string, string]>(
  `INSERT INTO pin_failure (user_id, failures, last_at) VALUES (?, 1, ?)
   ON CONFLICT (user_id) DO UPDATE SET failures = failures + 1, last_at = excluded.last_at`,
);
const RESTART_WAIT = sql<never, [string, string]>('UPDATE pin_failure SET last_at = ? WHERE user_id = ?');
const FORGET = sql<never, [string]>('DELETE FROM pin_failure WHERE user_id = ?');

/** So many wrong PINs cost nothing; each one after them doubles the wait, from 30 s to 15 min. */
const FREE_TRIES = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 900_000;

/** An argon2id hash as it is kept; anything else opens nothing. */
const PHC = /^\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/;

/** The person of that id whose PIN this is. @throws REFUSED `pin_wrong`, `pin_locked` */
export async function verifyPin(till: Till, userId: string, pin: string, field: string): Promise<TillUser> {
  // The try is counted before it is checked: neither a kill nor a second call at once gives one for nothing.
  const wait = till.ledger.transaction(() => countTry(till, userId)).immediate();
  if (wait > 0) {
    throw refused(
      'pin_locked',
      `Too many wrong PINs. Try again in ${Math.ceil(wait / 1000)} seconds, or let somebody else sign in.`,
      field,
    );
  }
  const user = referenceOf(till.catalog, 'user', userId);
  const known = user?.active && PHC.test(user.pin_hash ?? '') ? user.pin_hash : undefined;
  const right = await verify(known ?? (await decoy()), pin);
  if (!right || !known || !user) {
    throw refused('pin_wrong', 'That PIN is not right. Try again.', field);
  }
  FORGET(till.ledger).run(userId);
  return user;
}

/** Counts a try, unless it has to wait; returns for how long (ms). */
function countTry(till: Till, userId: string): number {
  const now = till.clock.wallMs();
  const known = FAILURES(till.ledger).get(userId);
  if (known && known.failures >= FREE_TRIES) {
    const whole = Math.min(FIRST_WAIT_MS * 2 ** (known.failures - FREE_TRIES), LONGEST_WAIT_MS);
    const since = now - Date.parse(known.last_at);
    if (since < 0) {
      // The clock was set back: the wait begins again, or it could last for years.
      RESTART_WAIT(till.ledger).run(nowOf(till.clock), userId);
      return whole;
    }
    if (since < whole) return whole - since;
  }
  FAIL(till.ledger).run(userId, nowOf(till.clock));
  return 0;
}

/** The hash of nobody's PIN, so that an unknown person takes as long to refuse as a wrong PIN. */
const decoy = (): Promise<string> => {
  made ??= hash(mintId());
  return made;
};
let made: Promise<string> | undefined;
