import type { Page } from 'playwright';
import type { Worker } from '../../server/jobs/work.ts';
import { addItems } from './catalogue.ts';
import { type TestCentral, testCentral } from './central.ts';
import { type Mailbox, mailbox } from './mailbox.ts';
import { type TestScreen, testScreen } from './screen.ts';
import { type TestServer, testServer } from './server.ts';
import { enrolmentCode } from './shop.ts';
import { testWorker } from './worker.ts';

/** A server with the demo's company, a worker that sends its mails, and an enrolled till in Chromium. */
export type OfficeStage = {
  readonly central: TestCentral;
  readonly server: TestServer;
  readonly mails: Mailbox;
  readonly till: TestScreen;
  readonly page: Page;
  readonly close: () => Promise<void>;
};

/** The mug of the demo, £8.99 with the standard tax in it. */
export const MUG = '5000000000081';

/** Starts all of it; the till has pulled its people and one item. */
export async function openOfficeStage(): Promise<OfficeStage> {
  const ends: (() => Promise<void>)[] = [];
  const endAll = async () => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  };
  try {
    const central = await testCentral();
    ends.push(central.close);
    const server = await testServer(central.db);
    ends.push(server.close);
    const mails = await mailbox();
    ends.push(mails.close);
    const worker: Worker = await testWorker(central, mails);
    ends.push(worker.stop);
    await addItems(central.db, central.company.company_id, [
      { sku: 'MUG', name: 'Blue enamel mug', price: 899, barcode: MUG },
    ]);
    const till = await testScreen({ autosync: true });
    ends.push(till.close);
    const page = await till.open({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    page.setDefaultTimeout(10_000);
    await enrolByHand(page, server.url, await enrolmentCode(central, central.company), 'Front till');
    return { central, server, mails, till, page, close: endAll };
  } catch (error) {
    await endAll();
    throw error;
  }
}

/** Enrols a new till at its own screen, and waits until its people have come. */
export async function enrolByHand(page: Page, url: string, code: string, name: string): Promise<void> {
  await page.getByLabel('Server address').fill(url);
  await page.getByLabel('Enrolment code').fill(code);
  await page.getByLabel('Name of this till').fill(name);
  await page.getByRole('button', { name: 'Enrol', exact: true }).click();
  await page.getByRole('button', { name: 'Ada Okafor' }).waitFor();
}
