import type { UserId } from '#shared/ids.ts';
import { type User, userSchema } from '#shared/people/user.ts';
import { rows, type Tx } from '../db.ts';
import { type Condition, is, where } from '../page.ts';
import { notFound } from '../problem.ts';
import { type Actor, scopeOf } from './actor.ts';

/** What is read of a person, with roles and locations; `u` is `app_user`. */
export const USER_COLUMNS = `u.user_id, u.name, u.email, u.status, u.sees, u.client_id, u.created_at, u.version,
  u.pin_hash is not null as has_pin, u.password_hash is not null as has_password,
  array(select ur.role_code from user_role ur
        where ur.company_id = u.company_id and ur.user_id = u.user_id order by ur.role_code) as roles,
  array(select ul.location_id from user_location ul
        where ul.company_id = u.company_id and ul.user_id = u.user_id order by ul.location_id) as location_ids`;

/**
 * Whom somebody sees of `app_user u`: everybody; whoever has a location in common with them; whoever is of the same
 * client. And always themselves.
 */
export const seenBy = (actor: Actor): Condition => ({
  sql: (place) => `exists (
    select from app_user me where me.company_id = u.company_id and me.user_id = ${place} and (
      me.sees = 'company' or me.user_id = u.user_id
      or (me.sees = 'client' and me.client_id = u.client_id)
      or (me.sees = 'locations' and exists (
        select from user_location mine join user_location theirs using (company_id, location_id)
        where mine.company_id = u.company_id and mine.user_id = me.user_id and theirs.user_id = u.user_id))))`,
  value: actor.user_id,
});

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
export const findUser = (tx: Tx, userId: UserId): Promise<User | undefined> => find(tx, userId, []);

/** A person who is known to exist, such as the one who asks. */
export async function readUser(tx: Tx, userId: UserId): Promise<User> {
  const user = await findUser(tx, userId);
  if (!user) throw new Error(`there is no person ${userId}`);
  return user;
}

/** A person whom the actor sees. @throws 404 */
export async function readSeenUser(tx: Tx, actor: Actor, userId: UserId): Promise<User> {
  const user = await find(tx, userId, [seenBy(actor)]);
  if (!user) throw notFound();
  return user;
}

/** The same, locked against others who would change them. @throws 404 */
export async function lockSeenUser(tx: Tx, actor: Actor, userId: UserId): Promise<User> {
  // In a statement of its own: one that waits for a lock sees other tables as they were before it waited.
  await rows(tx, 'select from app_user where company_id = $1 and user_id = $2 for update', [
    tx.company_id,
    userId,
  ]);
  return readSeenUser(tx, actor, userId);
}

async function find(tx: Tx, userId: UserId, conditions: readonly Condition[]): Promise<User | undefined> {
  const { clause, values } = where([
    is('u.company_id', tx.company_id),
    is('u.user_id', userId),
    ...conditions,
  ]);
  const [row] = await rows<UserRow>(tx, `select ${USER_COLUMNS} from app_user u ${clause}`, values);
  return row && userOf(row);
}
