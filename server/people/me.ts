import type { z } from 'zod';
import type { auth, Me } from '#shared/contract/office/auth.ts';
import { asActor, type Context } from '../access.ts';
import { rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { invalidField } from '../problem.ts';
import { stale } from '../version.ts';
import { notSignedIn } from './access-token.ts';
import type { Actor } from './actor.ts';
import { lockSeenUser, readUser } from './read-user.ts';
import { DECOY_HASH, hashSecret, secretHolds } from './secret-hash.ts';
import { endSessions } from './sessions.ts';
import { countTry, forgetTries } from './throttle.ts';

type Input<Route extends 'changeMe' | 'changePassword'> = z.output<
  NonNullable<(typeof auth)[Route]['~orpc']['inputSchema']>
>;

/** Who is signed in, and what they may do. */
export async function readMe(tx: Tx, actor: Actor): Promise<Me> {
  const user = await readUser(tx, actor.user_id);
  const [company] = await rows<{ name: string }>(tx, 'select name from company where company_id = $1', [
    tx.company_id,
  ]);
  if (!company) throw new Error('the company of somebody who is signed in is gone');
  return {
    user,
    company: { company_id: tx.company_id, name: company.name },
    permissions: [...actor.permissions].sort(),
    session_id: actor.session_id,
  };
}

/** A person may change their own name and PIN, from a version of their row. @throws 412 */
export async function changeMe(
  tx: Tx,
  actor: Actor,
  version: number,
  { name, pin }: Input<'changeMe'>['body'],
): Promise<Me> {
  const before = await lockSeenUser(tx, actor, actor.user_id);
  if (before.version !== version) throw stale();
  await rows(
    tx,
    `update app_user set name = coalesce($3, name), pin_hash = coalesce($4, pin_hash)
     where company_id = $1 and user_id = $2`,
    [tx.company_id, actor.user_id, name ?? null, pin === undefined ? null : await hashSecret(pin)],
  );
  const me = await readMe(tx, actor);
  await audit(tx, actor, {
    ...{ action: 'user.changed', entity: 'user', key: actor.user_id, before },
    after: { ...me.user, ...(pin === undefined ? {} : { pin_changed: true }) },
  });
  return me;
}

/**
 * Changes one's own password and ends one's other sessions. Tries are slowed down as at the sign-in, and no
 * transaction stays open while passwords are computed.
 * @throws 422 on `current_password`, 429 `too_many_attempts`, 401
 */
export async function changePassword(context: Context, given: Input<'changePassword'>): Promise<void> {
  const who = await asActor(context, async (tx, actor) => ({
    user_id: actor.user_id,
    hash: await passwordHash(tx, actor),
  }));
  const tried = { address: who.user_id, ip: context.origin.ip };
  await countTry(context.db, tried);
  const holds = await secretHolds(who.hash ?? DECOY_HASH, given.current_password);
  if (!holds) throw invalidField('current_password', 'is wrong');
  const hash = await hashSecret(given.password);
  await asActor(context, async (tx, actor) => {
    const changed = await rows(
      tx,
      `update app_user set password_hash = $4
       where company_id = $1 and user_id = $2 and password_hash = $3 returning user_id`,
      [tx.company_id, actor.user_id, who.hash, hash],
    );
    // Somebody else set another one meanwhile.
    if (changed.length === 0) throw notSignedIn();
    await endSessions(tx, [actor.user_id], 'password_changed', actor.session_id);
    await audit(tx, actor, { action: 'user.password_changed', entity: 'user', key: actor.user_id });
  });
  await forgetTries(context.db, tried);
}

async function passwordHash(tx: Tx, actor: Actor): Promise<string | null> {
  const [row] = await rows<{ password_hash: string | null }>(
    tx,
    'select password_hash from app_user where company_id = $1 and user_id = $2',
    [tx.company_id, actor.user_id],
  );
  return row?.password_hash ?? null;
}
