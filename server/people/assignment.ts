import type { z } from 'zod';
import type { UserId } from '#shared/ids.ts';
import { isPermission, type Permission } from '#shared/people/permission.ts';
import { ADMIN, governanceBreach, roleSchema } from '#shared/people/role.ts';
import { type DataScope, scopeCovers, type User } from '#shared/people/user.ts';
import { forbidden } from '../access.ts';
import { rows, type Tx } from '../db.ts';
import { invalidField } from '../problem.ts';
import type { Actor } from './actor.ts';

/** What a person may do and how far they see. */
export type Assignment = Pick<User, 'roles' | 'scope'>;

/** A role of the company. */
export type KnownRole = z.infer<typeof roleSchema>;

/**
 * The company's roles, locked: what is decided from them still holds when it is written, because changes of roles,
 * of people's roles and of who is active come one after the other.
 */
export async function lockRoles(tx: Tx): Promise<ReadonlyMap<string, KnownRole>> {
  await rows(tx, 'select from role where company_id = $1 order by code for update', [tx.company_id]);
  // In a statement of its own: one that waits for a lock sees other tables as they were before it waited.
  const found = await readRoles(tx);
  return new Map(found.map((role) => [role.code, role]));
}

/** The company's roles in the order of their codes. */
export async function readRoles(tx: Tx): Promise<KnownRole[]> {
  const found = await rows<{ permissions: string[] }>(
    tx,
    `select code, scopes, version, array(
       select permission_code from role_permission rp
       where rp.company_id = $1 and rp.role_code = role.code order by permission_code) as permissions
     from role where company_id = $1 order by code`,
    [tx.company_id],
  );
  return found.map((row) => roleSchema.parse({ ...row, permissions: row.permissions.filter(isPermission) }));
}

/**
 * Whether these roles may come together with this scope, and whether this actor may give them: nobody hands out what
 * they do not hold. `actor` is null for commands on the server.
 * @throws 422 naming `roles` or `scope`; 403
 */
export async function checkAssignment(
  tx: Tx,
  actor: Actor | null,
  known: ReadonlyMap<string, KnownRole>,
  { roles, scope }: Assignment,
): Promise<void> {
  const given = roles.map((code) => {
    const role = known.get(code);
    if (!role) throw invalidField('roles', `there is no role ${code}`);
    return role;
  });
  const tooWide = given.find((role) => !role.scopes.includes(scope.kind));
  if (tooWide)
    throw invalidField('scope', `${tooWide.code} is for people who see: ${tooWide.scopes.join(', ')}`);
  const permissions = given.flatMap((role) => role.permissions);
  const breach = roles.includes(ADMIN) ? null : governanceBreach(permissions);
  if (breach !== null) throw invalidField('roles', breach);
  if (actor && !(holds(actor, permissions) && scopeCovers(actor.scope, scope))) throw forbidden();
  await checkPlaces(tx, scope);
}

/** Whether somebody holds every one of these permissions. */
export const holds = (actor: Actor, permissions: readonly Permission[]): boolean =>
  permissions.every((code) => actor.permissions.has(code));

/** Nobody changes somebody who may do more, or sees further. @throws 403 */
export function checkReach(actor: Actor, known: ReadonlyMap<string, KnownRole>, person: Assignment): void {
  const permissions = person.roles.flatMap((code) => known.get(code)?.permissions ?? []);
  if (!(holds(actor, permissions) && scopeCovers(actor.scope, person.scope))) throw forbidden();
}

async function checkPlaces(tx: Tx, scope: DataScope): Promise<void> {
  if (scope.kind === 'locations') {
    const found = await rows<{ location_id: string }>(
      tx,
      'select location_id from location where company_id = $1 and location_id = any($2)',
      [tx.company_id, scope.location_ids],
    );
    const there = new Set(found.map((row) => row.location_id));
    const missing = scope.location_ids.find((id) => !there.has(id));
    if (missing) throw invalidField('scope.location_ids', `there is no location ${missing}`);
  }
  if (scope.kind === 'client') {
    const [found] = await rows(tx, 'select from client where company_id = $1 and client_id = $2', [
      tx.company_id,
      scope.client_id,
    ]);
    if (!found) throw invalidField('scope.client_id', `there is no client ${scope.client_id}`);
  }
}

/** Writes the roles and the places of a person; what stays is not touched. */
export async function writeAssignment(tx: Tx, userId: UserId, { roles, scope }: Assignment): Promise<void> {
  const locations = scope.kind === 'locations' ? scope.location_ids : [];
  const person = [tx.company_id, userId];
  await rows(tx, 'delete from user_role where company_id = $1 and user_id = $2 and role_code <> all($3)', [
    ...person,
    roles,
  ]);
  await rows(
    tx,
    `insert into user_role (company_id, user_id, role_code) select $1, $2, unnest($3::text[]) on conflict do nothing`,
    [...person, roles],
  );
  await rows(
    tx,
    'delete from user_location where company_id = $1 and user_id = $2 and location_id <> all($3)',
    [...person, locations],
  );
  await rows(
    tx,
    `insert into user_location (company_id, user_id, location_id) select $1, $2, unnest($3::uuid[])
     on conflict do nothing`,
    [...person, locations],
  );
}
