import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { flushFolder } from './durable-file.ts';

/**
 * The files of the catalogue. The one in use is `catalog.db`, or `catalog-2.db` and so on: a file that took its place
 * has the next number, and the highest number counts. So one rename decides, whatever is open, on every system.
 */
const NAME = /^catalog(?:-(\d+))?\.db$/;

/**
 * What SQLite keeps beside a database, and the database itself, last. SQLite would take the log of one database for that
 * of another under the same name, so a database never stands beside a log that is not its own.
 */
const PARTS = ['-wal', '-shm', '-journal', ''] as const;

/** A snapshot that is being unpacked and made ready; it counts for nothing. */
const INCOMING = 'catalog.incoming';
/** A snapshot that is being fetched; its name has its hash, so that it is gone on with and not mixed up. */
const FETCHED = /^catalog-([0-9a-f]{64})\.zst$/;

type CatalogFile = { readonly name: string; readonly number: number };

function catalogFiles(folder: string): CatalogFile[] {
  return readdirSync(folder)
    .map((name) => ({ name, number: numberOf(name) }))
    .filter((file): file is CatalogFile => file.number !== null)
    .sort((left, right) => right.number - left.number);
}

function numberOf(name: string): number | null {
  const found = NAME.exec(name);
  return found && Number(found[1] ?? 1);
}

/** Where the catalogue is, or will be. */
export const catalogPath = (folder: string): string =>
  join(folder, catalogFiles(folder)[0]?.name ?? 'catalog.db');

/** Makes the finished file at `incomingPath` the catalogue, at once or not at all. Returns where it is now. */
export function installIncoming(folder: string): string {
  const path = join(folder, `catalog-${(catalogFiles(folder)[0]?.number ?? 0) + 1}.db`);
  removeDatabase(path);
  renameSync(incomingPath(folder), path);
  flushFolder(folder);
  return path;
}

/** Removes every catalogue but the one that counts. Nothing may have them open. */
export function removeReplaced(folder: string): void {
  for (const { name } of catalogFiles(folder).slice(1)) removeDatabase(join(folder, name));
}

export const incomingPath = (folder: string): string => join(folder, INCOMING);

export const fetchedPath = (folder: string, sha256: string): string => join(folder, `catalog-${sha256}.zst`);

/** The hashes of the snapshots of which there is at least a part. */
export const fetchedHashes = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => FETCHED.exec(name)?.[1] ?? []);

/** Removes a database with all that SQLite keeps beside it. */
export function removeDatabase(path: string): void {
  for (const part of PARTS) rmSync(path + part, { force: true });
}

/** Moves a database aside under another name, with all that SQLite keeps beside it. */
export function moveDatabase(path: string, aside: string): void {
  for (const part of PARTS) if (existsSync(path + part)) renameSync(path + part, aside + part);
}
