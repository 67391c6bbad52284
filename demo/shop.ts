import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { companyIdSchema, locationIdSchema } from '#shared/ids.ts';
import { buildApp } from '../server/app.ts';
import { importCatalogue } from '../server/catalogue/import/import-catalogue.ts';
import { type Central, openCentral, readSecret } from '../server/central.ts';
import { type Config, readConfig } from '../server/config.ts';
import { inCompany } from '../server/db.ts';
import { startWork } from '../server/jobs/work.ts';
import { openPost } from '../server/mail/post.ts';
import { createDemoShop, DEMO_SHOP } from '../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../server/people/enrolment.ts';
import { listLocations } from '../server/people/gate.ts';
import { seedPermissions } from '../server/people/seed.ts';
import { note } from './progress.ts';

const SAMPLE = fileURLToPath(new URL('sample/catalogue.csv', import.meta.url));

/** A shop to try the till with: the server, its database, and people and goods in it. */
export type Shop = {
  readonly url: string;
  /** A one-time code for a new terminal. */
  readonly enrolmentCode: () => Promise<string>;
  readonly close: () => Promise<void>;
};

/** Opens the shop kept in `folder` (or at `DATABASE_URL`); the first time, makes it and stocks its shelves. */
export async function openShop(folder: string): Promise<Shop> {
  const config = readConfig({ TILLDOCK_DATA: folder, TILLDOCK_LOG: 'warn', ...process.env });
  const central = await openCentral(config);
  try {
    await makeOnce(central, config);
    const app = await buildApp({ db: central.db, secret: await readSecret(config), config });
    const url = await app.listen({ host: config.TILLDOCK_HOST, port: config.TILLDOCK_PORT });
    const worker = await startWork({ db: central.db, post: openPost(config), log: app.log });
    return {
      url,
      enrolmentCode: () => enrolmentCode(central),
      close: async () => {
        await Promise.all([app.close(), worker.stop()]);
        await central.close();
      },
    };
  } catch (error) {
    await central.close();
    throw error;
  }
}

async function makeOnce(central: Central, config: Config): Promise<void> {
  await seedPermissions(central.ownerUrl);
  if ((await listLocations(central.db)).length > 0) return;
  const { company_id } = await createDemoShop(central.db, config);
  const summary = await importCatalogue(central.db, company_id, createReadStream(SAMPLE));
  note(`Made ${DEMO_SHOP.name} with ${summary.new} items.`);
}

async function enrolmentCode(central: Central): Promise<string> {
  const location = (await listLocations(central.db)).find(({ code }) => code === DEMO_SHOP.location.code);
  if (!location) throw new Error(`The database has companies, but no location ${DEMO_SHOP.location.code}.`);
  const company = companyIdSchema.parse(location.company_id);
  return inCompany(central.db, company, (tx) =>
    makeEnrolmentCode(tx, locationIdSchema.parse(location.location_id)),
  );
}
