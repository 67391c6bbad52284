import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { forbidden } from '../access.ts';
import { rows, sqlState, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { is, where } from '../page.ts';
import type { Actor } from '../people/actor.ts';
import { Refusal } from '../problem.ts';
import { namedVersion, stale } from '../version.ts';
import { columnsOf, type Kind, unversioned, type Versioned } from './kind.ts';
import { findRow, keyed, readRow } from './read-rows.ts';

type Headers = { readonly 'if-match'?: string | undefined };

/**
 * Adds a row. @throws 409 `conflict` where there is one like it, 422 `unknown_reference` where it names what does not
 * exist, 403 `forbidden` where the person would not see it
 */
export async function createRow<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
  row: Row,
): Promise<Versioned<Row>> {
  await kind.allow?.(tx, null, row);
  const columns = columnsOf(kind);
  const made = await written(kind, () =>
    rows(
      tx,
      `insert into ${kind.table} (company_id, ${columns.map(([, column]) => column).join(', ')})
       values ($1, ${columns.map((_, index) => `$${index + 2}`).join(', ')})
       on conflict do nothing returning company_id`,
      [tx.company_id, ...columns.map(([name]) => stored(kind, row, name))],
    ),
  );
  const after = await findRow(tx, actor, kind, row);
  if (made.length === 0) {
    if (after && kind.minted && isDeepStrictEqual(unversioned(after), row)) return after;
    throw taken(kind, after || !kind.unique ? Object.keys(kind.key) : Object.values(kind.unique));
  }
  if (!after) throw forbidden();
  await audit(tx, actor, { ...entry(kind, row, 'created'), after });
  return after;
}

/**
 * Changes the fields that are given. What is as it was changes nothing and keeps its version.
 * @throws 404, 412 `stale_version`, 428 `version_needed`; 409 and 422 as for a new row
 */
export async function changeRow<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
  change: {
    readonly params: Pick<Row, KeyName>;
    readonly headers: Headers;
    readonly body: { readonly [Name in keyof Row]?: Row[Name] | undefined };
  },
): Promise<Versioned<Row>> {
  const before = await lockRow(tx, actor, kind, change.params, change.headers);
  const given = Object.fromEntries(Object.entries(change.body).filter(([, value]) => value !== undefined));
  const wanted = { ...before, ...given };
  if (isDeepStrictEqual(wanted, before)) return before;
  await kind.allow?.(tx, unversioned(before), unversioned(wanted));
  const { clause, values } = where([is('company_id', tx.company_id), ...keyed(kind, change.params)]);
  const changed = Object.entries<string>(kind.fields).filter(([name]) => name in given);
  await written(kind, () =>
    rows(
      tx,
      `update ${kind.table}
       set ${changed.map(([, column], index) => `${column} = $${values.length + index + 1}`).join(', ')} ${clause}`,
      [...values, ...changed.map(([name]) => stored(kind, wanted, name))],
    ),
  );
  const after = await readRow(tx, actor, kind, change.params);
  await audit(tx, actor, { ...entry(kind, change.params, 'changed'), before, after });
  return after;
}

/** Removes a row that nothing names. @throws 404, 409 `in_use`, 412 `stale_version`, 428 `version_needed` */
export async function removeRow<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
  removal: { readonly params: Pick<Row, KeyName>; readonly headers: Headers },
): Promise<{ removed: true }> {
  const before = await lockRow(tx, actor, kind, removal.params, removal.headers);
  await requireUnnamed(tx, kind, removal.params);
  const { clause, values } = where([is('company_id', tx.company_id), ...keyed(kind, removal.params)]);
  await rows(tx, `delete from ${kind.table} ${clause}`, values).catch((error: unknown) => {
    // Somebody named it a moment ago.
    throw sqlState(error) === FOREIGN_KEY ? inUse(kind, 'something new') : error;
  });
  await audit(tx, actor, { ...entry(kind, removal.params, 'removed'), before });
  return { removed: true };
}

async function lockRow<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
  key: Pick<Row, KeyName>,
  headers: Headers,
): Promise<Versioned<Row>> {
  const version = namedVersion(headers);
  const row = await findRow(tx, actor, kind, key, 'for update');
  if (!row) throw new Refusal(404, 'not_found', `There is no such ${kind.one}.`);
  if (row.version !== version) throw stale();
  return row;
}

async function requireUnnamed<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  kind: Kind<Row, KeyName>,
  key: Pick<Row, KeyName>,
): Promise<void> {
  const [value] = Object.keys(kind.key).map((name) => key[name as KeyName]);
  for (const { table, column, what } of kind.namedBy) {
    const { clause, values } = where([is('company_id', tx.company_id), is(column, value)]);
    const found = await rows(tx, `select from ${table} ${clause} limit 1`, values);
    if (found.length > 0) throw inUse(kind, what);
  }
}

const FOREIGN_KEY = '23503';
const UNIQUE = '23505';

/** Runs a statement that writes a row; what its constraints refuse is told by the field that broke them. */
async function written<Row extends object, KeyName extends keyof Row & string, Value>(
  kind: Kind<Row, KeyName>,
  write: () => Promise<Value>,
): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.constraint === undefined) throw error;
    const unique = kind.unique?.[error.constraint];
    if (error.code === UNIQUE && unique !== undefined) throw taken(kind, [unique]);
    const reference = kind.references?.[error.constraint];
    if (error.code === FOREIGN_KEY && reference !== undefined) throw unknownReference(reference);
    throw error;
  }
}

const taken = (kind: { readonly one: string }, paths: readonly string[]) =>
  new Refusal(409, 'conflict', `This ${kind.one} exists already.`, {
    errors: paths.map((path) => ({ path, message: 'is taken already' })),
  });

/** A field names what the company does not have. */
export const unknownReference = (path: string) =>
  new Refusal(422, 'unknown_reference', 'The request names something that does not exist.', {
    errors: [{ path, message: 'does not exist' }],
  });

const inUse = (kind: { readonly one: string }, what: string) =>
  new Refusal(409, 'in_use', `This ${kind.one} cannot be removed: it is named by ${what}.`);

const entry = <Row extends object, KeyName extends keyof Row & string>(
  kind: Kind<Row, KeyName>,
  key: Pick<Row, KeyName>,
  done: 'created' | 'changed' | 'removed',
) => ({
  action: `${kind.table}.${done}` as const,
  entity: kind.table,
  key: Object.keys(kind.key)
    .map((name) => String(key[name as KeyName]))
    .join('/'),
});

/** A value as it is written. */
const stored = <Row extends object, KeyName extends keyof Row & string>(
  kind: Kind<Row, KeyName>,
  row: Row,
  name: string,
): unknown => {
  const value = row[name as keyof Row];
  return kind.json?.includes(name) ? JSON.stringify(value) : value;
};
