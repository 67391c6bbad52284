import { userIdSchema } from '#shared/ids.ts';
import type { Permission } from '#shared/people/permission.ts';
import { ADMIN, governanceBreach } from '#shared/people/role.ts';
import { forbidden } from '../access.ts';
import { rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { invalidField, notFound, Refusal } from '../problem.ts';
import { stale } from '../version.ts';
import type { Actor } from './actor.ts';
import { holds, type KnownRole, lockRoles } from './assignment.ts';
import { endSessions } from './sessions.ts';

/**
 * Changes what a role may do and ends the sessions of everybody who has it. Neither the role nor any person may come
 * to hold what must stay apart, and nobody gives or takes what they do not hold.
 * @throws 404, 403, 409 `role_fixed`, 412, 422 on `permissions`
 */
export async function changeRole(
  tx: Tx,
  actor: Actor,
  code: string,
  version: number,
  given: readonly Permission[],
): Promise<KnownRole> {
  const wanted = [...new Set(given)];
  const known = await lockRoles(tx);
  const before = known.get(code);
  if (!before) throw notFound();
  if (code === ADMIN) throw new Refusal(409, 'role_fixed', "The administrator's role stays as it is.");
  if (before.version !== version) throw stale();
  const added = wanted.filter((permission) => !before.permissions.includes(permission));
  const removed = before.permissions.filter((permission) => !wanted.includes(permission));
  if (added.length + removed.length === 0) return before;
  if (!holds(actor, [...added, ...removed])) throw forbidden();
  const breach = governanceBreach(wanted);
  if (breach !== null) throw invalidField('permissions', breach);
  const people = await peopleWith(tx, code);
  const changed = new Map(known).set(code, { ...before, permissions: wanted });
  for (const { name, roles } of people) {
    const held = roles.flatMap((role) => changed.get(role)?.permissions ?? []);
    const theirs = roles.includes(ADMIN) ? null : governanceBreach(held);
    if (theirs !== null) throw invalidField('permissions', `${name} has other roles too. ${theirs}`);
  }
  await write(tx, code, added, removed);
  await endSessions(
    tx,
    people.map((person) => person.user_id),
    'role_changed',
  );
  const after = (await lockRoles(tx)).get(code);
  if (!after) throw new Error('a role vanished while it was locked');
  await audit(tx, actor, { action: 'role.changed', entity: 'role', key: code, before, after });
  return after;
}

/** Everybody who has a role, also who is disabled: they may be let in again. */
async function peopleWith(tx: Tx, code: string) {
  const found = await rows<{ user_id: string; name: string; roles: string[] }>(
    tx,
    `select u.user_id, u.name, array(
       select role_code from user_role ur where ur.company_id = $1 and ur.user_id = u.user_id) as roles
     from app_user u where u.company_id = $1 and exists (
       select from user_role ur where ur.company_id = $1 and ur.user_id = u.user_id and ur.role_code = $2)
     order by u.name`,
    [tx.company_id, code],
  );
  return found.map((row) => ({ ...row, user_id: userIdSchema.parse(row.user_id) }));
}

async function write(
  tx: Tx,
  code: string,
  added: readonly Permission[],
  removed: readonly Permission[],
): Promise<void> {
  const role = [tx.company_id, code];
  await rows(
    tx,
    'delete from role_permission where company_id = $1 and role_code = $2 and permission_code = any($3)',
    [...role, removed],
  );
  await rows(
    tx,
    'insert into role_permission (company_id, role_code, permission_code) select $1, $2, unnest($3::text[])',
    [...role, added],
  );
  // Its trigger counts.
  await rows(tx, 'update role set version = version where company_id = $1 and code = $2', role);
}
