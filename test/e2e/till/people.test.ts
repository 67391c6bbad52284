import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  button,
  goTo,
  openDay,
  see,
  seeDone,
  seeFigure,
  seeHeading,
  seeNoDialog,
  seeTotal,
  signIn,
} from '../../support/cashier.ts';
import { addItems } from '../../support/catalogue.ts';
import { type TestCentral, testCentral } from '../../support/central.ts';
import { SHELF } from '../../support/gallery.ts';
import { type Office, officeOf } from '../../support/office.ts';
import { scan } from '../../support/scanner.ts';
import { seedTill } from '../../support/seed-till.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolmentCode, person } from '../../support/shop.ts';
import { TILL_STAGES, type TillStage } from '../../support/till-stage.ts';

const MUG = '5000000000081';

/** Chooses who takes over in the dialog that asks, and enters a PIN. */
async function takeOver(page: Page, name: string, pin: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Switch user' });
  await dialog.getByText(name, { exact: true }).click();
  await dialog.getByLabel(`PIN of ${name}`).fill(pin);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
}

/** The tests follow one another. */
describe.each(TILL_STAGES)('several people at $name', ({ problem, open }) => {
  let stage: TillStage;
  beforeAll(async () => {
    if (problem !== null) return;
    stage = await open((folder) => seedTill(folder, SHELF));
    stage.page.setDefaultTimeout(10_000);
  });
  afterAll(() => stage?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('only those who may are asked to approve', async () => {
    const { page } = stage;
    await signIn(page, 'Ada Okafor', '1357');
    await openDay(page, { '£20.00': 5 });
    await button(page, 'Refund').click();
    await button(page, 'Without a receipt').click();
    const approvers = page.getByRole('radiogroup', { name: 'Who approves?' });
    await approvers.waitFor();
    expect(await approvers.locator('label').allTextContents()).toEqual(['Maya Lindqvist', 'Tomas Reyes']);
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
  });

  test('one takes over from the other in the middle of a ticket, which names who rang what', async () => {
    const { page } = stage;
    await scan(page, MUG);
    await seeTotal(page, '£8.99');
    await page.keyboard.press('Control+u');
    const offered = page.getByRole('dialog', { name: 'Switch user' }).getByRole('radio');
    expect(await offered.count()).toBe(3);
    await takeOver(page, 'Maya Lindqvist', '0000');
    await see(page, 'Wrong PIN');
    await takeOver(page, 'Maya Lindqvist', '2468');
    await seeNoDialog(page);
    await page.getByRole('button', { name: 'Maya Lindqvist is signed in: switch user' }).waitFor();
    await seeTotal(page, '£8.99');
    await see(page, 'rung by Ada Okafor');
  });

  test('a till that nobody touches for five minutes locks itself and keeps the ticket', async () => {
    const { page } = stage;
    await page.clock.install();
    await page.keyboard.press('Shift');
    await page.clock.fastForward('04:50');
    await seeTotal(page, '£8.99');
    await page.keyboard.press('Shift');
    await page.clock.fastForward('04:50');
    await seeTotal(page, '£8.99');
    await page.clock.fastForward('00:15');
    await seeHeading(page, 'Who is at the till?');
    await see(page, 'A ticket is open and waits.');
    await signIn(page, 'Ada Okafor', '1357');
    await seeTotal(page, '£8.99');
  });

  test('the status bar says what the exchange’s problem is', async () => {
    const { page } = stage;
    const chip = page.getByRole('button', { name: /^Exchange with the server/ });
    await expect
      .poll(() => chip.getAttribute('aria-label'))
      .toMatch(/1 to send · Server not reached\. The server at 127\.0\.0\.1:9 cannot be reached/);
  });

  test('a till that has heard nothing for a week says so to everybody, and goes on', async () => {
    const { page } = stage;
    await page.clock.fastForward(8.1 * 86_400_000);
    await seeHeading(page, 'Who is at the till?');
    await see(page, 'No word from the office for 8 days');
    await signIn(page, 'Ada Okafor', '1357');
    await see(page, 'No word from the office for 8 days');
    await scan(page, MUG);
    await seeTotal(page, '£17.98');
  });
});

/** With a server that changes its mind about people and tills. The tests follow one another. */
describe.each(TILL_STAGES)('what the office decides, at $name', ({ problem, open }) => {
  let central: TestCentral;
  let server: TestServer;
  let office: Office;
  let stage: TillStage;
  beforeAll(async () => {
    if (problem !== null) return;
    central = await testCentral();
    server = await testServer(central.db);
    office = await officeOf(server.url, central.company);
    await addItems(central.db, central.company.company_id, [
      { sku: 'MUG', name: 'Blue enamel mug', price: 899, barcode: MUG },
    ]);
    stage = await open();
    stage.page.setDefaultTimeout(10_000);
  });
  afterAll(async () => {
    await stage?.close();
    await server?.close();
    await central?.close();
  });
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('somebody who is disabled is out with their next step, and the ticket waits for the next person', async () => {
    const { page } = stage;
    await page.getByLabel('Server address').fill(server.url);
    await page.getByLabel('Enrolment code').fill(await enrolmentCode(central, central.company));
    await page.getByLabel('Name of this till').fill('Front till');
    await button(page, 'Enrol').click();
    await signIn(page, 'Ada Okafor', '1357');
    await goTo(page, 'Sync');
    await seeFigure(page, 'Items in the catalogue', '1');
    await goTo(page, 'Sell');
    await openDay(page, { '£20.00': 5 });
    await scan(page, MUG);
    await seeTotal(page, '£8.99');
    // What is under way ends with a look at who may be here, which would be a step of its own.
    await page.getByRole('button', { name: /Exchange with the server: All sent/ }).waitFor();
    await office.post(`/api/v1/users/${person(central.company, 'CASHIER')}/disable`);
    await expect
      .poll(async () => {
        await scan(page, MUG);
        return page.getByText('The office has ended Ada Okafor’s access').count();
      })
      .toBeGreaterThan(0);
    await see(page, 'A ticket is open and waits.');
    expect(await page.getByRole('button', { name: 'Ada Okafor' }).count()).toBe(0);
    await signIn(page, 'Maya Lindqvist', '2468');
    await see(page, 'Blue enamel mug');
  });

  test('a till that is taken out of service says so, finishes its ticket, and sells nothing more', async () => {
    const { page } = stage;
    const terminals = (await office.get('/api/v1/terminals')).body.items as { terminal_id: string }[];
    await office.post(`/api/v1/terminals/${terminals[0]?.terminal_id}/revoke`);
    // It is told when its long poll ends, after 25 s at the latest.
    await page.getByText('The office took this till out of service').waitFor({ timeout: 40_000 });
    await page.getByRole('button', { name: /Exchange with the server: Out of service/ }).waitFor();
    await button(page, 'Pay').click();
    await page.keyboard.press('Enter');
    await seeDone(page, 'Paid, no change', '£0.00');
    await see(page, 'Everything done here has been sent.');
    await button(page, 'Next customer').click();
    await scan(page, MUG);
    await see(page, 'Out of service');
    await seeHeading(page, 'New sale');
  });
});
