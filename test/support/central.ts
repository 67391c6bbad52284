import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { type Db, openPool } from '../../server/db.ts';
import { startCluster } from '../../server/embedded.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { type CompanySeed, createCompany, type SeededCompany } from '../../server/people/seed.ts';

/** A central database of a test file's own, with no company in it. */
export type EmptyCentral = {
  readonly db: Db;
  readonly serverUrl: string;
  readonly ownerUrl: string;
  readonly close: () => Promise<void>;
};

/** The same with one company in it. */
export type TestCentral = EmptyCentral & {
  readonly company: SeededCompany;
  /** Another company with the same natural keys, for tests of tenancy. */
  readonly addCompany: (seed?: CompanySeed) => Promise<SeededCompany>;
};

/** Copies the run's template database. Call `close` in `afterAll`. */
export async function emptyCentral(): Promise<EmptyCentral> {
  const { folder, database: template } = inject('centralTemplate');
  const cluster = await startCluster({ folder });
  const database = `test_${randomBytes(6).toString('hex')}`;
  await cluster.createDatabase(database, template);
  const db = openPool(cluster.serverUrl(database), 10);
  return {
    db,
    serverUrl: cluster.serverUrl(database),
    ownerUrl: cluster.ownerUrl(database),
    close: async () => {
      await db.end();
      await cluster.stop();
    },
  };
}

/** An empty central database with a company of the demo in it. Call `close` in `afterAll`. */
export async function testCentral(): Promise<TestCentral> {
  const central = await emptyCentral();
  const addCompany = (seed: CompanySeed = DEMO_SHOP) => createCompany(central.db, seed);
  return { ...central, company: await addCompany(), addCompany };
}
