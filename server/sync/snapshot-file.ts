import Sqlite, { type Database } from 'better-sqlite3';
import type { Item } from '#shared/catalogue/item.ts';
import {
  addItems,
  BARCODE_INSERT,
  BARCODE_WIDTH,
  ITEM_INSERT,
  ITEM_WIDTH,
  ROWS_AT_ONCE,
  rowsOf,
  WORDS_INSERT,
} from '#shared/catalogue/item-table.ts';
import {
  FAULT_PUT,
  MIGRATION_NOTE,
  MIGRATION_TABLE,
  PULL_STATE_START,
  REFERENCE_PUT,
} from '#shared/sync/catalog-file.ts';
import { type RawChange, readChange } from '#shared/sync/read-change.ts';
import type { FileSchema } from './snapshot-schema.ts';

/** Writes a `catalog.db` as a till would have it that pulled the same rows. */
export type CatalogWriter = {
  readonly add: (changes: readonly RawChange[]) => void;
  /** Puts everything in order, checks it, and leaves one compact file at `path`. */
  readonly finish: (path: string) => void;
  readonly close: () => void;
};

/** The fill that the rows of a new file belong to, as `pull_state` begins. */
const GENERATION = 1;

/** Begins a catalogue in a new file. Nobody needs it if this process dies, so nothing is synced or undone. */
export function newCatalog(path: string, schema: FileSchema, at: string): CatalogWriter {
  const db = new Sqlite(path);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('cache_size = -65536');
  makeTables(db, schema, at);
  const write = {
    items: db.prepare<(string | number)[]>(ITEM_INSERT + rowsOf(ITEM_WIDTH, ROWS_AT_ONCE)),
    item: db.prepare<(string | number)[]>(ITEM_INSERT + rowsOf(ITEM_WIDTH, 1)),
    barcodes: db.prepare<(string | number)[]>(BARCODE_INSERT + rowsOf(BARCODE_WIDTH, ROWS_AT_ONCE)),
    barcode: db.prepare<(string | number)[]>(BARCODE_INSERT + rowsOf(BARCODE_WIDTH, 1)),
    words: db.prepare<(string | number)[]>(WORDS_INSERT),
  };
  const putReference = db.prepare(REFERENCE_PUT);
  const putFault = db.prepare(FAULT_PUT);
  let items = 0;
  return {
    add: db.transaction((changes: readonly RawChange[]) => {
      const here: Item[] = [];
      for (const change of changes) {
        const read = readChange(change);
        if (read.is === 'item' && read.item) here.push(read.item);
        else if (read.is === 'reference') putReference.run(read.entity, read.key, read.document, GENERATION);
        else if (read.is === 'fault') putFault.run(read.entity, read.key, read.detail, GENERATION);
      }
      addItems(write, here, items + 1, GENERATION);
      items += here.length;
    }),
    finish: (target) => {
      // One segment instead of the dozens that the fill left: a search then reads less.
      db.exec("INSERT INTO item_search (item_search) VALUES ('optimize')");
      db.prepare(PULL_STATE_START).run(null, items);
      db.prepare('VACUUM INTO ?').run(target);
      check(target);
    },
    close: () => db.close(),
  };
}

function makeTables(db: Database, schema: FileSchema, at: string): void {
  db.exec(MIGRATION_TABLE);
  const note = db.prepare(MIGRATION_NOTE);
  for (const { number, name, text, checksum } of schema.steps) {
    db.exec(text);
    note.run(number, name, checksum, at);
  }
}

/** What is signed is sound: terminals rely on it. */
function check(path: string): void {
  const db = new Sqlite(path, { readonly: true });
  try {
    const found = db.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(`the new catalogue does not hang together: ${String(found)}`);
  } finally {
    db.close();
  }
}
