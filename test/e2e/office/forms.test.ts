import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserProblem } from '../../support/browser.ts';
import { button, see, seeHeading, seeNoDialog } from '../../support/cashier.ts';
import { type Office, officeOf } from '../../support/office.ts';
import { type OfficeStage, openOfficeStage } from '../../support/office-stage.ts';
import {
  enterOffice,
  goToOffice,
  leaveOffice,
  navigation,
  officeLogin,
  openRow,
  panel,
  press,
  row,
  save,
} from '../../support/office-worker.ts';

/** Presses Tab until the focus is on a control; as often as a patient person would. */
async function tabTo(page: Page, role: 'button' | 'textbox', name: string): Promise<void> {
  const wanted = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${name}`);
}

/** What somebody else changes while a form is open, by the documented HTTP API. */
async function renameDepartment(office: Office, name: string): Promise<void> {
  const { version } = (await office.get('/api/v1/departments/GENERAL')).body as { version: number };
  const { status } = await office.patch('/api/v1/departments/GENERAL', version, { name });
  expect(status).toBe(200);
}

/** The tests follow one another. */
describe('forms and lists of the office', () => {
  const problem = browserProblem();
  let stage: OfficeStage;
  let page: Page;
  let office: Office;
  beforeAll(async () => {
    if (problem !== null) return;
    stage = await openOfficeStage();
    ({ page } = stage);
    office = await officeOf(stage.server.url, stage.central.company);
    await enterOffice(page);
  });
  afterAll(() => stage?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('a form says at each field what is wrong, and leads to the first', async () => {
    await goToOffice(page, 'Taxes');
    await button(page, 'Add a tax class').click();
    const form = await panel(page);
    await form.getByLabel('Name', { exact: true }).fill('Reduced rate of the city');
    await form.getByLabel('Per cent').fill('20.12345');
    await press(page, 'Add a tax class');
    await form.getByText('That has too many decimals.').waitFor();
    await form.getByLabel('Code', { exact: true }).and(page.locator(':focus')).waitFor();
    await expect
      .poll(() => page.getByRole('alert').allTextContents())
      .toContainEqual(expect.stringMatching(/^3 fields need another look/));
  });

  test('a code that is taken is refused by the server, and shown at its field', async () => {
    const form = await panel(page);
    await form.getByLabel('Code', { exact: true }).fill('STD');
    await form.getByLabel('Name of the rate').fill('CITY');
    await form.getByLabel('Per cent').fill('3.875');
    await press(page, 'Add a tax class');
    await form.getByText('Is taken already.').waitFor();
  });

  test('what was typed is not thrown away by Escape, by another page, by signing out or closing the tab, unless one says so', async () => {
    await page.keyboard.press('Escape');
    await see(page, 'Throw away what you typed?');
    await press(page, 'Go on editing');
    const form = await panel(page);
    expect(await form.getByLabel('Per cent').inputValue()).toBe('3.875');
    await form.getByLabel('Code', { exact: true }).fill('CITY');
    await save(page, 'Add a tax class');
    await row(page, 'CITY').getByText('CITY 3.875%').waitFor();
    await page.getByRole('button', { name: /: my account$/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Somebody else');
    await navigation(page).getByRole('button', { name: 'People' }).click();
    await press(page, 'Go on editing');
    await button(page, 'Sign out').first().click();
    await press(page, 'Go on editing');
    const closing = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const asked = await closing;
    expect(asked.type()).toBe('beforeunload');
    await asked.dismiss();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Somebody else');
    await navigation(page).getByRole('button', { name: 'People' }).click();
    await press(page, 'Throw it away');
    await seeHeading(page, 'People');
  });

  test('a change that somebody else made meanwhile is shown beside what was typed', async () => {
    await goToOffice(page, 'Departments');
    const form = await openRow(page, 'General');
    await form.getByLabel('Name', { exact: true }).fill('General goods');
    await renameDepartment(office, 'Everything');
    await press(page, 'Save');
    await form.getByText('Somebody has changed this meanwhile').waitFor();
    const compared = form.getByRole('row').filter({ hasText: 'Name' });
    expect(await compared.getByRole('cell').allTextContents()).toEqual([
      'General',
      'Everything',
      'General goods',
    ]);
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('General goods');
    await press(page, 'Keep what I typed');
    await save(page);
    await row(page, 'General goods').waitFor();
  });

  test('one can take over what somebody else wrote, too', async () => {
    const form = await openRow(page, 'General goods');
    await form.getByLabel('Name', { exact: true }).fill('Mine');
    await renameDepartment(office, 'Theirs');
    await press(page, 'Save');
    await press(page, 'Take theirs');
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Theirs');
    expect(await form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await press(page, 'Cancel');
    await seeNoDialog(page);
  });

  test('a list is searched, sorted by its heads and turned page by page', async () => {
    for (let number = 1; number <= 60; number += 1) {
      const code = `D${String(number).padStart(2, '0')}`;
      await office.post('/api/v1/departments', { code, name: `Department ${code}` });
    }
    await goToOffice(page, 'Sales categories');
    await goToOffice(page, 'Departments');
    await see(page, '1 to 50 of 61');
    await button(page, 'Next page').click();
    await see(page, '51 to 61 of 61');
    await page.getByRole('columnheader', { name: 'Code' }).click();
    await see(page, '1 to 50 of 61');
    await page.getByRole('columnheader', { name: 'Code' }).click();
    await row(page, 'Theirs').waitFor();
    expect(await page.getByRole('rowheader').first().textContent()).toBe('Theirs');
    await page.getByLabel('Search by name or code').fill('d07');
    await see(page, '1 row');
    await page.getByLabel('Search by name or code').fill('zebra');
    await see(page, 'Nothing fits the search');
    await button(page, 'Show all').click();
    await see(page, '1 to 50 of 61');
  });

  test('a row is found, opened, changed and saved without a mouse', async () => {
    await goToOffice(page, 'Payment types');
    await row(page, 'Voucher').waitFor();
    await page.getByRole('heading', { name: 'Payment types' }).click();
    await tabTo(page, 'button', 'Add a payment type');
    await page.keyboard.press('Tab');
    await page.keyboard.type('vouch');
    await see(page, '1 row');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await panel(page);
    await tabTo(page, 'textbox', 'Name');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Gift voucher');
    await page.keyboard.press('Enter');
    await see(page, 'Saved: Gift voucher');
    await seeNoDialog(page);
    await row(page, 'Gift voucher').waitFor();
    await row(page, 'Gift voucher').and(page.locator(':focus')).waitFor();
  });

  test('a session that the server ended keeps what was typed, until its person is back', async () => {
    await goToOffice(page, 'Departments');
    await page.getByLabel('Search by name or code').fill('d08');
    const form = await openRow(page, 'Department D08');
    await form.getByLabel('Name', { exact: true }).fill('Kept over the sign-in');
    await office.post('/api/v1/users/sessions/revoke-all');
    await press(page, 'Save');
    const again = page.getByRole('dialog', { name: 'Sign in again' });
    await again.getByText('Your session has ended. Sign in again to go on.').waitFor();
    await again.getByLabel('Password', { exact: true }).fill('not my password at all');
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await again.getByText('The address or the password is wrong').waitFor();
    await again.getByLabel('Password', { exact: true }).fill(officeLogin('ADMIN').password);
    await again.getByRole('button', { name: 'Sign in', exact: true }).click();
    await again.waitFor({ state: 'detached' });
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Kept over the sign-in');
    await save(page);
    await row(page, 'Kept over the sign-in').waitFor();
  });

  test('an office that nobody touches for fifteen minutes signs out, and says why', async () => {
    await page.clock.install();
    await page.keyboard.press('Shift');
    await page.clock.fastForward('14:50');
    await row(page, 'Kept over the sign-in').waitFor();
    await page.clock.fastForward('00:15');
    await see(page, 'Nobody has touched this screen for 15 minutes, so you were signed out.');
    expect(await row(page, 'Kept over the sign-in').count()).toBe(0);
    await page.clock.resume();
  });

  test('without the server the office says so, and the till goes on', async () => {
    await page.getByLabel('E-mail address').fill(officeLogin('ADMIN').email);
    await page.getByLabel('Password', { exact: true }).fill(officeLogin('ADMIN').password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await navigation(page).waitFor();
    await stage.server.close();
    await navigation(page).getByRole('button', { name: 'Taxes' }).click();
    await see(page, 'The office needs the server');
    await see(page, 'The till goes on without it');
    await leaveOffice(page);
    await page.getByRole('button', { name: 'Ada Okafor' }).click();
    await page.getByLabel('PIN of Ada Okafor').fill('1357');
    await button(page, 'Sign in').click();
    await seeHeading(page, 'Open the sales day');
  });
});
