import type { Page } from 'playwright';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BadLine, badLine } from '../../support/bad-line.ts';
import { browserProblem } from '../../support/browser.ts';
import {
  button,
  goTo,
  openDay,
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
import { type Office, officeOf } from '../../support/office.ts';
import { enrolByHand, MUG } from '../../support/office-stage.ts';
import { enterOffice, goToOffice, leaveOffice, openRow, row } from '../../support/office-worker.ts';
import { scan } from '../../support/scanner.ts';
import { type TestScreen, testScreen } from '../../support/screen.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolmentCode, person } from '../../support/shop.ts';

/** How long a till may take to try again after its line was cut, in ms. */
const HEARD = 60_000;

/** Sells one mug for the exact money in cash. */
async function sellMug(page: Page): Promise<void> {
  await scan(page, MUG);
  await seeTotal(page, '£8.99');
  await page.keyboard.press('F10');
  await page.keyboard.press('Enter');
  await seeDone(page, 'Paid, no change', '£0.00');
  await page.keyboard.press('Enter');
  await seeHeading(page, 'New sale');
}

/** The tests follow one another. */
describe('the repair desk of a till in Chromium', () => {
  const problem = browserProblem();
  let central: TestCentral;
  let server: TestServer;
  let line: BadLine;
  let screen: TestScreen;
  let office: Office;
  let page: Page;
  beforeAll(async () => {
    if (problem !== null) return;
    central = await testCentral();
    server = await testServer(central.db);
    line = await badLine(server.url);
    await addItems(central.db, central.company.company_id, [
      { sku: 'MUG', name: 'Blue enamel mug', price: 899, barcode: MUG },
    ]);
    office = await officeOf(server.url, central.company);
    await office.post('/api/v1/users', {
      ...{ user_id: uuid(), name: 'Lena Brandt', pin: '5093', roles: ['CASHIER'] },
      scope: { kind: 'company' },
    });
    screen = await testScreen({ autosync: true });
    page = await screen.open({ viewport: LARGE, reducedMotion: 'reduce' });
    page.setDefaultTimeout(10_000);
    await enrolByHand(page, line.url, await enrolmentCode(central, central.company), 'Front till');
  });
  afterAll(async () => {
    await screen?.close();
    await line?.close();
    await server?.close();
    await central?.close();
  });
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  const takeOver = async (name: string, pin: string) => {
    await page.keyboard.press('Control+u');
    const dialog = page.getByRole('dialog', { name: 'Switch user' });
    await dialog.getByText(name, { exact: true }).click();
    await dialog.getByLabel(`PIN of ${name}`).fill(pin);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await seeNoDialog(page);
  };
  const troubles = () => page.getByRole('listbox', { name: 'Entries' }).getByRole('option');

  test('a manager of a till with nothing to look at is told so', async () => {
    await signIn(page, 'Maya Lindqvist', '2468');
    await goTo(page, 'Sync');
    await see(page, 'Nothing to look at');
    await page.keyboard.press('Control+l');
    await seeHeading(page, 'Who is at the till?');
  });

  test('what somebody sold after being locked out is kept, and a cashier hears only whom to tell', async () => {
    await signIn(page, 'Ada Okafor', '1357');
    await goTo(page, 'Sell');
    await openDay(page, { '£20.00': 5 });
    await page.getByRole('button', { name: /^Exchange with the server: All sent/ }).waitFor();
    line.cut();
    const ada = person(central.company, 'CASHIER');
    expect((await office.post(`/api/v1/users/${ada}/disable`)).status).toBe(200);
    for (let sold = 0; sold < 3; sold += 1) await sellMug(page);
    line.mend();
    await page.getByRole('heading', { name: 'Who is at the till?' }).waitFor({ timeout: HEARD });
    await signIn(page, 'Lena Brandt', '5093');
    await goTo(page, 'Sync');
    await page.getByText('3 entries must be looked at').waitFor({ timeout: HEARD });
    await see(page, 'Tell Maya Lindqvist or Tomas Reyes. Selling goes on meanwhile.');
    expect(await button(page, 'Look at it').count()).toBe(0);
    expect(await page.getByRole('button', { name: / to look at$/ }).count()).toBe(0);
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
  });

  test('a manager sees what happened in plain words, without a line to the server', async () => {
    line.cut();
    await takeOver('Maya Lindqvist', '2468');
    await page.getByRole('button', { name: '3 to look at' }).click();
    await seeHeading(page, 'To be looked at');
    expect(await troubles().count()).toBe(3);
    await see(page, 'The person who did or approved it had been disabled before.');
    await see(page, 'Find out who used that PIN.');
    const pane = page.getByRole('complementary', { name: 'The chosen entry' });
    await pane.getByText('SHOP1-T1-T-000003').waitFor();
    await pane.getByText('Blue enamel mug').waitFor();
    await pane.getByText('Ada Okafor').waitFor();
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
  });

  test('that screen looks as it is known', async () => {
    expect(await differencesOf(page, 'desk')).toEqual(noDifferences);
  });

  test('it is accepted with a note, recorded at once, and waits to be sent', async () => {
    await button(page, 'Accept').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
    await see(page, 'Must not be empty.');
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await page.getByLabel('Note').fill('Ada had not heard yet; the money is in the drawer.');
    await page.keyboard.press('Enter');
    await see(page, 'Accepted: Ticket SHOP1-T1-T-000003');
    await see(page, 'It is recorded here, and is sent as soon as the server can be reached.');
    await expect.poll(() => troubles().count(), { timeout: 15_000 }).toBe(2);
    await page.getByRole('radio', { name: 'Decided here' }).click();
    await see(page, 'Decided here, not sent yet');
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
  });

  test('a correction is chosen among the newest receipts, by keyboard alone', async () => {
    await page.keyboard.press('Alt+1');
    await sellMug(page);
    await page.keyboard.press('Alt+4');
    await tabTo(page, 'Look at it');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'To be looked at');
    await tabTo(page, 'Entries');
    await page.keyboard.press('ArrowDown');
    await page.getByRole('complementary').getByText('SHOP1-T1-T-000001').waitFor();
    await tabTo(page, 'Correct…');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'What makes up for it?');
    await page.getByRole('option', { name: /SHOP1-T1-T-000004/ }).waitFor();
    expect(
      await page
        .getByRole('dialog')
        .getByRole('option', { name: /T-000001/ })
        .count(),
    ).toBe(0);
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await tabTo(page, 'Newest receipts of this till');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'Note');
    await page.keyboard.type('Rung again by Maya.');
    await page.keyboard.press('Enter');
    await see(page, 'Corrected: Ticket SHOP1-T1-T-000001');
    await seeNoDialog(page);
    await expect.poll(() => focused(page), { timeout: 15_000 }).toBe('Entries');
  });

  test('as soon as the line is back both stand settled in the office, with who decided and why', async () => {
    line.mend();
    await page.getByRole('radio', { name: 'Decided here' }).click();
    await expect
      .poll(() => troubles().getByText('Sent', { exact: true }).count(), { timeout: HEARD })
      .toBe(2);
    await page.keyboard.press('Control+l');
    await enterOffice(page);
    await goToOffice(page, 'Exceptions');
    await row(page, 'SHOP1-T1-T-000002').waitFor();
    expect(await row(page, /SHOP1-T1-T-00000[13]/).count()).toBe(0);
    await page.getByRole('button', { name: 'State Open' }).click();
    await page.getByRole('option', { name: 'Settled' }).click();
    const accepted = await openRow(page, 'SHOP1-T1-T-000003');
    await accepted.getByText('Ada had not heard yet; the money is in the drawer.').waitFor();
    await accepted.getByText(/^Maya Lindqvist, at till T1/).waitFor();
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
    const corrected = await openRow(page, 'SHOP1-T1-T-000001');
    await corrected.getByText('Made up for by SHOP1-T1-T-000004').waitFor();
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
    await leaveOffice(page);
  });

  test('what the office settles is gone from the desk of the till', async () => {
    await signIn(page, 'Maya Lindqvist', '2468');
    await page.getByRole('button', { name: '1 to look at' }).waitFor();
    const { items } = (await office.get('/api/v1/exceptions?state=open')).body as {
      items: { exception_id: number; version: number }[];
    };
    for (const { exception_id, version } of items) {
      const decided = { decision_id: uuid(), note: 'Spoke with Ada.' };
      await office.send('POST', `/api/v1/exceptions/${exception_id}/accept`, decided, {
        'if-match': `"${version}"`,
      });
    }
    await page.getByRole('button', { name: / to look at$/ }).waitFor({ state: 'detached', timeout: HEARD });
    await goTo(page, 'Sync');
    await see(page, 'Nothing to look at');
  });
});

/** The accessible name of what has the focus, as far as attributes and words say it. */
const focused = (page: Page): Promise<string | null> =>
  page.evaluate<string | null>(`(() => {
    const element = document.activeElement;
    const label = element?.labels?.[0]?.textContent;
    return label ?? element?.getAttribute('aria-label') ?? element?.textContent ?? null;
  })()`);

/** Presses Tab until something of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}`);
}
