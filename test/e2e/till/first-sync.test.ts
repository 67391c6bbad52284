import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BadLine, badLine } from '../../support/bad-line.ts';
import { button, goTo, openDay, see, seeFigure, seeTotal, signIn } from '../../support/cashier.ts';
import { type TestCentral, testCentral } from '../../support/central.ts';
import { addManyItems } from '../../support/large-catalogue.ts';
import { scan } from '../../support/scanner.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolmentCode } from '../../support/shop.ts';
import { TILL_STAGES, type TillStage } from '../../support/till-stage.ts';

const ITEMS = 20_500;
/** Bytes a second of a slow shop's line: the whole file takes some seconds. */
const SPEED = 400_000;

/** A large catalogue over a slow line. The tests follow one another. */
describe.each(TILL_STAGES)('the first exchange at $name', ({ problem, open }) => {
  let central: TestCentral;
  let server: TestServer;
  let line: BadLine;
  let stage: TillStage;
  beforeAll(async () => {
    if (problem !== null) return;
    central = await testCentral();
    server = await testServer(central.db);
    await addManyItems(central.db, central.company.company_id, ITEMS);
    line = await badLine(server.url);
    line.slowDown(SPEED);
    stage = await open();
    stage.page.setDefaultTimeout(30_000);
  });
  afterAll(async () => {
    await stage?.close();
    await line?.close();
    await server?.close();
    await central?.close();
  });
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('shows how far the catalogue is, and then the people', async () => {
    const { page } = stage;
    await page.getByLabel('Server address').fill(line.url);
    await page.getByLabel('Enrolment code').fill(await enrolmentCode(central, central.company));
    await page.getByLabel('Name of this till').fill('Front till');
    await button(page, 'Enrol').click();
    await see(page, 'The people of this shop are on their way');
    const bar = page.getByRole('progressbar');
    await bar.waitFor();
    await see(page, 'The catalogue is being fetched');
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    await signIn(page, 'Maya Lindqvist', '2468');
    await goTo(page, 'Sync');
    await seeFigure(page, 'Items in the catalogue', '20,500');
  });

  test('leaves a till that sells', async () => {
    const { page } = stage;
    await goTo(page, 'Sell');
    await openDay(page, { '£20.00': 5 });
    await scan(page, '2000000000007');
    await seeTotal(page, '£1.07');
  });

  test('left what the server has, as whoever asks is told', async () => {
    const { page } = stage;
    await goTo(page, 'Till');
    await button(page, 'Compare with the server').click();
    await see(page, 'This till has what the server has.');
    await see(page, /Found to be what the server has/);
  });
});
