import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite, { type Database } from 'better-sqlite3';
import { fileSchemaText } from '#shared/sync/catalog-file.ts';
import { catalogPath, incomingPath, moveDatabase, removeDatabase, removeReplaced } from './catalog-files.ts';
import { writeDurably } from './durable-file.ts';
import { contentFault, goneBack } from './ledger-contents.ts';
import { notedHead } from './ledger-head.ts';
import { type Migration, MigrationFault, migrate, pendingMigrations, readMigrations } from './migrate.ts';

/** `ledger.db`: what was done here. Every commit is on the disk before it is answered. */
export type Ledger = Database & { readonly holds: 'facts' };

/** `catalog.db`, or the file that took its place: what was told to us. May be thrown away and fetched again. */
export type Catalog = Database & { readonly holds: 'copies' };

/** Why the ledger must not be used. `message` is for the person at the till. */
export type Recovery = {
  code: 'ledger_damaged' | 'ledger_too_new' | 'ledger_in_use' | 'disk_failed';
  message: string;
};

/** The names of everything that this process keeps in its folder. */
export const FILES = {
  ledger: 'ledger.db',
  /** Until a snapshot takes its place; see `catalog-files.ts`. */
  catalog: 'catalog.db',
  /** Says that a ledger was made here once, so that its absence is a loss and not a first start. */
  ledgerMarker: 'ledger.exists',
  /** The device's private key. */
  key: 'terminal.key',
} as const;

/** How closely a file is looked at: each page by itself, or also whether every index agrees with its table. */
export type Check = 'quick_check' | 'integrity_check';

const MIGRATIONS = new URL('../../migrations/terminal/', import.meta.url);

/**
 * Opens the ledger, or says why not. A ledger that is damaged, missing, empty or from a newer version is left
 * exactly as it lies: never replaced, never repaired here, because what it holds is money.
 */
export function openLedger(
  folder: string,
  at: string,
  check: Check = 'quick_check',
): { ledger: Ledger } | { recovery: Recovery } {
  const path = join(folder, FILES.ledger);
  const migrations = ledgerMigrations();
  const lost = lostLedger(folder);
  if (lost) return { recovery: damaged(folder, lost) };
  try {
    if (sizeOf(path) > 0 && !isFirstStartCutShort(folder)) {
      inspect(path, check, (db) => {
        // One of an older version is looked at when it has been brought up to this one.
        if (pendingMigrations(db, migrations).length > 0) return;
        const fault = contentFault(db);
        if (fault !== null) throw new Damage(`is damaged: ${fault}`);
        const loss = goneBack(db, notedHead(folder, path));
        if (loss !== null) throw new Damage(loss);
      });
    }
    const ledger = openLedgerFile(path, at);
    markLedger(folder, at);
    return { ledger };
  } catch (error) {
    return { recovery: recoveryFrom(folder, error) };
  }
}

/** Remembers that a ledger was made in this folder. */
export function markLedger(folder: string, at: string): void {
  const marker = join(folder, FILES.ledgerMarker);
  if (!existsSync(marker)) writeDurably(marker, `A ledger was made in this folder at ${at}.\n`, 0o600);
}

/** Opens a ledger that is known to be sound, or makes an empty one. @throws SqliteError, MigrationFault */
export function openLedgerFile(path: string, at: string): Ledger {
  const db = new Sqlite(path, { timeout: 5000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // macOS acknowledges a plain fsync before the drive has written.
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('foreign_keys = ON');
    db.pragma('journal_size_limit = 16777216');
    migrate(db, ledgerMigrations(), at);
    return db as Ledger;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens the catalogue. A damaged one is moved aside; the one before it takes its place, if that is still there, or an
 * empty one, to be filled by the next pull. `problem` then says so.
 */
export function openCatalog(folder: string, at: string): { catalog: Catalog; problem: string | null } {
  removeDatabase(incomingPath(folder));
  let problem: string | null = null;
  for (;;) {
    const path = catalogPath(folder);
    const catalog = sizeOf(path) === 0 ? openCatalogFile(path, at) : openSound(path, at);
    if (catalog) {
      removeReplaced(folder);
      return { catalog, problem };
    }
    moveDatabase(path, `${path}.damaged-${at.replaceAll(/[:.]/g, '-')}`);
    problem = 'The list of items was damaged and is being fetched again. Sales made here are not affected.';
  }
}

/** The catalogue in that file; null where it is damaged, or of another version. */
function openSound(path: string, at: string): Catalog | null {
  try {
    // Written to, so that a change which a kill cut short is taken back: that is no damage.
    inspect(path, 'quick_check', () => {}, { readonly: false });
    return openCatalogFile(path, at);
  } catch (error) {
    if (error instanceof Sqlite.SqliteError || error instanceof MigrationFault || error instanceof Damage)
      return null;
    throw error;
  }
}

/** Opens a catalogue that is known to be sound, or makes an empty one. */
export function openCatalogFile(path: string, at: string): Catalog {
  const db = new Sqlite(path, { timeout: 5000 });
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -32768');
    // A fill touches the same index pages again and again: copy them back less often (here every 32 MiB).
    db.pragma('wal_autocheckpoint = 8192');
    db.pragma('journal_size_limit = 67108864');
    migrate(db, catalogMigrations(), at);
    return db as Catalog;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The steps of the ledger's schema in this version. */
export const ledgerMigrations = (): Migration[] => readMigrations(new URL('ledger/', MIGRATIONS));

/** The steps of the catalogue's schema in this version. */
export const catalogMigrations = (): Migration[] => readMigrations(new URL('catalog/', MIGRATIONS));

/** What names that schema to the server: a snapshot fits only the same one. */
export const catalogSchema = (): string =>
  createHash('sha256')
    .update(fileSchemaText(catalogMigrations().map((step) => step.checksum)))
    .digest('hex');

/** The file can be opened, but its pages, or what they say, do not hang together. The message follows on its name. */
class Damage extends Error {}

/** Checks a file, for the ledger through a connection that cannot write, so that a damaged one keeps every byte. */
function inspect(
  path: string,
  check: Check,
  look: (db: Database) => void,
  { readonly } = { readonly: true },
): void {
  const db = new Sqlite(path, { readonly, timeout: 5000 });
  try {
    const found = db.pragma(`${check}(1)`, { simple: true });
    if (found !== 'ok') throw new Damage(`cannot be read: ${String(found)}`);
    look(db);
  } finally {
    db.close();
  }
}

/** What tells that there was a ledger which is not there now; null where there is one, or never was. */
function lostLedger(folder: string): string | null {
  const path = join(folder, FILES.ledger);
  if (sizeOf(path) > 0) return null;
  const state = existsSync(path) ? 'is empty' : 'is missing';
  if (existsSync(join(folder, FILES.ledgerMarker))) return state;
  if (existsSync(join(folder, FILES.key))) return `${state}, although this terminal was enrolled`;
  if (sizeOf(`${path}-wal`) > 0) return `${state}, although its write-ahead file is there`;
  return null;
}

/** The very first start ended before the file was in WAL mode; SQLite itself takes such a start back. */
const isFirstStartCutShort = (folder: string): boolean =>
  existsSync(join(folder, `${FILES.ledger}-journal`)) && !existsSync(join(folder, FILES.ledgerMarker));

function recoveryFrom(folder: string, error: unknown): Recovery {
  if (error instanceof MigrationFault && error.code === 'made_by_newer_version') {
    return {
      code: 'ledger_too_new',
      message: `The sales ledger in ${folder} cannot be used by this version. ${error.message} Install that version again; nothing was changed.`,
    };
  }
  if (isOfTheDisk(error)) {
    return {
      code: 'disk_failed',
      message:
        `Selling has stopped: the disk does not let the sales ledger (${FILES.ledger} in ${folder}) be opened: ` +
        `${error.message}. The ledger itself is not known to be damaged, and nothing was changed. See to it that ` +
        'the disk is connected, has room and may be written to, and start Tilldock again.',
    };
  }
  if (error instanceof Damage) return damaged(folder, error.message);
  if (error instanceof Sqlite.SqliteError || error instanceof MigrationFault) {
    return damaged(folder, `cannot be read: ${error.message}`);
  }
  throw error;
}

/** A full disk, or one that lets nothing be written: what lies on it may be whole. A page that cannot be read is lost. */
const isOfTheDisk = (error: unknown): error is Error =>
  error instanceof Sqlite.SqliteError
    ? /^SQLITE_(FULL|READONLY|CANTOPEN|PERM|IOERR_(?!READ|SHORT_READ|CORRUPTFS))/.test(error.code)
    : /^(ENOSPC|EDQUOT|EROFS|EACCES|EPERM)$/.test(String((error as NodeJS.ErrnoException | null)?.code));

const damaged = (folder: string, what: string): Recovery => ({
  code: 'ledger_damaged',
  message:
    `Selling has stopped: the sales ledger (${FILES.ledger} in ${folder}) ${what}. ` +
    'Nothing was changed; keep the folder as it is.',
});

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
