import { hash } from 'node:crypto';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { FEED_ENTITY_NAMES, type FeedEntity } from '#shared/sync/feed.ts';
import {
  addRow,
  newTableSum,
  type TableHash,
  tableHashOf,
  tableHashSchema,
} from '#shared/sync/table-hash.ts';
import { ITEM_COLUMNS, type ItemRow, itemOf } from '../catalogue/item-row.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';
import { pullState } from './pull-state.ts';

const taskSchema = z.strictObject({ hash_tables: z.string() });

const ITEMS = sql<ItemRow>(`SELECT ${ITEM_COLUMNS} FROM item`);
const REFERENCES = sql<{ entity: FeedEntity; document: string }>('SELECT entity, document FROM reference');
const FAULTY = sql<{ entity: string }>('SELECT DISTINCT entity FROM pull_fault');

/** What the tables of a catalogue come to, as of a cursor. Those with rows that were not understood are left out. */
const tablesHereSchema = z.object({
  cursor: z.string().nullable(),
  tables: z.partialRecord(z.enum(FEED_ENTITY_NAMES), tableHashSchema),
});
export type TablesHere = z.infer<typeof tablesHereSchema>;

/** With more items than this the adding up, at 5 µs an item, would keep a scan waiting. */
const MOST_INLINE = 5000;

/** Adds the tables up: at once where that is quick, else in a thread of its own. */
export async function hashTables(catalog: Catalog, signal: AbortSignal): Promise<TablesHere> {
  if (pullState(catalog).items <= MOST_INLINE) return tablesHere(catalog);
  const task: z.infer<typeof taskSchema> = { hash_tables: catalog.name };
  signal.throwIfAborted();
  // In the built app this module is a part of the data process's one file, which the thread then loads.
  const worker = new Worker(new URL(import.meta.url), { workerData: task, argv: [] });
  const abort = () => worker.terminate();
  signal.addEventListener('abort', abort);
  try {
    return await new Promise<TablesHere>((resolve, reject) => {
      worker.once('message', (answer) => resolve(tablesHereSchema.parse(answer)));
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread ended without an answer')));
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** All of it in one moment of the file, whatever is pulled meanwhile. */
function tablesHere(catalog: Catalog): TablesHere {
  return catalog.transaction(() => {
    const sums = new Map(FEED_ENTITY_NAMES.map((name) => [name, newTableSum()]));
    const add = (entity: FeedEntity, row: unknown) => {
      const sum = sums.get(entity);
      if (sum) addRow(sum, hash('sha256', canonicalJson(row), 'buffer'));
    };
    for (const row of ITEMS(catalog).iterate()) add('item', itemOf(row));
    for (const { entity, document } of REFERENCES(catalog).iterate()) add(entity, JSON.parse(document));
    for (const { entity } of FAULTY(catalog).all()) sums.delete(entity as FeedEntity);
    const tables: Partial<Record<FeedEntity, TableHash>> = {};
    for (const [entity, sum] of sums) tables[entity] = tableHashOf(sum);
    return { cursor: pullState(catalog).cursor, tables };
  })();
}

if (!isMainThread) {
  const task = taskSchema.safeParse(workerData);
  if (task.success) {
    const catalog = new Sqlite(task.data.hash_tables, { readonly: true }) as Catalog;
    parentPort?.postMessage(tablesHere(catalog));
    catalog.close();
  }
}
