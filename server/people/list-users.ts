import type { z } from 'zod';
import type { usersContract } from '#shared/contract/office/users.ts';
import type { User } from '#shared/people/user.ts';
import type { Tx } from '../db.ts';
import { type Condition, contains, inWords, is, readPage } from '../page.ts';
import type { Actor } from './actor.ts';
import { seenBy, USER_COLUMNS, type UserRow, userOf } from './read-user.ts';

type Query = z.output<NonNullable<(typeof usersContract.list)['~orpc']['inputSchema']>>;

const SORTS: Readonly<Record<Query['sort'], string>> = {
  name: inWords('u.name'),
  email: 'u.email',
  status: 'u.status',
  created_at: 'u.created_at',
};

/** The people whom the actor sees and the query means. */
export async function listUsers(
  tx: Tx,
  actor: Actor,
  query: Query,
): Promise<{ items: User[]; total_count: number }> {
  const page = await readPage<UserRow>(
    tx,
    {
      columns: USER_COLUMNS,
      from: 'app_user u',
      where: [is('u.company_id', tx.company_id), seenBy(actor), ...narrowed(query)],
      sort: SORTS[query.sort],
      thenBy: 'u.user_id',
    },
    query,
  );
  return { ...page, items: page.items.map(userOf) };
}

const narrowed = ({ text, status, role, location_id }: Query): Condition[] => [
  ...(text === undefined ? [] : [contains(['u.name', 'u.email'], text)]),
  ...(status === undefined ? [] : [is('u.status', status)]),
  ...(role === undefined ? [] : [has('user_role', 'role_code', role)]),
  ...(location_id === undefined ? [] : [has('user_location', 'location_id', location_id)]),
];

const has = (table: string, column: string, value: string): Condition => ({
  sql: (place) => `exists (select from ${table} of
    where of.company_id = u.company_id and of.user_id = u.user_id and of.${column} = ${place})`,
  value,
});
