/**
 * The parts of `catalog.db` that both sides write: the till as it pulls, the server as it makes a snapshot. Its
 * schema is `migrations/terminal/catalog`; items are in `shared/catalogue/item-table.ts`.
 */

/** $1 entity, $2 key, $3 the row as JSON, $4 generation */
export const REFERENCE_PUT = `INSERT INTO reference (entity, key, document, generation) VALUES (?, ?, ?, ?)
  ON CONFLICT (entity, key) DO UPDATE SET document = excluded.document, generation = excluded.generation`;

/** A row that was not understood. $1 entity, $2 key, $3 what is wrong with it, $4 generation */
export const FAULT_PUT = `INSERT INTO pull_fault (entity, key, detail, generation) VALUES (?, ?, ?, ?)
  ON CONFLICT (entity, key) DO UPDATE SET detail = excluded.detail, generation = excluded.generation`;

/** How far a new file is filled. $1 cursor, $2 items */
export const PULL_STATE_START = 'UPDATE pull_state SET cursor = ?, items = ?';

/** What has run on a local file: each migration is noted in the transaction that ran it. */
export const MIGRATION_TABLE = `CREATE TABLE IF NOT EXISTS migration (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at TEXT NOT NULL
) STRICT`;
/** $1 number, $2 name, $3 checksum, $4 when */
export const MIGRATION_NOTE =
  'INSERT INTO migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)';

/** The text of a migration as its checksum (SHA-256) is taken over it: with Unix line ends, wherever it was checked out. */
export const migrationText = (raw: string): string => raw.replaceAll('\r\n', '\n');

/**
 * What names the schema of a catalogue's file: SHA-256 over this text. A snapshot fits a till whose own steps are
 * exactly those of the server.
 */
export const fileSchemaText = (checksums: readonly string[]): string => checksums.join('\n');
