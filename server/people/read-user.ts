import type { UserId } from '#shared/ids.ts';
import { type User, userSchema } from '#shared/people/user.ts';
import { rows, type Tx } from '../db.ts';
import { scopeOf } from './actor.ts';

/** What a person's row says, with roles and locations; `u` is `app_user`, `$1` the company. */
export const USER_COLUMNS = `u.user_id, u.name, u.email, u.status, u.sees, u.client_id, u.created_at, u.version,
  u.pin_hash is not null as has_pin, u.password_hash is not null as has_password,
  array(select ur.role_code from user_role ur where ur.company_id = $1 and ur.user_id = u.user_id
        order by ur.role_code) as roles,
  array(select ul.location_id from user_location ul where ul.company_id = $1 and ul.user_id = u.user_id
        order by ul.location_id) as location_ids`;

export type UserRow = Record<string, unknown> & {
  sees: string;
  client_id: string | null;
  location_ids: string[];
  created_at: Date;
};

/** A person as the office knows them, from `USER_COLUMNS`. */
export function userOf({ sees, client_id, location_ids, created_at, ...row }: UserRow): User {
  return userSchema.parse({
    ...row,
    scope: scopeOf({ sees, client_id, location_ids }),
    created_at: created_at.toISOString(),
  });
}

/** A person of the company, or undefined where there is none. */
export async function findUser(tx: Tx, userId: UserId): Promise<User | undefined> {
  const [row] = await rows<UserRow>(
    tx,
    `select ${USER_COLUMNS} from app_user u where u.company_id = $1 and u.user_id = $2`,
    [tx.company_id, userId],
  );
  return row && userOf(row);
}

/** A person who is known to exist, such as the one who asks. */
export async function readUser(tx: Tx, userId: UserId): Promise<User> {
  const user = await findUser(tx, userId);
  if (!user) throw new Error(`there is no person ${userId}`);
  return user;
}
