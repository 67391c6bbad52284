import type { z } from 'zod';
import type { usersContract } from '#shared/contract/office/users.ts';
import type { UserId } from '#shared/ids.ts';
import { ADMIN } from '#shared/people/role.ts';
import type { User, UserStatus } from '#shared/people/user.ts';
import { rows, type Tx } from '../db.ts';
import { type Author, audit } from '../ops/audit.ts';
import { Refusal } from '../problem.ts';
import { stale } from '../version.ts';
import type { Actor } from './actor.ts';
import { checkAssignment, checkReach, lockRoles, writeAssignment } from './assignment.ts';
import { findUser, lockSeenUser, readUser } from './read-user.ts';
import { hashSecret, secretHolds } from './secret-hash.ts';
import { endSessions } from './sessions.ts';

type Input<Route extends 'create' | 'change'> = z.output<
  NonNullable<(typeof usersContract)[Route]['~orpc']['inputSchema']>
>;

/** A person to be added. Nobody is ever deleted. */
export type NewUser = Pick<User, 'user_id' | 'name' | 'roles' | 'scope'> & {
  readonly status: UserStatus;
  readonly email: string | null;
  readonly pin_hash: string | null;
  readonly password_hash: string | null;
};

/** Adds somebody whose assignment was checked, and notes who did. */
export async function insertUser(tx: Tx, author: Author | null, given: NewUser): Promise<User> {
  await writeUser(tx, given);
  const user = await readUser(tx, given.user_id);
  await audit(tx, author, { action: 'user.created', entity: 'user', key: user.user_id, after: user });
  return user;
}

/** Writes a new person with roles and places. */
export async function writeUser(tx: Tx, given: NewUser): Promise<void> {
  await rows(
    tx,
    `insert into app_user (company_id, user_id, name, email, status, pin_hash, password_hash, sees, client_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      tx.company_id,
      given.user_id,
      given.name,
      given.email,
      given.status,
      given.pin_hash,
      given.password_hash,
      ...placeOf(given),
    ],
  );
  await writeAssignment(tx, given.user_id, given);
}

const placeOf = ({ scope }: Pick<User, 'scope'>): [string, string | null] => [
  scope.kind,
  scope.kind === 'client' ? scope.client_id : null,
];

/**
 * Adds somebody who unlocks tills. The same id with the same content gives the same person again.
 * @throws 409 `conflict` where the id is somebody else's, 422, 403
 */
export async function createUser(tx: Tx, actor: Actor, given: Input<'create'>): Promise<User> {
  const { user_id, name, roles, scope, pin } = given;
  await checkAssignment(tx, actor, await lockRoles(tx), given);
  const before = await findUser(tx, user_id);
  if (!before) {
    const pin_hash = await hashSecret(pin);
    return insertUser(tx, actor, {
      ...{ user_id, name, roles, scope, pin_hash },
      ...{ status: 'ACTIVE', email: null, password_hash: null },
    });
  }
  const same = before.name === name && before.email === null && !isReassigned(before, given);
  if (same && (await hasPin(tx, user_id, pin))) return before;
  throw new Refusal(409, 'conflict', 'Somebody else has this id already.');
}

async function hasPin(tx: Tx, userId: UserId, pin: string): Promise<boolean> {
  const [row] = await rows<{ pin_hash: string | null }>(
    tx,
    'select pin_hash from app_user where company_id = $1 and user_id = $2',
    [tx.company_id, userId],
  );
  return typeof row?.pin_hash === 'string' && secretHolds(row.pin_hash, pin);
}

/**
 * Changes a person from a version of theirs. Other roles or another scope end their sessions.
 * @throws 404, 403, 409 `last_admin`, 412, 422
 */
export async function changeUser(
  tx: Tx,
  actor: Actor,
  userId: UserId,
  version: number,
  { pin, ...change }: Input<'change'>['body'],
): Promise<User> {
  const known = await lockRoles(tx);
  const before = await lockSeenUser(tx, actor, userId);
  checkReach(actor, known, before);
  if (before.version !== version) throw stale();
  const after = {
    name: change.name ?? before.name,
    roles: change.roles ?? before.roles,
    scope: change.scope ?? before.scope,
  };
  const reassigned = isReassigned(before, after);
  if (reassigned) {
    await checkAssignment(tx, actor, known, after);
    if (!after.roles.includes(ADMIN)) await keepAnAdmin(tx, before);
  }
  await rows(
    tx,
    `update app_user set name = $3, sees = $4, client_id = $5, pin_hash = coalesce($6, pin_hash)
     where company_id = $1 and user_id = $2`,
    [tx.company_id, userId, after.name, ...placeOf(after), pin === undefined ? null : await hashSecret(pin)],
  );
  if (reassigned) {
    await writeAssignment(tx, userId, after);
    await endSessions(tx, [userId], 'roles_changed');
  }
  return changed(tx, actor, 'user.changed', before, pin === undefined ? {} : { pin_changed: true });
}

/** Locks a person out, at once: their sessions end. Repeated it changes nothing. @throws 404, 403, 409 `last_admin` */
export async function disableUser(tx: Tx, actor: Actor, userId: UserId): Promise<User> {
  const known = await lockRoles(tx);
  const before = await lockSeenUser(tx, actor, userId);
  checkReach(actor, known, before);
  if (before.status === 'DISABLED') return before;
  await keepAnAdmin(tx, before);
  await rows(
    tx,
    `update app_user set status = 'DISABLED', disabled_at = now() where company_id = $1 and user_id = $2`,
    [tx.company_id, userId],
  );
  await endSessions(tx, [userId], 'disabled');
  return changed(tx, actor, 'user.disabled', before);
}

/** Lets a disabled person in again; who never accepted an invitation is invited as before. @throws 404, 403 */
export async function enableUser(tx: Tx, actor: Actor, userId: UserId): Promise<User> {
  const known = await lockRoles(tx);
  const before = await lockSeenUser(tx, actor, userId);
  checkReach(actor, known, before);
  if (before.status !== 'DISABLED') return before;
  const status: UserStatus = before.has_password || before.has_pin ? 'ACTIVE' : 'INVITED';
  await rows(
    tx,
    'update app_user set status = $3, disabled_at = null where company_id = $1 and user_id = $2',
    [tx.company_id, userId, status],
  );
  return changed(tx, actor, 'user.enabled', before);
}

async function changed(
  tx: Tx,
  actor: Actor,
  action: `user.${string}`,
  before: User,
  unseen: { readonly pin_changed?: boolean } = {},
): Promise<User> {
  const after = await readUser(tx, before.user_id);
  await audit(tx, actor, {
    ...{ action, entity: 'user', key: after.user_id, before },
    after: { ...after, ...unseen },
  });
  return after;
}

const sorted = (values: readonly string[]): string => JSON.stringify([...new Set(values)].sort());

function isReassigned(before: Pick<User, 'roles' | 'scope'>, after: Pick<User, 'roles' | 'scope'>): boolean {
  const [one, other] = [before.scope, after.scope];
  const sameScope =
    one.kind === 'locations' && other.kind === 'locations'
      ? sorted(one.location_ids) === sorted(other.location_ids)
      : JSON.stringify(one) === JSON.stringify(other);
  return !(sameScope && sorted(before.roles) === sorted(after.roles));
}

/** An administrator may go only where another one, who can sign in, stays. Under the lock of the roles. */
async function keepAnAdmin(tx: Tx, leaving: User): Promise<void> {
  if (leaving.status !== 'ACTIVE' || !leaving.roles.includes(ADMIN)) return;
  const others = await rows(
    tx,
    `select from app_user u join user_role ur on ur.company_id = u.company_id and ur.user_id = u.user_id
     where u.company_id = $1 and u.user_id <> $2 and u.status = 'ACTIVE' and u.password_hash is not null
       and ur.role_code = $3 limit 1`,
    [tx.company_id, leaving.user_id, ADMIN],
  );
  if (others.length > 0) return;
  throw new Refusal(409, 'last_admin', 'The last administrator stays; make another one first.');
}
