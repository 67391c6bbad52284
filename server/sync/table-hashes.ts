import { createHash } from 'node:crypto';
import type { CompanyId, LocationId } from '#shared/ids.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { FEED_ENTITY_NAMES, type FeedEntity } from '#shared/sync/feed.ts';
import {
  addRow,
  newTableSum,
  type TableHash,
  type Tables,
  type TablesReply,
  tableHashOf,
} from '#shared/sync/table-hash.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { readCursor } from './cursor.ts';
import { LIVING_ROWS } from './feed-rows.ts';
import { isCurrent, lifeOf, readScope } from './scope.ts';

/** Tells terminals what their tables ought to come to. */
export type TableHashes = {
  readonly compare: (identity: TerminalIdentity, cursor: string) => Promise<TablesReply>;
};

/**
 * A million items take some seconds to add up, so that is done once for all terminals of a company, as long as its
 * feed stands still.
 */
export function newTableHashes(db: Db): TableHashes {
  const known = new Map<CompanyId, { readonly feed: string; readonly items: Promise<TableHash> }>();
  const itemsAt = (companyId: CompanyId, feed: string, tx: Tx): Promise<TableHash> => {
    const last = known.get(companyId);
    if (last?.feed === feed) return last.items;
    const items = hashItems(tx);
    known.set(companyId, { feed, items });
    items.catch(() => known.delete(companyId));
    return items;
  };
  const compare: TableHashes['compare'] = (identity, text) =>
    inCompany(db, identity.company_id, async (tx) => {
      await tx.client.query('set transaction isolation level repeatable read, read only');
      const scope = await readScope(tx, identity);
      const cursor = readCursor(text);
      const isHere = (await isCurrent(tx, cursor, scope)) && cursor.feed_seq === scope.counter;
      if (!isHere || cursor.own_after !== undefined) return { state: 'moved' };
      const tables = await hashReferences(tx, scope.location_id);
      const item = await itemsAt(identity.company_id, `${lifeOf(scope)} ${scope.counter}`, tx);
      return { state: 'here', tables: { ...tables, item } };
    });
  return { compare };
}

/** Of the entities that have few rows. */
async function hashReferences(tx: Tx, locationId: LocationId): Promise<Tables> {
  const few = FEED_ENTITY_NAMES.filter((name) => name !== 'item');
  const sums = new Map<FeedEntity, ReturnType<typeof newTableSum>>(
    FEED_ENTITY_NAMES.map((name) => [name, newTableSum()]),
  );
  const found = await rows<{ change: string }>(tx, LIVING_ROWS, [tx.company_id, 0, null, locationId, few]);
  for (const { change } of found) {
    const { entity, row } = JSON.parse(change) as { entity: FeedEntity; row: unknown };
    const sum = sums.get(entity);
    if (row !== null && sum) addRow(sum, createHash('sha256').update(canonicalJson(row)).digest());
  }
  return Object.fromEntries([...sums].map(([name, sum]) => [name, tableHashOf(sum)])) as Tables;
}

/** Of the items, by the database itself: it writes the canonical JSON of each row, keys in order. */
async function hashItems(tx: Tx): Promise<TableHash> {
  const [sum] = await rows<{ rows: number; hash: string }>(
    tx,
    `select count(*) as rows,
       encode(int8send(coalesce(bit_xor(('x' || left(encode(sha256(convert_to(row, 'UTF8')), 'hex'), 16))::bit(64)::bigint), 0)), 'hex')
         as hash
     from (
       select '{"active":' || v.active || ',"barcodes":' || array_to_json(array(
           select b.code from barcode b where b.company_id = $1 and b.variant_id = v.variant_id order by b.code))
         || ',"category":' || to_json(v.category_code) || ',"name":' || to_json(v.name) || ',"sku":' || to_json(v.sku)
         || ',"tax_class":' || to_json(v.tax_class_code) || ',"unit_price_micro":' || v.unit_price_micro
         || ',"variant_id":"' || v.variant_id || '"}' as row
       from variant v where v.company_id = $1
     ) item`,
    [tx.company_id],
  );
  return { rows: sum?.rows ?? 0, hash: sum?.hash ?? '' };
}
