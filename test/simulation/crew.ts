import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SERVER_LOGIN, startCluster } from '../../server/embedded.ts';
import { migrate } from '../../server/migrate.ts';
import { seedPermissions } from '../../server/people/seed.ts';
import { type Order, type Report, reportSchema } from './order.ts';

/** Processes that play histories, each over a database of its own in one PostgreSQL. */
export type Crew = {
  /** Plays them all, several at a time; `tell` hears of each as it ends. Stops early where `tell` says so. */
  readonly play: (orders: Iterable<Order>, tell: (report: Report) => 'go on' | 'stop') => Promise<void>;
  readonly close: () => Promise<void>;
};

const TEMPLATE = 'template_simulation';
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** @param before modules that the workers load before the program, beside the platform */
export async function hireCrew(workers: number, before: readonly string[] = []): Promise<Crew> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-simulation-'));
  const cluster = await startCluster({ folder, durable: false });
  await cluster.createDatabase(TEMPLATE);
  await migrate(cluster.ownerUrl(TEMPLATE), SERVER_LOGIN);
  await seedPermissions(cluster.ownerUrl(TEMPLATE));
  const children: ChildProcess[] = [];
  for (let index = 0; index < workers; index += 1) {
    const database = `simulation_${index}`;
    await cluster.createDatabase(database, TEMPLATE);
    children.push(await startWorker(cluster.serverUrl(database), before));
  }
  return {
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
    close: async () => {
      await Promise.all(children.map(end));
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startWorker(serverUrl: string, before: readonly string[]): Promise<ChildProcess> {
  const superuser = new URL(serverUrl);
  // Every login of the embedded cluster has the same password.
  superuser.username = 'postgres';
  const child = fork(path('worker.ts'), [serverUrl, superuser.href], {
    execArgv: ['platform.ts', ...before].flatMap((module) => ['--import', path(module)]),
    // In a group of its own: Ctrl-C reaches us, and we end it in order.
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`a worker ended before it began (code ${code})`)));
  });
  return child;
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
