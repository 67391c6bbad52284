import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** Pages of every file of ours, in bytes. */
export const PAGE = 4096;

/** Overwrites pages of a database file, the first of which has number 1, as a dying disk does. */
export function tearPages(file: string, pages: readonly number[]): void {
  tearBytes(
    file,
    pages.map((page) => ({ at: (page - 1) * PAGE, length: PAGE })),
  );
}

/** Overwrites places of a file. */
export function tearBytes(file: string, places: readonly { at: number; length: number }[]): void {
  const handle = openSync(file, 'r+');
  for (const { at, length } of places) writeSync(handle, Buffer.alloc(length, 0x5a), 0, length, at);
  closeSync(handle);
}

/** The page from which a table is reached. */
export function rootPage(file: string, table: string): number {
  const db = new Sqlite(file, { readonly: true });
  const page = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number;
  db.close();
  return page;
}

/** The leaves of a table, in the order of their rows; no index among them. */
export function leafPages(file: string, table: string): number[] {
  const db = new Sqlite(file, { readonly: true });
  const pages = db
    .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path")
    .pluck()
    .all(table) as number[];
  db.close();
  return pages;
}

/** The bytes of a folder's files, to see that nothing was changed. */
export function bytesOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) {
    const handle = openSync(join(folder, name), 'r');
    const bytes = Buffer.alloc(fstatSync(handle).size);
    readSync(handle, bytes, 0, bytes.length, 0);
    closeSync(handle);
    found[name] = bytes.toString('latin1');
  }
  return found;
}

/** Changes one byte wherever a file has this text. */
export function spoilText(file: string, text: string): void {
  const places = [...readFileSync(file, 'latin1').matchAll(new RegExp(text, 'g'))];
  if (places.length === 0) throw new Error(`${text} is not in ${file}`);
  tearBytes(
    file,
    places.map(({ index }) => ({ at: index + text.length - 1, length: 1 })),
  );
}
