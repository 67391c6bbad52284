import type { QueryResultRow } from 'pg';
import { rows, type Tx } from './db.ts';

/** A condition of a statement with at most one parameter: values never stand in the text. */
export type Condition = {
  /** @param place how the parameter is written, such as `$3` */
  readonly sql: (place: string) => string;
  readonly value?: unknown;
};

/** That a column has a value. */
export const is = (column: string, value: unknown): Condition => ({
  sql: (place) => `${column} = ${place}`,
  value,
});

/** Text compared as people do, in every script; see the collation in `migrations/central/0001_foundation.sql`. */
export const inWords = (column: string): string => `${column} collate words`;

/** That one of the columns contains a text, taken literally, in any case. */
export const contains = (columns: readonly string[], text: string): Condition => ({
  sql: (place) => `(${columns.map((column) => `${inWords(column)} ilike ${place}`).join(' or ')})`,
  value: `%${text.replace(/[\\%_]/g, '\\$&')}%`,
});

/** The conditions as a `where` clause, numbered from `$1` on, with their values. */
export function where(conditions: readonly Condition[]): { clause: string; values: unknown[] } {
  const values: unknown[] = [];
  const parts = conditions.map((condition) =>
    'value' in condition ? condition.sql(`$${values.push(condition.value)}`) : condition.sql(''),
  );
  return { clause: `where ${parts.join(' and ')}`, values };
}

/** What a list reads. All of it but the values of the conditions is our own text. */
export type Listed = {
  readonly columns: string;
  readonly from: string;
  readonly where: readonly Condition[];
  /** By what it is sorted, and what makes that order a total one. */
  readonly sort: string;
  readonly thenBy: string;
  /** Rows without a value to sort by come last, in either direction. */
  readonly emptyLast?: true;
};

/** Which page of a list, as the contract's `listQuery` takes it. */
export type PageAsked = {
  readonly order: 'asc' | 'desc';
  readonly skip: number;
  readonly limit: number;
};

/** A page of a list, and how many rows there are in all. */
export async function readPage<Row extends QueryResultRow>(
  tx: Tx,
  listed: Listed,
  asked: PageAsked,
): Promise<{ items: Row[]; total_count: number }> {
  const { clause, values } = where(listed.where);
  const direction = asked.order === 'desc' ? 'desc' : 'asc';
  const items = await rows<Row>(
    tx,
    `select ${listed.columns} from ${listed.from} ${clause}
     order by ${listed.sort} ${direction}${listed.emptyLast ? ' nulls last' : ''}, ${listed.thenBy}
     offset $${values.length + 1} limit $${values.length + 2}`,
    [...values, asked.skip, asked.limit],
  );
  const [counted] = await rows<{ total: number }>(
    tx,
    `select count(*) as total from ${listed.from} ${clause}`,
    values,
  );
  return { items, total_count: counted?.total ?? 0 };
}
