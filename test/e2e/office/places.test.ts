import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserProblem } from '../../support/browser.ts';
import { button, goTo, openDay, see, seeHeading, seeTotal, signIn } from '../../support/cashier.ts';
import { MUG, type OfficeStage, openOfficeStage } from '../../support/office-stage.ts';
import {
  choose,
  enterOffice,
  goToOffice,
  leaveOffice,
  officeLogin,
  openRow,
  panel,
  press,
  row,
  save,
  signInAtDoor,
  toOffice,
} from '../../support/office-worker.ts';
import { scan } from '../../support/scanner.ts';
import { type TestScreen, testScreen } from '../../support/screen.ts';

/** Lets the till fetch what the office has changed. */
async function synchronise(page: Page): Promise<void> {
  await goTo(page, 'Sync');
  await button(page, 'Synchronise now').click();
  await page.getByRole('button', { name: /Exchange with the server: All sent/ }).waitFor();
  await goTo(page, 'Sell');
}

/** The tests follow one another. */
describe('places, tills and taxes, at the screens of the office', () => {
  const problem = browserProblem();
  let stage: OfficeStage;
  let page: Page;
  let other: TestScreen;
  beforeAll(async () => {
    if (problem !== null) return;
    stage = await openOfficeStage();
    ({ page } = stage);
    other = await testScreen({ autosync: true });
  });
  afterAll(async () => {
    await other?.close();
    await stage?.close();
  });
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('a location whose prices do not contain the tax adds it at its tills', async () => {
    await enterOffice(page);
    await goToOffice(page, 'Locations');
    await openRow(page, 'Corner Shop, High Street');
    await choose(page, 'Tax in prices', 'Tax is added to the prices');
    await save(page);
    await leaveOffice(page);
    await signIn(page, 'Maya Lindqvist', '2468');
    await synchronise(page);
    await openDay(page, { '£20.00': 5 });
    await scan(page, MUG);
    await seeTotal(page, '£10.79');
  });

  test('a changed rate of tax changes what the next ticket comes to', async () => {
    await button(page, 'Give up').click();
    await page.getByRole('button', { name: 'Customer left' }).click();
    await page.getByRole('button', { name: 'Office', exact: true }).click();
    await signInAtDoor(page, officeLogin('ADMIN'));
    await goToOffice(page, 'Taxes');
    const form = await openRow(page, 'Standard rate');
    await form.getByLabel('Per cent').fill('10,5');
    await save(page);
    await row(page, 'Standard rate').getByText('VAT20 10.5%').waitFor();
    await leaveOffice(page);
    await signIn(page, 'Maya Lindqvist', '2468');
    await synchronise(page);
    await scan(page, MUG);
    await seeTotal(page, '£9.93');
    await page.keyboard.press('Control+l');
  });

  test('notes and coins are entered as people write them', async () => {
    await enterOffice(page);
    await goToOffice(page, 'Locations');
    await button(page, 'Add a location').click();
    const form = await panel(page);
    await form.getByLabel('Name').fill('Depot, Canal Road');
    await form.getByLabel('Code').fill('depot');
    await choose(page, 'Kind', 'Warehouse');
    await choose(page, 'Currency', /^EUR/);
    const zone = form.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('lisb');
    await page.getByRole('option', { name: 'Europe/Lisbon' }).click();
    await form.getByLabel('Smallest amount in cash').fill('0.05');
    const amount = form.getByLabel('Another note or coin');
    await amount.fill('0.005');
    await press(page, 'Add');
  });

  test('what has more decimals than the currency is refused before it is sent', async () => {
    const form = await panel(page);
    await form.getByText('That has too many decimals.').waitFor();
    const amount = form.getByLabel('Another note or coin');
    for (const text of ['10', '50', '0.5']) {
      await amount.fill(text);
      await amount.press('Enter');
    }
    const amounts = await form.getByRole('button', { name: /^Remove \d/ }).all();
    expect(await Promise.all(amounts.map((remove) => remove.getAttribute('aria-label')))).toEqual([
      'Remove 50.00',
      'Remove 10.00',
      'Remove 0.50',
    ]);
    await save(page, 'Add a location');
    await row(page, 'DEPOT').getByText('Europe/Lisbon').waitFor();
  });

  test('a code for a new terminal enrols a device that scans it', async () => {
    await goToOffice(page, 'Terminals');
    await button(page, 'New terminal').click();
    await choose(page, 'Location', 'Corner Shop, High Street');
    await press(page, 'Make a code');
    const shown = await panel(page);
    await shown.getByRole('img', { name: /^QR code/ }).waitFor();
    await shown.getByText(/^Good for (10:00|9:5\d) more$/).waitFor();
    const code = (await shown.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/).textContent()) ?? '';
    const device = await other.open();
    device.setDefaultTimeout(10_000);
    // What the picture holds, as a scanner types it into whichever field has the focus.
    await device.getByLabel('Server address').pressSequentially(`${stage.server.url}/#enrol=${code}`);
    expect(await device.getByLabel('Server address').inputValue()).toBe(stage.server.url);
    expect(await device.getByLabel('Enrolment code').inputValue()).toBe(code.replaceAll('-', ''));
    await device.getByLabel('Name of this till').fill('Back till');
    await device.getByRole('button', { name: 'Enrol', exact: true }).click();
    await seeHeading(device, 'Who is at the till?');
    await page.keyboard.press('Escape');
    await row(page, 'Back till').getByText('Active').waitFor();
  });

  test('a terminal is renamed, moved and taken out of service', async () => {
    const form = await openRow(page, 'Back till');
    await form.getByLabel('Name').fill('Depot till');
    await choose(page, 'Stands at', 'Depot, Canal Road');
    await save(page);
    await row(page, 'Depot till').getByText('Depot, Canal Road').waitFor();
    await openRow(page, 'Depot till');
    await press(page, 'Revoke');
    await see(page, 'What happened on it and was not sent yet can still be delivered: nothing is lost.');
    await press(page, 'Take it out of service');
    await see(page, 'Depot till is out of service');
    await row(page, 'Depot till').getByText('Revoked').waitFor();
    await leaveOffice(page);
  });

  test('whoever may enrol terminals makes the very device at hand a till, in one step', async () => {
    const fresh = await testScreen({ autosync: true });
    try {
      const device = await fresh.open();
      device.setDefaultTimeout(10_000);
      await toOffice(device);
      await device.getByLabel('Server address').fill(`${stage.server.url}/`);
      await signInAtDoor(device, officeLogin('MANAGER'));
      await seeHeading(device, 'Make this device a till');
      await device.getByRole('main').getByRole('button', { name: 'Location' }).click();
      await device.getByRole('option', { name: 'Corner Shop, High Street' }).click();
      await device.getByLabel('Name of this till').fill('Kiosk');
      await button(device, 'Enrol this device').click();
      await seeHeading(device, 'Who is at the till?');
      await signIn(device, 'Maya Lindqvist', '2468');
    } finally {
      await fresh.close();
    }
  });

  test('an exchange rate is entered and shown as people say it', async () => {
    await enterOffice(page);
    await goToOffice(page, 'Exchange rates');
    await button(page, 'Add an exchange rate').click();
    await choose(page, 'From', /^GBP/);
    await choose(page, 'To', /^EUR/);
    const form = await panel(page);
    await form.getByText('So many EUR for 1 GBP.').waitFor();
    await form.getByLabel('Valid from').fill('2026-11-01');
    await form.getByLabel('Rate', { exact: true }).fill('1.17');
    await save(page, 'Add an exchange rate');
    await row(page, '1 GBP = 1.17 EUR').getByText('1 Nov 2026').waitFor();
  });

  test('a currency that something uses stays, and why is said', async () => {
    await goToOffice(page, 'Currencies');
    await openRow(page, 'Pound sterling');
    await press(page, 'Remove');
    await press(page, 'Remove');
    await see(page, 'Still in use');
    await press(page, 'Cancel');
    await leaveOffice(page);
  });
});
