import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { MIGRATION_NOTE, MIGRATION_TABLE, migrationText } from '#shared/sync/catalog-file.ts';

/** A numbered step of a file's schema. `checksum` is SHA-256 over its text with Unix line ends. */
export type Migration = { number: number; name: string; text: string; checksum: string };

/** Why a file's schema cannot be used as it is. */
export class MigrationFault extends Error {
  readonly code: 'made_by_newer_version' | 'changed_after_it_ran' | 'not_ours';
  constructor(code: MigrationFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** Reads `0001_name.sql …` of a folder, in order. A gap or a stray file is a bug of the release. */
export function readMigrations(folder: URL): Migration[] {
  const names = readdirSync(folder).sort();
  return names.map((name, index) => {
    const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1]);
    if (number !== index + 1) throw new Error(`${folder.pathname}${name} is not migration ${index + 1}`);
    const text = migrationText(readFileSync(new URL(name, folder), 'utf8'));
    return { number, name, text, checksum: createHash('sha256').update(text).digest('hex') };
  });
}

/**
 * Checks what has run on a file against the migrations of this version, and tells which are still to run.
 * Changes nothing. @throws MigrationFault
 */
export function pendingMigrations(db: Database, migrations: readonly Migration[]): Migration[] {
  const tables = db
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map((table) => table.name);
  if (tables.length === 0) return [...migrations];
  if (!tables.includes('migration')) throw new MigrationFault('not_ours', 'It was not made by Tilldock.');
  const done = db
    .prepare<[], { number: number; name: string; checksum: string }>(
      'SELECT number, name, checksum FROM migration ORDER BY number',
    )
    .all();
  for (const [index, ran] of done.entries()) {
    const known = migrations[index];
    if (!known) {
      throw new MigrationFault(
        'made_by_newer_version',
        `It was made by a newer version of Tilldock (${ran.name}).`,
      );
    }
    if (ran.number !== known.number || ran.checksum !== known.checksum) {
      throw new MigrationFault(
        'changed_after_it_ran',
        `Its schema step ${ran.name} is not the one that this version has.`,
      );
    }
  }
  return migrations.slice(done.length);
}

/** Runs what is pending, each migration in its own transaction together with the note that it ran. */
export function migrate(db: Database, migrations: readonly Migration[], at: string): void {
  for (const migration of pendingMigrations(db, migrations)) {
    db.transaction(() => {
      db.exec(MIGRATION_TABLE);
      db.exec(migration.text);
      db.prepare(MIGRATION_NOTE).run(migration.number, migration.name, migration.checksum, at);
    }).immediate();
  }
}
