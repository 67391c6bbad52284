import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type { mailedToSchema, resetPasswordSchema } from '#shared/contract/office/auth.ts';
import { passwordResetIdSchema, type UserId } from '#shared/ids.ts';
import { type Db, rows, type Tx } from '../db.ts';
import { queueMail } from '../jobs/mail-queue.ts';
import { audit } from '../ops/audit.ts';
import { Refusal } from '../problem.ts';
import type { Actor, Origin } from './actor.ts';
import { checkReach, lockRoles } from './assignment.ts';
import { lockSeenUser } from './read-user.ts';
import { REPEATABLE, type Redeemed, redeemCode } from './redeem-code.ts';
import { hashSecret } from './secret-hash.ts';
import { endSessions } from './sessions.ts';
import { forgetTries } from './throttle.ts';

/** From when it was asked for; the mail is not tried for longer either. */
const GOOD_FOR = "interval '1 hour'";

/**
 * Ends all sessions of a person and has a code for a new password mailed to them. The old password stays good until
 * then: a mail that never arrives must not lock the last administrator out. A code that was mailed before ends.
 * @throws 404, 403, 409 `no_password` for people who do not sign in with one
 */
export async function sendPasswordReset(tx: Tx, actor: Actor, userId: UserId): Promise<void> {
  const known = await lockRoles(tx);
  const person = await lockSeenUser(tx, actor, userId);
  checkReach(actor, known, person);
  if (person.status !== 'ACTIVE' || person.email === null) {
    throw new Refusal(409, 'no_password', 'Only active people with an address have a password to be reset.');
  }
  const reset_id = passwordResetIdSchema.parse(uuid());
  await rows(
    tx,
    `update password_reset set expires_at = now()
     where company_id = $1 and user_id = $2 and used_at is null and expires_at > now()`,
    [tx.company_id, userId],
  );
  await rows(
    tx,
    `insert into password_reset (company_id, reset_id, user_id, asked_by, expires_at)
     values ($1, $2, $3, $4, now() + ${GOOD_FOR})`,
    [tx.company_id, reset_id, userId, actor.user_id],
  );
  await queueMail(tx, { kind: 'password_reset', company_id: tx.company_id, reset_id });
  await endSessions(tx, [userId], 'password_reset');
  await audit(tx, actor, { action: 'user.password_reset_sent', entity: 'user', key: userId });
}

type MailedTo = z.infer<typeof mailedToSchema>;

/**
 * Sets a new password with the code from the mail, ends all sessions, and forgets failed sign-ins with the old one.
 * @throws 403 `reset_refused`, whatever is wrong with the code
 */
export async function resetPassword(
  db: Db,
  given: z.output<typeof resetPasswordSchema>,
  origin: Origin,
): Promise<MailedTo> {
  const hash = await hashSecret(given.password);
  const person = await redeemCode(db, given, (tx, token) => reset(tx, token, hash, origin));
  if (!person) throw refused();
  await forgetTries(db, { address: person.email, ip: origin.ip });
  return person;
}

type Found = {
  reset_id: string;
  user_id: UserId;
  email: string;
  password_hash: string | null;
  is_open: boolean;
  was_used: boolean;
};

async function reset(
  tx: Tx,
  token: Buffer,
  passwordHash: string,
  origin: Origin,
): Promise<Redeemed<MailedTo>> {
  const [found] = await rows<Found>(
    tx,
    `select r.reset_id, r.user_id, u.email, u.password_hash, r.used_at is null and r.expires_at > now() as is_open,
       coalesce(r.used_at > now() - ${REPEATABLE}, false) as was_used
     from password_reset r join app_user u on u.company_id = r.company_id and u.user_id = r.user_id
     where r.company_id = $1 and r.token_hash = $2 and u.status = 'ACTIVE' and u.email is not null
     for update of u, r`,
    [tx.company_id, token],
  );
  if (!found) return { state: 'refused' };
  const person = { email: found.email, company_id: tx.company_id };
  if (found.was_used && found.password_hash !== null) {
    return { state: 'before', person, password_hash: found.password_hash };
  }
  if (!found.is_open) return { state: 'refused' };
  await rows(tx, 'update app_user set password_hash = $3 where company_id = $1 and user_id = $2', [
    tx.company_id,
    found.user_id,
    passwordHash,
  ]);
  await rows(tx, 'update password_reset set used_at = now() where company_id = $1 and reset_id = $2', [
    tx.company_id,
    found.reset_id,
  ]);
  await endSessions(tx, [found.user_id], 'password_reset');
  const author = { user_id: found.user_id, session_id: null, origin };
  await audit(tx, author, { action: 'user.password_reset', entity: 'user', key: found.user_id });
  return { state: 'now', person };
}

const refused = () =>
  new Refusal(
    403,
    'reset_refused',
    'This code is wrong or was used, or its time is over. Ask for another one.',
  );
