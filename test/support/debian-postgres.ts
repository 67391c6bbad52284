import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chown, glob, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { vi } from 'vitest';
import { unprivileged } from '../../server/embedded/place.ts';

const PASSWORD = 'of the tests';

/** The folder of the newest PostgreSQL with its client programs that this machine has; null where there is none. */
export async function postgresPrograms(): Promise<string | null> {
  const found: string[] = [];
  for await (const program of glob('/usr/lib/postgresql/*/bin/pg_dump')) found.push(program);
  return (
    found
      .map((program) => program.slice(0, -'/pg_dump'.length))
      .sort((left, right) => versionOf(left) - versionOf(right))
      .at(-1) ?? null
  );
}

const versionOf = (folder: string): number => Number(/\/(\d+)\//.exec(folder)?.[1]);

/** A PostgreSQL of somebody's own, as an operator has one: empty, with a superuser, and with its client programs. */
export type OwnPostgres = {
  /** Address of a database in it for a login; the superuser's where none is named. */
  readonly url: (database: string, login?: string) => string;
  /** Runs statements as the superuser, each by itself. */
  readonly sql: (text: string) => Promise<void>;
  /** What a shell needs to work on it as the superuser. */
  readonly environment: NodeJS.ProcessEnv;
  /** Ends it at once, as a machine that is gone. */
  readonly crash: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** @param programs the folder of PostgreSQL's programs */
export async function ownPostgres(programs: string): Promise<OwnPostgres> {
  const person = await unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-own-postgres-'));
  const data = join(folder, 'data');
  const secret = join(folder, 'secret');
  await mkdir(data);
  await writeFile(secret, PASSWORD);
  if (person) for (const path of [folder, data, secret]) await chown(path, person.uid, person.gid);
  const names = ['--username=postgres', `--pwfile=${secret}`, '--auth=scram-sha-256'];
  await promisify(execFile)(
    join(programs, 'initdb'),
    [`--pgdata=${data}`, ...names, '--encoding=UTF8', '--locale=C', '--no-sync'],
    { ...person, cwd: folder },
  );
  const port = await freePort();
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'fsync=off'];
  const server: ChildProcess = spawn(
    join(programs, 'postgres'),
    ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
    { ...person, cwd: folder, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = (database: string, login = 'postgres') =>
    `postgres://${login}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;
  const sql = async (text: string) => {
    const client = new pg.Client({ connectionString: url('postgres') });
    client.on('error', () => {});
    try {
      await client.connect();
      for (const statement of text.split(/;\s*$/m).filter((part) => part.trim() !== '')) {
        await client.query(statement);
      }
    } finally {
      await client.end();
    }
  };
  await vi.waitFor(() => sql('select 1'), { timeout: 60_000, interval: 100 });
  const end = async (signal: NodeJS.Signals) => {
    server.kill(signal);
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url,
    sql,
    environment: {
      PATH: `${programs}:${process.env.PATH}`,
      ...{ PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', PGPASSWORD: PASSWORD },
    },
    crash: () => end('SIGQUIT'),
    close: () => end('SIGINT'),
  };
}

/** The password of every role that the tests make. */
export const rolePassword = PASSWORD;

async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await new Promise<number>((resolve) =>
    probe.listen(0, '127.0.0.1', () => resolve((probe.address() as { port: number }).port)),
  );
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
