import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { SERVER_LOGIN, startCluster } from '../../server/embedded.ts';
import { migrate } from '../../server/migrate.ts';
import { seedPermissions } from '../../server/people/seed.ts';

/** What the test files are told of the one PostgreSQL of a run. */
declare module 'vitest' {
  export interface ProvidedContext {
    centralTemplate: { folder: string; database: string };
  }
}

const TEMPLATE = 'template_central';

/** Starts one real PostgreSQL for the run, with a migrated template that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-test-'));
  const cluster = await startCluster({ folder, durable: false });
  await cluster.createDatabase(TEMPLATE);
  await migrate(cluster.ownerUrl(TEMPLATE), SERVER_LOGIN);
  await seedPermissions(cluster.ownerUrl(TEMPLATE));
  project.provide('centralTemplate', { folder, database: TEMPLATE });
  return async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
