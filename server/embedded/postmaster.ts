import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ClusterError } from './cluster-error.ts';
import { initialiseOnce } from './initialise.ts';
import { lives } from './living.ts';
import type { Person } from './place.ts';
import { findPrograms, type Programs } from './programs.ts';

/** What starting a cluster needs to know. */
export type Wanted = {
  /** Of the cluster and its log. */
  readonly folder: string;
  /** False gives up safety against power cuts, for tests. */
  readonly durable: boolean;
  readonly person: Person | undefined;
  readonly password: string;
  /** Whether a PostgreSQL with this password answers on a port. */
  readonly answers: (port: number) => Promise<boolean>;
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
  // What a statement got wrong is told to whoever sent it; the log is for the cluster.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  lc_messages: 'C',
};
const NOT_DURABLE = {
  ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  // Beside the data, where nobody else may look: half of what an exchange costs goes into TCP.
  unix_socket_directories: process.platform === 'win32' ? '' : '.',
};
const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 50;
/** Somebody else started it a moment ago, or took the port that was free. */
const WORTH_ANOTHER_TRY = /lock file "postmaster\.pid" already exists|could not create any TCP\/IP sockets/;

const dataIn = (folder: string): string => join(folder, 'postgres');

/**
 * Joins the PostgreSQL that runs in the folder, or starts it, after making its files the first time. Safe to be
 * called by several processes at once.
 * @returns its port
 */
export async function joinOrLaunch(wanted: Wanted): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const joined = await joinRunning(wanted);
    if (joined !== undefined) return joined;
    const programs = await findPrograms(wanted.person !== undefined);
    await initialiseOnce(programs.initdb, dataIn(wanted.folder), wanted);
    const launched = await launch(programs, wanted);
    if ('port' in launched) return launched.port;
    if (attempt === 3 || !WORTH_ANOTHER_TRY.test(launched.log)) {
      throw new ClusterError(`PostgreSQL did not start: ${launched.log}`);
    }
  }
}

/** Ends the PostgreSQL of a folder, rolling back what is open, and waits until it is gone. */
export async function endPostmaster(folder: string): Promise<void> {
  const running = await readRunning(dataIn(folder));
  if (!running || !signalEnd(running.pid)) return;
  while (lives(running.pid)) await pause(LOOK_EVERY_MS);
}

/** The same without waiting: for the exit of the process. */
export function endPostmasterSoon(folder: string): void {
  const file = join(dataIn(folder), 'postmaster.pid');
  const running = existsSync(file) ? parseRunning(readFileSync(file, 'utf8')) : undefined;
  if (running) signalEnd(running.pid);
}

/** SIGINT is PostgreSQL's fast shutdown. False if it is gone already. */
function signalEnd(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGINT');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

type Running = { readonly pid: number; readonly port: number | undefined };

/** What `postmaster.pid` tells: the first line is the process, the fourth its port, once it has one. */
function parseRunning(text: string): Running | undefined {
  const [pid, , , port] = text.split('\n');
  return pid ? { pid: Math.abs(Number(pid)), port: port ? Number(port) : undefined } : undefined;
}

const readRunning = async (data: string): Promise<Running | undefined> =>
  parseRunning(await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => ''));

/** Waits for the one that runs, or is about to; undefined if there is none. */
async function joinRunning({ folder, answers }: Wanted): Promise<number | undefined> {
  const data = dataIn(folder);
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const running = await readRunning(data);
    // The file that a dead one left is no hindrance: PostgreSQL sees to it.
    if (!running || !lives(running.pid)) return undefined;
    if (running.port !== undefined && (await answers(running.port))) return running.port;
    if (await isSomethingElse(running.pid)) {
      await rm(join(data, 'postmaster.pid'), { force: true });
      return undefined;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new ClusterError(
    `The process named first in ${join(data, 'postmaster.pid')} does not answer as the PostgreSQL of this folder. ` +
      'If it is something else, delete that file.',
  );
}

/** Whether a process is surely no PostgreSQL: after a power cut another one may have got its number. */
const isSomethingElse = async (pid: number): Promise<boolean> => {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return name !== '' && name.trim() !== 'postgres';
};

/** Starts PostgreSQL; where it ends at once, gives what it said. */
async function launch(
  { postgres }: Programs,
  { folder, durable, person, answers }: Wanted,
): Promise<{ port: number } | { log: string }> {
  const port = await freePort();
  const settings = durable ? SETTINGS : { ...SETTINGS, ...NOT_DURABLE };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(join(folder, 'postgres.log'), 'a+', 0o600);
  try {
    const begin = (await log.stat()).size;
    // Its own process group: Ctrl-C in the terminal reaches us, and we end it in our own order.
    const child = spawn(postgres, ['-D', dataIn(folder), '-p', String(port), ...flags], {
      ...person,
      cwd: dataIn(folder),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    let gone: Error | true | undefined;
    child.once('exit', () => {
      gone ??= true;
    });
    child.once('error', (error) => {
      gone = error;
    });
    child.unref();
    for (let waited = 0; gone === undefined && waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
      if (await answers(port)) return { port };
      await pause(LOOK_EVERY_MS);
    }
    if (gone instanceof Error) throw gone;
    child.kill('SIGKILL');
    const said = await log.read({ position: begin, buffer: Buffer.alloc(4000) });
    return { log: said.buffer.toString('utf8', 0, said.bytesRead).trim() };
  } finally {
    await log.close();
  }
}

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
