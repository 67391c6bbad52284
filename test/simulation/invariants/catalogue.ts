import type { Database } from 'better-sqlite3';
import { canonicalJson } from '#shared/sync/canonical.ts';
import type { FeedEntity } from '#shared/sync/feed.ts';
import { FEED_ROWS } from '../../../server/sync/feed-rows.ts';
import type { Look } from '../stage.ts';
import { type Find, same } from './names.ts';

type Change = { entity: FeedEntity; key: string; row: Record<string, unknown> | null };

/** Rows by entity and key, each as one text. */
type Tables = Map<string, Map<string, string>>;

/** What there is to be known at a location: keys straight from the tables, whatever the feed says. */
const KEYS: Readonly<Record<FeedEntity, string>> = {
  item: 'select variant_id::text as key from variant where company_id = $1',
  department: 'select code as key from department where company_id = $1',
  category: 'select code as key from sales_category where company_id = $1',
  tax_class: 'select code as key from tax_class where company_id = $1',
  payment_type: 'select code as key from payment_type where company_id = $1',
  location: 'select location_id::text as key from location where company_id = $1 and location_id = $2',
  user: `select user_id::text as key from app_user u where company_id = $1 and status <> 'INVITED'
    and (sees = 'company' or exists (select from user_location ul
      where ul.company_id = $1 and ul.user_id = u.user_id and ul.location_id = $2))`,
  terminal: 'select terminal_id::text as key from terminal where company_id = $1 and location_id = $2',
};
const ALL_KEYS = Object.entries(KEYS)
  .map(([entity, sql]) => `select '${entity}' as entity, key from (${sql}) as of_${entity}`)
  .join(' union all ');

export type ServerCatalogue = Tables;

/** What a terminal at this location should know now. */
export async function readServerCatalogue(
  look: Look,
  company: string,
  location: string,
  find: Find,
): Promise<ServerCatalogue> {
  const fed = await look<{ change: string }>(FEED_ROWS, [company, 0, 1_000_000, location]);
  const tables: Tables = new Map();
  for (const { change } of fed) {
    const { entity, key, row } = JSON.parse(change) as Change;
    if (row) put(tables, entity, key, row);
  }
  const keys = await look<{ entity: string; key: string }>(ALL_KEYS, [company, location]);
  for (const { entity, key } of keys) {
    if (!tables.get(entity)?.has(key)) find(5, `the feed does not know ${entity} ${key}`);
  }
  const count = [...tables.values()].reduce((sum, rows) => sum + rows.size, 0);
  if (count !== keys.length) find(5, `the feed knows ${count} rows, and there are ${keys.length}`);
  return tables;
}

/** Holds a till's catalogue against the server's, table by table, and its own tables against each other. */
export function checkCatalogue(catalog: Database, server: ServerCatalogue, name: string, find: Find): void {
  const rows = <Row>(text: string): Row[] => catalog.prepare<[], Row>(text).all();
  const here: Tables = new Map();
  const items = rows<Record<string, unknown> & { variant_id: string; barcodes: string; active: 0 | 1 }>(
    'SELECT variant_id, sku, name, unit_price_micro, category, tax_class, active, barcodes FROM item',
  );
  for (const item of items) {
    const row = { ...item, active: item.active === 1, barcodes: JSON.parse(item.barcodes) };
    put(here, 'item', item.variant_id, row);
  }
  for (const row of rows<{ entity: string; key: string; document: string }>('SELECT * FROM reference')) {
    put(here, row.entity, row.key, JSON.parse(row.document) as Record<string, unknown>);
  }
  for (const entity of Object.keys(KEYS)) {
    same(find, 6, `${name}: ${entity}`, sorted(here.get(entity)), sorted(server.get(entity)));
  }
  const codes = rows<{ code: string; variant_id: string }>(
    'SELECT code, variant_id FROM barcode JOIN item USING (item_id) ORDER BY code, variant_id',
  );
  const named = items.flatMap(({ variant_id, barcodes }) =>
    (JSON.parse(barcodes) as string[]).map((code) => ({ code, variant_id })),
  );
  same(find, 6, `${name}: codes`, codes.map(pair).sort(), named.map(pair).sort());
  const [state] = rows<{ items: number; refilling: number }>('SELECT items, refilling FROM pull_state');
  same(find, 6, `${name}: count of items`, state, { items: items.length, refilling: 0 });
  const [searchable] = rows<{ count: number }>('SELECT count(*) AS count FROM item_search');
  const active = items.filter((item) => item.active === 1).length;
  same(find, 6, `${name}: items that can be searched`, searchable?.count, active);
  const faults = rows<{ detail: string }>('SELECT detail FROM pull_fault');
  if (faults.length > 0) find(6, `${name}: ${faults.map(({ detail }) => detail).join('; ')}`);
}

const pair = ({ code, variant_id }: { code: string; variant_id: string }): string => `${code} ${variant_id}`;

function put(tables: Tables, entity: string, key: string, row: Record<string, unknown>): void {
  const table = tables.get(entity) ?? new Map<string, string>();
  table.set(key, canonicalJson(row));
  tables.set(entity, table);
}

const sorted = (table: ReadonlyMap<string, string> | undefined): [string, string][] =>
  [...(table ?? [])].sort();
