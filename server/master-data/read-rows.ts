import { rows, type Tx } from '../db.ts';
import { type Condition, contains, is, type PageAsked, readPage, where } from '../page.ts';
import type { Actor } from '../people/actor.ts';
import { Refusal } from '../problem.ts';
import { columnsOf, type Kind, selected, type Versioned } from './kind.ts';

type Query = PageAsked & { readonly text?: string | undefined; readonly sort: string };

/** A page of a kind's rows, as far as the person sees them. */
export async function listRows<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
  query: Query,
): Promise<{ items: Versioned<Row>[]; total_count: number }> {
  const columns = new Map(columnsOf(kind));
  const narrowed = Object.entries(query).flatMap(([name, value]) => {
    const column = (kind.filters as readonly string[] | undefined)?.includes(name)
      ? columns.get(name)
      : undefined;
    return column === undefined || value === undefined ? [] : [is(column, value)];
  });
  const sort = kind.sorts[query.sort];
  if (sort === undefined) throw new Error(`${kind.table} has no order for ${query.sort}`);
  return readPage(
    tx,
    {
      columns: selected(kind),
      from: kind.table,
      where: [
        ...seen(tx, actor, kind),
        ...narrowed,
        ...(query.text === undefined ? [] : [contains(kind.searched, query.text)]),
      ],
      sort,
      thenBy: Object.values(kind.key).join(', '),
    },
    query,
  );
}

/** One row. @throws 404 `not_found` where there is none that the person sees */
export async function readRow<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
  key: Pick<Row, KeyName>,
): Promise<Versioned<Row>> {
  const row = await findRow(tx, actor, kind, key);
  if (!row) throw new Refusal(404, 'not_found', `There is no such ${kind.one}.`);
  return row;
}

/** One row, if there is one that the person sees; locked against others who would change it, where that is asked. */
export async function findRow<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
  key: Pick<Row, KeyName>,
  lock: '' | 'for update' = '',
): Promise<Versioned<Row> | undefined> {
  const { clause, values } = where([...seen(tx, actor, kind), ...keyed(kind, key)]);
  const [row] = await rows<Versioned<Row>>(
    tx,
    `select ${selected(kind)} from ${kind.table} ${clause} ${lock}`,
    values,
  );
  return row;
}

/** That a row has this key. */
export const keyed = <Row extends object, KeyName extends keyof Row & string>(
  kind: Kind<Row, KeyName>,
  key: Pick<Row, KeyName>,
): Condition[] => Object.entries<string>(kind.key).map(([name, column]) => is(column, key[name as KeyName]));

function seen<Row extends object, KeyName extends keyof Row & string>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, KeyName>,
): Condition[] {
  const visible = kind.visible?.(actor) ?? null;
  return [is('company_id', tx.company_id), ...(visible ? [visible] : [])];
}
