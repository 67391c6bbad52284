import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Item } from '#shared/catalogue/item.ts';
import { formatUnitPrice } from '#shared/sales/money.ts';
import { type ServerProcess, startServer } from '../../demo/server-process.ts';
import { importCatalogue } from '../../server/catalogue/import/import-catalogue.ts';
import { type Db, inCompany, openPool } from '../../server/db.ts';
import { SERVER_LOGIN, startCluster } from '../../server/embedded.ts';
import { migrate } from '../../server/migrate.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { createCompany, type SeededCompany, seedPermissions } from '../../server/people/seed.ts';

/** A real centre: durable PostgreSQL and the server as a process of its own, with one company. */
export type Centre = {
  readonly db: Db;
  readonly company: SeededCompany;
  readonly server: ServerProcess;
  readonly folder: string;
  readonly enrolmentCode: () => Promise<string>;
  /** Another server over the same database, which keeps its own files in a folder. */
  readonly startServer: (data: string) => Promise<ServerProcess>;
  readonly close: () => Promise<void>;
};

const DATABASE = 'bench';

export async function openCentre(): Promise<Centre> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-bench-'));
  const cluster = await startCluster({ folder });
  await cluster.createDatabase(DATABASE);
  await migrate(cluster.ownerUrl(DATABASE), SERVER_LOGIN);
  await seedPermissions(cluster.ownerUrl(DATABASE));
  const db = openPool(cluster.ownerUrl(DATABASE), 4);
  const company = await createCompany(db, DEMO_SHOP);
  const server = await startServer(cluster.ownerUrl(DATABASE), folder, 0);
  return {
    db,
    company,
    server,
    folder,
    enrolmentCode: () =>
      inCompany(db, company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id)),
    startServer: (data) => startServer(cluster.ownerUrl(DATABASE), data, 0),
    close: async () => {
      await server.stop();
      await db.end();
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Imports items through the import itself, as CSV. Gives the seconds it took. */
export async function importItems(centre: Centre, items: readonly Item[]): Promise<number> {
  const summary = await importCatalogue(centre.db, centre.company.company_id, csv(items));
  if (summary.new !== items.length)
    throw new Error(`only ${summary.new} of ${items.length} items were taken`);
  return summary.seconds;
}

async function* csv(items: readonly Item[]): AsyncGenerator<Buffer> {
  yield Buffer.from('barcode,sku,name,price\n');
  for (let start = 0; start < items.length; start += 1000) {
    const lines = items.slice(start, start + 1000).map((item) => {
      const price = formatUnitPrice(item.unit_price_micro, DEMO_SHOP.location.currency);
      return `${item.barcodes[0]},${item.sku},"${item.name}",${price}\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}
