import { rmSync } from 'node:fs';
import Sqlite, { type Database } from 'better-sqlite3';
import { sql } from '../statement.ts';
import type { SalvagedOperation, SalvagedPosition, SalvagedTerminal } from './known-rows.ts';

/** What was read out of a damaged ledger, in a file of its own: there may be more than memory should hold. */
export type SalvageFile = Database & { readonly holds: 'salvage' };

const SCHEMA = `
  CREATE TABLE operation (
    hash TEXT PRIMARY KEY, terminal_id TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    op_id TEXT NOT NULL, kind TEXT NOT NULL, occurred_at TEXT NOT NULL, content TEXT NOT NULL,
    prev_hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX operation_in_order ON operation (seq, epoch);
  CREATE TABLE single (name TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;`;

const KEEP = sql<never, [SalvagedOperation]>(
  `INSERT INTO operation (hash, terminal_id, epoch, seq, op_id, kind, occurred_at, content, prev_hash)
   VALUES (@hash, @terminal_id, @epoch, @seq, @op_id, @kind, @occurred_at, @content, @prev_hash)
   ON CONFLICT DO NOTHING`,
);
const IN_ORDER = sql<SalvagedOperation>('SELECT * FROM operation ORDER BY seq, epoch, hash');
const PUT = sql<never, [string, string]>(
  `INSERT INTO single (name, document) VALUES (?, ?)
   ON CONFLICT (name) DO UPDATE SET document = excluded.document`,
);
const GET = sql<{ document: string }, [string]>('SELECT document FROM single WHERE name = ?');

/** Makes an empty one in the place of whatever is there. It can always be made again, so nothing waits for the disk. */
export function newSalvageFile(path: string): SalvageFile {
  removeSalvageFile(path);
  const db = new Sqlite(path);
  db.pragma('journal_mode = OFF');
  db.pragma('synchronous = OFF');
  db.exec(SCHEMA);
  return db as SalvageFile;
}

/** Opens one that was made before. */
export const openSalvageFile = (path: string): SalvageFile =>
  new Sqlite(path, { readonly: true, fileMustExist: true }) as SalvageFile;

export const removeSalvageFile = (path: string): void => {
  for (const part of ['', '-journal']) rmSync(path + part, { force: true });
};

/** Keeps an operation, once however often it was found. */
export const keepOperation = (file: SalvageFile, operation: SalvagedOperation): void => {
  KEEP(file).run(operation);
};

/** The operations by their numbers. */
export const salvagedOperations = (file: SalvageFile): IterableIterator<SalvagedOperation> =>
  IN_ORDER(file).iterate();

/** Keeps the newest that was found: later ones take its place. */
export const keepTerminal = (file: SalvageFile, terminal: SalvagedTerminal): void => {
  PUT(file).run('terminal', JSON.stringify(terminal));
};
export const keepPosition = (file: SalvageFile, position: SalvagedPosition): void => {
  PUT(file).run('position', JSON.stringify(position));
};

export const salvagedTerminal = (file: SalvageFile): SalvagedTerminal | null =>
  single<SalvagedTerminal>(file, 'terminal');
export const salvagedPosition = (file: SalvageFile): SalvagedPosition | null =>
  single<SalvagedPosition>(file, 'position');

function single<Document>(file: SalvageFile, name: string): Document | null {
  const row = GET(file).get(name);
  return row ? (JSON.parse(row.document) as Document) : null;
}
