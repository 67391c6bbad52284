import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { installQueues } from './jobs/install.ts';
import { isInTheWay, keepJournalMonths } from './sync/journal-months.ts';

const FOLDER = new URL('../migrations/central/', import.meta.url);
const LOCK = 7_142_304;

/** The database cannot be brought to this version of the program. */
export class MigrationError extends Error {}

type Migration = { version: number; name: string; sql: string; checksum: string };

/**
 * Brings the database to this program's schema: every numbered file of `migrations/central` in order, each in
 * one transaction, with its checksum. A file that was changed after it was applied, and a database that a
 * newer program made, are refused. Safe to run from several servers at once.
 * @param ownerUrl the login that owns the schema
 * @param serverLogin the login that may take the application's roles, where it is another one
 * @returns the names of the migrations that were applied now
 */
export async function migrate(ownerUrl: string, serverLogin?: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'tilldock-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const applied = await applyMissing(client);
    await makeMonths(client);
    await installQueues(client);
    if (serverLogin !== undefined) {
      await client.query(`grant tilldock_app, tilldock_gate to ${pg.escapeIdentifier(serverLogin)}`);
    }
    return applied;
  } finally {
    await client.end();
  }
}

/** Without a month its rows go to the rest: no reason not to start. A worker tries again, and `/ready` warns. */
async function makeMonths(owner: pg.Client): Promise<void> {
  try {
    await keepJournalMonths((sql, values) => owner.query(sql, values));
  } catch (error) {
    if (!isInTheWay(error)) throw error;
  }
}

/** The newest version that this program knows. */
export async function newestVersion(): Promise<number> {
  return (await readMigrations()).at(-1)?.version ?? 0;
}

async function applyMissing(client: pg.Client): Promise<string[]> {
  await client.query(`
    create table if not exists schema_migration (
      version integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
  const done = await client.query<{ version: number; name: string; checksum: string }>(
    'select version, name, checksum from schema_migration order by version',
  );
  const known = await readMigrations();
  refuseStrange(done.rows, known);
  const missing = known.slice(done.rows.length);
  for (const migration of missing) await apply(client, migration);
  await client.query('grant select on schema_migration to tilldock_app');
  return missing.map((migration) => migration.name);
}

function refuseStrange(
  done: readonly { version: number; name: string; checksum: string }[],
  known: readonly Migration[],
): void {
  for (const [index, row] of done.entries()) {
    const migration = known[index];
    if (!migration) {
      throw new MigrationError(
        `The database was made by a newer version of Tilldock (it has ${row.name}). Start that version instead.`,
      );
    }
    if (migration.version !== row.version || migration.checksum !== row.checksum) {
      throw new MigrationError(`${migration.name} is not the file that was applied as ${row.name}.`);
    }
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.sql);
    await client.query('insert into schema_migration (version, name, checksum) values ($1, $2, $3)', [
      migration.version,
      migration.name,
      migration.checksum,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(`${migration.name} failed`, { cause: error });
  }
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(name.slice(0, 4));
      if (version !== index + 1) throw new MigrationError(`${name} is out of order`);
      const sql = await readFile(new URL(name, FOLDER), 'utf8');
      return { version, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
