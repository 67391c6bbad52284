import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** A till's folder, while this process alone works in it. */
export type FolderHold = { release(): void };

const NAME = 'till.lock';
/** One that is just ending is waited for, in ms. */
const PATIENCE_MS = 2000;

/**
 * Makes this process the only one that works in a folder: two would each sell under the next receipt number. The lock is
 * the system's own, taken by SQLite on an empty file, so it ends with the process in whatever way that ends; the file
 * stays.
 * @param isFirst waits for one that is just ending
 * @returns null where another process has it
 */
export function holdFolder(folder: string, isFirst: boolean): FolderHold | null {
  let lock: Sqlite.Database | undefined;
  try {
    lock = new Sqlite(join(folder, NAME), { timeout: isFirst ? PATIENCE_MS : 0 });
    lock.exec('BEGIN EXCLUSIVE');
    const held = lock;
    return { release: () => held.close() };
  } catch (error) {
    lock?.close();
    if (!(error instanceof Sqlite.SqliteError)) throw error;
    if (error.code.startsWith('SQLITE_BUSY')) return null;
    // A disk that takes no lock takes no sale either, and opening the ledger says so.
    return { release: () => {} };
  }
}
