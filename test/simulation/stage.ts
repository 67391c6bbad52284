import { existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openCatalog, openLedger } from '../../src-main/data/open.ts';
import { watchLocks } from './locks.ts';
import { connect, planned } from './pool.ts';
import { type SimServer, startServer } from './servers.ts';

/** Reads the database past every wall between companies. */
export type Look = <Row>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** What the histories of a worker are played on: servers, a database, and a folder for the files of the tills. */
export type Stage = {
  readonly servers: readonly SimServer[];
  readonly look: Look;
  /** Tells the servers that their database is another one than it was. */
  readonly newEpoch: (epoch: string) => Promise<void>;
  /** What PostgreSQL says by itself once a replica has taken over, or a backup was rolled forward. */
  readonly newTimeline: (timeline: string) => Promise<void>;
  /** The archive has everything that was committed until now. */
  readonly archive: () => Promise<void>;
  /** All rows of companies, by table. */
  readonly save: (companies: readonly string[]) => Promise<Saved>;
  readonly putBack: (saved: Saved) => Promise<void>;
  /** Takes companies out of the database again, with everything of theirs. */
  readonly forget: (companies: readonly string[]) => Promise<void>;
  readonly folder: string;
  /** The files of a till that has never done anything. */
  readonly emptyTill: string;
  /** Starts the servers anew: what they remember of a company must not reach the same history played again. */
  readonly renew: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Rows of a table as one JSON text. */
type Saved = ReadonlyMap<string, string>;

const CONNECTIONS = 4;

/**
 * The line of history that PostgreSQL writes, and what follows from it, and what its archive has, as a history says instead
 * of PostgreSQL.
 */
const TIMELINE = `
  create table simulated_timeline (name text not null);
  grant select on simulated_timeline to public;
  insert into simulated_timeline values ('none');
  create or replace function database_timeline() returns text language sql volatile
    return (select name from simulated_timeline);
  create table simulated_archive (lsn pg_lsn not null);
  grant select on simulated_archive to public;
  insert into simulated_archive values ('0/0');
  create or replace function safe_lsn(policy text) returns pg_lsn language sql volatile
    return (select lsn from simulated_archive);
  create function course_of_timeline() returns trigger language plpgsql as $$
  begin
    new.course := md5(new.company_id || database_timeline())::uuid;
    return new;
  end
  $$;
  create trigger course_of_timeline before insert or update of course on feed_counter
    for each row execute function course_of_timeline()`;

export async function openStage(urls: { server: string; superuser: string }): Promise<Stage> {
  const eye = await connect(urls.superuser);
  await eye.query(TIMELINE);
  // The walls and the rules about what never changes hold for the program; a history that is over is thrown away.
  await eye.query("set session_replication_role = 'replica'");
  const tables = await eye.query<{ name: string }>(
    `select quote_ident(c.relname) as name from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attname = 'company_id'`,
  );
  const locks = await watchLocks(urls.server);
  const start = (): Promise<SimServer[]> =>
    Promise.all(['server 1', 'server 2'].map((name) => startServer(urls.server, name, CONNECTIONS, locks)));
  const end = (servers: readonly SimServer[]) => Promise.all(servers.map((server) => server.close()));
  let servers = await start();
  const folder = mkdtempSync(join(quickFolder(), 'tilldock-simulation-'));
  return {
    get servers() {
      return servers;
    },
    folder,
    emptyTill: makeEmptyTill(folder),
    look: async <Row>(sql: string, values: unknown[] = []) =>
      (await eye.query(planned(sql, values))).rows as Row[],
    newEpoch: async (epoch) => {
      await eye.query('update server_epoch set epoch = $1', [epoch]);
    },
    newTimeline: async (timeline) => {
      await eye.query('update simulated_timeline set name = $1', [timeline]);
    },
    archive: async () => {
      await eye.query('update simulated_archive set lsn = pg_current_wal_insert_lsn()');
    },
    save: async (companies) => {
      const saved = new Map<string, string>();
      for (const { name } of tables.rows) {
        const { rows } = await eye.query<{ rows: string }>(
          `select coalesce(json_agg(t), '[]')::text as rows from ${name} t where company_id = any($1::uuid[])`,
          [companies],
        );
        saved.set(name, rows[0]?.rows ?? '[]');
      }
      return saved;
    },
    putBack: async (saved) => {
      for (const [name, rows] of saved) {
        if (rows === '[]') continue;
        await eye.query(
          `insert into ${name} overriding system value select * from json_populate_recordset(null::${name}, $1)`,
          [rows],
        );
      }
    },
    forget: async (companies) => {
      const list = companies.map((id) => pg.escapeLiteral(id)).join(', ');
      if (list === '') return;
      const deletes = tables.rows.map(({ name }) => `delete from ${name} where company_id in (${list})`);
      await eye.query(deletes.join('; '));
    },
    renew: async () => {
      await end(servers);
      servers = await start();
    },
    close: async () => {
      await end(servers);
      await locks.close();
      await eye.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeEmptyTill(within: string): string {
  const folder = join(within, 'empty');
  mkdirSync(folder);
  const at = new Date(0).toISOString();
  const found = openLedger(folder, at);
  if ('recovery' in found) throw new Error(found.recovery.message);
  found.ledger.close();
  openCatalog(folder, at).catalog.close();
  return folder;
}

/** Memory that looks like a folder, where there is enough of it: a kill keeps what it has as a disk does. */
const QUICK = '/dev/shm';
const ENOUGH = 256 * 1024 * 1024;

function quickFolder(): string {
  if (!existsSync(QUICK)) return tmpdir();
  const { bavail, bsize } = statfsSync(QUICK);
  return bavail * bsize >= ENOUGH ? QUICK : tmpdir();
}
