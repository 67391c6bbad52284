import { cp, rm } from 'node:fs/promises';
import type { Page } from 'playwright';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { DEMO_SHOP } from '../../../server/people/demo-shop.ts';
import { type BadLine, badLine } from '../../support/bad-line.ts';
import { browserProblem } from '../../support/browser.ts';
import {
  button,
  goTo,
  see,
  seeDone,
  seeHeading,
  seeNoDialog,
  seeTotal,
  signIn,
} from '../../support/cashier.ts';
import { addItems } from '../../support/catalogue.ts';
import { type TestCentral, testCentral } from '../../support/central.ts';
import { differencesOf, faultsInAllThemes, LARGE, noDifferences, noFaults } from '../../support/look.ts';
import { enterOffice, goToOffice, openRow, panel, press, row } from '../../support/office-worker.ts';
import { scan } from '../../support/scanner.ts';
import { type TestScreen, testScreen } from '../../support/screen.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolmentCode, person } from '../../support/shop.ts';
import { type TestTill, testTill } from '../../support/till.ts';

const MUG = '5000000000081';
const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';

/** How long a till may take to try again after its line was cut, or to hear in its long poll, in ms. */
const HEARD = 60_000;

const seeExchange = (page: Page, words: RegExp): Promise<void> =>
  page.getByRole('button', { name: words }).waitFor({ timeout: HEARD });

async function sell({ till }: TestTill): Promise<void> {
  const ticket_id = ticketIdSchema.parse(uuid());
  const line_id = lineIdSchema.parse(uuid());
  await till.sales.startCart({ ticket_id, kind: 'sale' });
  await till.sales.addLine({ ticket_id, line_id, item: { code: 'MUG' }, quantity_milli: milli(1000) });
  await till.sales.completeTicket({
    ticket_id,
    tenders: [{ payment_type: 'CASH', amount_minor: minor(899) }],
  });
}

/** One machine without a screen and its copies with one. The tests follow one another. */
describe('copies of a till, at its screens in Chromium', () => {
  const problem = browserProblem();
  let central: TestCentral;
  let server: TestServer;
  let line: BadLine;
  let first: TestTill;
  const images: string[] = [];
  let image: string;
  let page: Page;
  const screens: TestScreen[] = [];
  const openCopy = async (folder: string) => {
    const screen = await testScreen({
      autosync: true,
      prepare: (own) => cp(folder, own, { recursive: true }),
    });
    screens.push(screen);
    const opened = await screen.open({ viewport: LARGE, reducedMotion: 'reduce' });
    opened.setDefaultTimeout(10_000);
    return opened;
  };
  beforeAll(async () => {
    if (problem !== null) return;
    central = await testCentral();
    server = await testServer(central.db);
    line = await badLine(server.url);
    await addItems(central.db, central.company.company_id, [
      { sku: 'MUG', name: 'Blue enamel mug', price: 899, barcode: MUG },
    ]);
    first = await testTill();
    const code = await enrolmentCode(central, central.company);
    await first.till.terminal.enrol({ server_url: line.url, code, name: 'Front till' });
    await first.till.sync.run();
    await first.signIn(person(central.company, 'CASHIER'), PIN);
    await first.till.sales.openDay({ day_id: dayIdSchema.parse(uuid()), float_minor: minor(10_000) });
    await first.till.sync.run();
    image = await kept(first);
    await first.signIn(person(central.company, 'CASHIER'), PIN);
  });
  afterAll(async () => {
    for (const screen of screens) await screen.close();
    await first?.close();
    await line?.close();
    await server?.close();
    await central?.close();
    for (const image of images) await rm(image, { recursive: true, force: true });
  });
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  const kept = async (till: TestTill) => {
    const folder = await till.image();
    images.push(folder);
    return folder;
  };

  test('files that were put back are filled up again, and the screen says so', async () => {
    await sell(first);
    await first.till.sync.run();
    page = await openCopy(image);
    await signIn(page, 'Ada Okafor', PIN);
    await see(page, 'The files of this till were put back from an old copy');
    await see(page, /^One thing that it had done was fetched/);
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await button(page, 'Understood').click();
    await page.getByText('The files of this till were put back').waitFor({ state: 'detached' });
    await goTo(page, 'Sell');
  });

  test('two machines that both sold stand still as soon as the change is given, and keep the open ticket', async () => {
    await scan(page, MUG);
    await button(page, 'Hold').click();
    await page.getByRole('dialog').getByRole('textbox').fill('Mrs Bell');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'New sale');
    await seeNoDialog(page);
    await scan(page, MUG);
    await seeTotal(page, '£8.99');
    await button(page, 'Pay').click();
    line.cut();
    await page.keyboard.press('Enter');
    await seeDone(page, 'Paid, no change', '£0.00');
    await sell(first);
    line.mend();
    await seeExchange(page, /^Exchange with the server: All sent/);
    expect(await first.till.sync.run()).toMatchObject({ standstill: { code: 'forked' } });
    // The till hears when its long poll ends, which is sooner if its line does.
    line.cut();
    line.mend();
    await seeExchange(page, /^Exchange with the server: Sending has stopped/);
    await see(page, 'Paid, no change');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'Two copies of this till are in use');
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
  });

  test('that screen looks as it is known', async () => {
    expect(await differencesOf(page, 'standstill')).toEqual(noDifferences);
  });

  test('a code that is wrong is said to be so, and nothing goes on', async () => {
    const field = page.getByLabel('Code from the manager');
    await field.focus();
    await page.keyboard.type('ABC');
    await page.keyboard.press('Enter');
    await see(page, 'A code has twelve letters and digits');
    await field.fill('');
    await page.keyboard.type('abcd-efgh-jkmn');
    await page.keyboard.press('Enter');
    await see(page, 'This enrolment code is wrong, used or expired');
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
  });

  test('a manager makes the code in the office of the very till that stands still, and it goes on there', async () => {
    await enterOffice(page, 'MANAGER');
    await goToOffice(page, 'Terminals');
    await row(page, 'Front till').getByText('Frozen').waitFor();
    await openRow(page, 'Front till');
    await see(page, 'Two machines work as this terminal');
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await press(page, 'Make a code');
    await see(page, 'The machine on which the code is entered goes on as this terminal.');
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await press(page, 'Make a code');
    const shown = await panel(page);
    await shown.getByRole('img', { name: /^QR code/ }).waitFor();
    const code = (await shown.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/).textContent()) ?? '';
    // The button that made it is gone; the keys still act on the dialog.
    expect(await page.locator('[role=dialog]:focus-within').count()).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count(), { timeout: 15_000 }).toBe(0);
    await button(page, 'Back to the till').click();
    await page.getByLabel('Code from the manager').focus();
    await page.keyboard.type(code);
    await page.keyboard.press('Enter');
    await signIn(page, 'Ada Okafor', PIN);
    await see(page, 'This till goes on');
    await seeExchange(page, /^Exchange with the server: All sent/);
    await page.keyboard.press('F9');
    await see(page, 'Mrs Bell');
    await button(page, 'Recall').click();
    await seeTotal(page, '£8.99');
  });

  test('the other machine says that it was replaced, and comes in as a new till', async () => {
    await first.till.sync.run();
    const left = await openCopy(await kept(first));
    await seeHeading(left, 'Another machine goes on as this till');
    expect(await faultsInAllThemes(left)).toEqual(noFaults);
    const code = await enrolmentCode(central, central.company);
    // What the office's picture holds, as a scanner types it.
    await left.getByLabel('Code from the manager').pressSequentially(`${server.url}/#enrol=${code}`);
    await left.keyboard.press('Enter');
    await signIn(left, 'Ada Okafor', PIN);
    await see(left, 'One thing that the server did not have is being sent');
    await seeExchange(left, /^Exchange with the server: All sent/);
  });
});
