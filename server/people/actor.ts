import type { CompanyId, OfficeSessionId, UserId } from '#shared/ids.ts';
import { isPermission, type Permission } from '#shared/people/permission.ts';
import { type DataScope, dataScopeSchema } from '#shared/people/user.ts';
import { rows, type Tx } from '../db.ts';
import { type AccessClaims, notSignedIn } from './access-token.ts';

/** Who asks, resolved once for every request: what they may do, how far they see, and from where they ask. */
export type Actor = {
  readonly company_id: CompanyId;
  readonly user_id: UserId;
  readonly session_id: OfficeSessionId;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: DataScope;
  readonly origin: Origin;
};

/** Where a request comes from, for sessions and the audit log. */
export type Origin = {
  readonly ip: string;
  readonly user_agent: string;
  readonly request_id: string;
};

/** The person behind a session that still holds. @throws 401 `unauthorised` */
export async function readActor(tx: Tx, claims: AccessClaims, origin: Origin): Promise<Actor> {
  const [row] = await rows<{
    sees: string;
    client_id: string | null;
    location_ids: string[];
    permissions: string[];
    stale: boolean;
  }>(
    tx,
    `select u.sees, u.client_id, s.last_used_at < now() - interval '1 minute' as stale,
       array(select location_id from user_location ul
             where ul.company_id = $1 and ul.user_id = u.user_id) as location_ids,
       array(select distinct rp.permission_code from user_role ur
             join role_permission rp on rp.company_id = ur.company_id and rp.role_code = ur.role_code
             where ur.company_id = $1 and ur.user_id = u.user_id) as permissions
     from office_session s join app_user u on u.company_id = s.company_id and u.user_id = s.user_id
     where s.company_id = $1 and s.session_id = $2 and s.user_id = $3
       and s.revoked_at is null and s.expires_at > now() and u.status = 'ACTIVE'`,
    [tx.company_id, claims.session_id, claims.user_id],
  );
  if (!row) throw notSignedIn();
  if (row.stale) await touch(tx, claims.session_id);
  return {
    ...claims,
    permissions: new Set(row.permissions.filter(isPermission)),
    scope: scopeOf(row),
    origin,
  };
}

/** The scope that the columns of a person say. */
export const scopeOf = (row: { sees: string; client_id: string | null; location_ids: string[] }): DataScope =>
  dataScopeSchema.parse(
    row.sees === 'client'
      ? { kind: 'client', client_id: row.client_id }
      : row.sees === 'locations'
        ? { kind: 'locations', location_ids: row.location_ids }
        : { kind: 'company' },
  );

/** Notes that a session is in use. Whoever notes it at the same moment is not waited for. */
const touch = (tx: Tx, sessionId: OfficeSessionId): Promise<unknown> =>
  rows(
    tx,
    `update office_session set last_used_at = now()
     where company_id = $1 and session_id = (
       select session_id from office_session where company_id = $1 and session_id = $2 for update skip locked)`,
    [tx.company_id, sessionId],
  );
