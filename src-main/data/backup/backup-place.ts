import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeDurably } from '../durable-file.ts';

/** Tells the copies of one till from those of others that keep theirs in the same place. */
const MARK = 'till.mark';
/** Where copies were kept last, so that a disk that is not connected is missed. */
const LAST_PLACE = 'backups.place';

/**
 * The folder for copies of the ledger in a till's folder: beside it, or one of this till's own in the place that was named.
 * @param named the setting; undefined where nobody chose a place
 */
export const backupFolder = (folder: string, named: string | undefined): string =>
  named === undefined ? join(folder, 'backups') : join(named, `till-${markOf(folder)}`);

function markOf(folder: string): string {
  const path = join(folder, MARK);
  const known = readIfThere(path);
  if (/^[0-9a-f]{8}$/.test(known)) return known;
  const mark = randomBytes(4).toString('hex');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeDurably(path, `${mark}\n`, 0o600);
  return mark;
}

/**
 * Makes the folder for the copies where there is none yet.
 * @param home the folder of the ledger
 * @throws where it was there and is not any more: its disk is away, and another one must not take its place unnoticed
 */
export function prepareBackupFolder(folder: string, home: string): void {
  if (existsSync(folder)) return;
  const isBeside = dirname(folder) === home;
  if (!isBeside && readIfThere(join(home, LAST_PLACE)) === folder) {
    throw new Error('The folder is not there any more. Connect its disk, or make the folder again.');
  }
  mkdirSync(folder, { mode: 0o700 });
}

/** Remembers that copies were kept there. */
export function rememberBackupFolder(folder: string, home: string): void {
  const path = join(home, LAST_PLACE);
  if (readIfThere(path) !== folder) writeDurably(path, `${folder}\n`, 0o600);
}

/** Whether the copies go with the ledger when its disk does. */
export function isOnSameDisk(folder: string, home: string): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.dev === statSync(home).dev;
}

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8').trim() : '');

/** Why copies cannot be kept there, in plain words, with what to do about it. */
export function cannotKeep(folder: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = error instanceof Error ? error.message : String(error);
  const why = REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? said;
  return `The ledger could not be copied to ${folder}. ${why}`;
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^(ENOSPC|EDQUOT|SQLITE_FULL)/, 'That disk is full: free some space on it, or name another folder.'],
  [/^(ENOENT|SQLITE_CANTOPEN)/, 'The folder is not there. Connect its disk, or name another folder.'],
  [
    /^(EACCES|EPERM|EROFS|SQLITE_READONLY)/,
    'Nothing may be written there. Allow it, or name another folder.',
  ],
  [/^(EIO|SQLITE_IOERR)/, 'That disk fails. Name a folder on another one.'],
  [/^(ENOTDIR|EEXIST)/, 'There is a file of that name where the folder should be. Name another folder.'],
];
