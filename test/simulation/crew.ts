import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type Cluster, SERVER_LOGIN, startCluster } from '../../server/embedded.ts';
import { migrate } from '../../server/migrate.ts';
import { seedPermissions } from '../../server/people/seed.ts';
import type { Mutation } from './mutations.ts';
import { type Order, type Report, reportSchema } from './order.ts';

/** A PostgreSQL for everybody who plays. */
export type House = {
  /** @param mutation what is broken on purpose in their program */
  readonly hire: (workers: number, mutation?: Mutation) => Promise<Crew>;
  readonly close: () => Promise<void>;
};

/** Processes that play histories, each over a database of its own. */
export type Crew = {
  /** Plays them all, several at a time; `tell` hears of each as it ends. Stops early where `tell` says so. */
  readonly play: (orders: Iterable<Order>, tell: (report: Report) => 'go on' | 'stop') => Promise<void>;
  readonly dismiss: () => Promise<void>;
};

const TEMPLATE = 'template_simulation';

export async function openHouse(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-simulation-'));
  const cluster = await startCluster({ folder, durable: false });
  await cluster.createDatabase(TEMPLATE);
  await migrate(cluster.ownerUrl(TEMPLATE), SERVER_LOGIN);
  await seedPermissions(cluster.ownerUrl(TEMPLATE));
  let databases = 0;
  return {
    hire: async (workers, mutation) => {
      const children: ChildProcess[] = [];
      for (let index = 0; index < workers; index += 1) {
        databases += 1;
        children.push(await startWorker(cluster, folder, `simulation_${databases}`, mutation));
      }
      return crewOf(children);
    },
    close: async () => {
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const crewOf = (children: readonly ChildProcess[]): Crew => ({
  play: async (orders, tell) => {
    const waiting = orders[Symbol.iterator]();
    let stopped = false;
    await Promise.all(
      children.map(async (child) => {
        for (let next = waiting.next(); !next.done && !stopped; next = waiting.next()) {
          if (tell(await ask(child, next.value)) === 'stop') stopped = true;
        }
      }),
    );
  },
  dismiss: async () => {
    await Promise.all(children.map(end));
  },
});

async function startWorker(
  cluster: Cluster,
  folder: string,
  database: string,
  mutation: Mutation | undefined,
): Promise<ChildProcess> {
  await cluster.createDatabase(database, TEMPLATE);
  if (mutation?.sql !== undefined) await run(cluster.ownerUrl(database), mutation.sql);
  const server = quickAddress(cluster.serverUrl(database), join(folder, 'postgres'));
  const superuser = new URL(server);
  // Every login of the embedded cluster has the same password.
  superuser.username = 'postgres';
  const before = mutation ? ['platform.ts', 'mutate.ts'] : ['platform.ts'];
  const child = fork(path('worker.ts'), [server.href, superuser.href], {
    execArgv: before.flatMap((module) => ['--import', path(module)]),
    env: { ...process.env, ...(mutation ? { SIMULATED_MUTATION: mutation.name } : {}) },
    // In a group of its own: Ctrl-C reaches us, and we end it in order.
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`a worker ended before it began (code ${code})`)));
  });
  return child;
}

/** By the socket beside the data of PostgreSQL, where there is one. */
function quickAddress(address: string, data: string): URL {
  const url = new URL(address);
  if (existsSync(join(data, `.s.PGSQL.${url.port}`))) url.searchParams.set('host', data);
  return url;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function ask(child: ChildProcess, order: Order): Promise<Report> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null) =>
      reject(new Error(`the worker ended in history ${order.seed} (code ${code})`));
    child.once('exit', gone);
    child.once('message', (raw) => {
      child.off('exit', gone);
      resolve(reportSchema.parse(raw));
    });
    child.send(order);
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await exited;
}
