import type { CompanyId } from '#shared/ids.ts';
import { PERMISSIONS } from '#shared/people/permission.ts';
import { ADMIN, ROLES } from '#shared/people/role.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { listCompanies } from './gate.ts';

/** What a company was given. */
export type SeededRoles = {
  readonly name: string;
  readonly company_id: CompanyId;
  /** Roles that it did not have. */
  readonly roles: readonly string[];
  /** Permissions that its administrators did not have. */
  readonly permissions: readonly string[];
};

/**
 * Gives every company the roles of this program that it lacks, and its administrators every permission. Roles that it
 * has stay as somebody changed them. Run by command, never at start-up; harmless when repeated.
 */
export async function seedRoles(db: Db): Promise<SeededRoles[]> {
  const seeded: SeededRoles[] = [];
  for (const { company_id, name } of await listCompanies(db)) {
    const given = await inCompany(db, company_id, async (tx) => {
      const roles = await insertMissingRoles(tx);
      const permissions = roles.includes(ADMIN) ? [] : await completeAdmin(tx);
      if (roles.length + permissions.length > 0) {
        await audit(tx, null, {
          action: 'role.seeded',
          entity: 'role',
          key: '*',
          after: { roles, permissions },
        });
      }
      return { roles, permissions };
    });
    seeded.push({ company_id, name, ...given });
  }
  return seeded;
}

/** Adds the roles that a company lacks, each with its permissions; their codes. */
export async function insertMissingRoles(tx: Tx): Promise<string[]> {
  const added: string[] = [];
  for (const [code, { scopes, permissions }] of Object.entries(ROLES)) {
    const made = await rows(
      tx,
      'insert into role (company_id, code, scopes) values ($1, $2, $3) on conflict do nothing returning code',
      [tx.company_id, code, scopes],
    );
    if (made.length === 0) continue;
    added.push(code);
    await rows(
      tx,
      'insert into role_permission (company_id, role_code, permission_code) select $1, $2, unnest($3::text[])',
      [tx.company_id, code, permissions],
    );
  }
  return added;
}

async function completeAdmin(tx: Tx): Promise<string[]> {
  const added = await rows<{ permission_code: string }>(
    tx,
    `insert into role_permission (company_id, role_code, permission_code) select $1, $2, unnest($3::text[])
     on conflict do nothing returning permission_code`,
    [tx.company_id, ADMIN, PERMISSIONS],
  );
  if (added.length > 0) {
    await rows(tx, 'update role set version = version where company_id = $1 and code = $2', [
      tx.company_id,
      ADMIN,
    ]);
  }
  return added.map((row) => row.permission_code).sort();
}
