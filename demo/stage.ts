import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, openPool } from '../server/db.ts';
import { type Cluster, SERVER_LOGIN, startCluster } from '../server/embedded.ts';
import { migrate } from '../server/migrate.ts';
import { DEMO_SHOP } from '../server/people/demo-shop.ts';
import { createCompany, type SeededCompany, seedPermissions } from '../server/people/seed.ts';
import { type CrashingTill, startTill } from './crashing-till.ts';
import { note } from './progress.ts';
import type { Random } from './random.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Everything the demo runs on: PostgreSQL, a company in it, the server's process and the till's. */
export type Stage = {
  readonly db: Db;
  readonly company: SeededCompany;
  readonly tillFolder: string;
  readonly server: () => ServerProcess;
  /** Stops the server's process: from here on the till is alone. */
  readonly goOffline: () => Promise<void>;
  readonly goOnline: () => Promise<void>;
  readonly startTill: (random: Random) => Promise<CrashingTill>;
  /** Ends every process and removes every file. May be called at any time, more than once. */
  readonly strike: () => Promise<void>;
};

const DATABASE = 'tilldock';

export async function buildStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-demo-'));
  const ends: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const strike = async () => {
    for (let end = ends.pop(); end; end = ends.pop()) {
      // What will not end must not keep the rest standing.
      await end().catch((error: unknown) => note(`While taking down: ${error}`));
    }
  };
  try {
    const cluster = await startCluster({ folder });
    ends.push(cluster.stop);
    const db = await prepare(cluster);
    ends.push(() => db.end());
    const company = await createCompany(db, DEMO_SHOP);
    const start = (port: number) => startServer(cluster.ownerUrl(DATABASE), folder, port);
    let server = await start(0);
    ends.push(() => server.stop());
    const tillFolder = join(folder, 'till');
    return {
      db,
      company,
      tillFolder,
      server: () => server,
      goOffline: () => server.stop(),
      goOnline: async () => {
        server = await start(Number(new URL(server.url).port));
      },
      startTill: async (random) => {
        const till = await startTill(tillFolder, random);
        ends.push(till.stop);
        return till;
      },
      strike,
    };
  } catch (error) {
    await strike();
    throw error;
  }
}

async function prepare(cluster: Cluster): Promise<Db> {
  await cluster.createDatabase(DATABASE);
  await migrate(cluster.ownerUrl(DATABASE), SERVER_LOGIN);
  await seedPermissions(cluster.ownerUrl(DATABASE));
  return openPool(cluster.serverUrl(DATABASE), 4);
}
