import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserProblem } from '../../support/browser.ts';
import { button, see, seeHeading, signIn } from '../../support/cashier.ts';
import { type OfficeStage, openOfficeStage } from '../../support/office-stage.ts';
import {
  enterOffice,
  goToOffice,
  leaveOffice,
  navigation,
  openRow,
  panel,
  press,
  row,
  save,
  signInAtDoor,
  toOffice,
} from '../../support/office-worker.ts';
import { addColleague, colleaguePassword } from '../../support/people.ts';

const NOOR = { email: 'noor@corner-shop.example', password: 'a sentence that Noor remembers' };

/** The tests follow one another, as the days of an administrator do. */
describe('people, at the screens of the office', () => {
  const problem = browserProblem();
  let stage: OfficeStage;
  let page: Page;
  beforeAll(async () => {
    if (problem !== null) return;
    stage = await openOfficeStage();
    ({ page } = stage);
  });
  afterAll(() => stage?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('somebody is invited, and sees the mail go out', async () => {
    await enterOffice(page);
    await goToOffice(page, 'People');
    await button(page, 'Invite to the office').click();
    const form = await panel(page);
    await form.getByLabel('E-mail address').fill(NOOR.email);
    await form.getByLabel('Name').fill('Noor Haddad');
    await form.getByText('Manager', { exact: true }).click();
    await save(page, 'Send the invitation', `Invitation to ${NOOR.email} is on its way`);
    await row(page, 'Noor Haddad').getByText('Invited').waitFor();
    await goToOffice(page, 'Invitations');
    await row(page, 'Noor Haddad').getByText('Sent', { exact: true }).waitFor();
    await row(page, 'Noor Haddad').getByText('in 2 days').waitFor();
  });

  test('a second invitation to the same address is refused at the field', async () => {
    await button(page, 'Invite to the office').click();
    const form = await panel(page);
    await form.getByLabel('E-mail address').fill(NOOR.email);
    await form.getByLabel('Name').fill('Noor again');
    await form.getByText('Cashier', { exact: true }).click();
    await press(page, 'Send the invitation');
    await form.getByText('Is invited already.').waitFor();
    await form.getByLabel('E-mail address').and(page.locator(':focus')).waitFor();
    await press(page, 'Cancel');
    await press(page, 'Throw it away');
    await leaveOffice(page);
  });

  test('whoever is invited accepts with the code from the mail, and is in', async () => {
    const { code } = await stage.mails.mailTo(NOOR.email);
    await toOffice(page);
    await button(page, 'I have an invitation').click();
    await page.getByLabel('Code from the mail').fill(code);
    await page.getByLabel('Password', { exact: true }).fill(NOOR.password);
    await page.getByLabel('The same again', { exact: true }).fill('something else');
    await button(page, 'Accept and sign in').click();
    await see(page, 'This is not the same as above.');
    await page.getByLabel('The same again', { exact: true }).fill(NOOR.password);
    await page.getByLabel('PIN for tills', { exact: true }).fill('1234');
    await button(page, 'Accept and sign in').click();
    await see(page, 'Is too easy to guess');
    await page.getByLabel('PIN for tills', { exact: true }).fill('4071');
    await button(page, 'Accept and sign in').click();
    await navigation(page).waitFor();
    await page.getByRole('button', { name: 'Noor Haddad: my account' }).waitFor();
  });

  test('a manager finds the pages of a manager, and nothing to change in master data', async () => {
    const pages = await navigation(page).getByRole('button').allTextContents();
    expect(pages.join(' ')).toContain('Terminals');
    expect(pages.join(' ')).not.toMatch(/People|Invitations|Audit/);
    await goToOffice(page, 'Departments');
    expect(await button(page, 'Add a department').count()).toBe(0);
    await leaveOffice(page);
  });

  test('a cashier is added with a PIN, and unlocks the till with it', async () => {
    await enterOffice(page);
    await goToOffice(page, 'People');
    await button(page, 'Add for the tills').click();
    const form = await panel(page);
    await form.getByLabel('Name').fill('Lena Brandt');
    await form.getByText('Cashier', { exact: true }).click();
    await form.getByText('Chosen locations').click();
    await form.getByText('Corner Shop, High Street').click();
    await form.getByLabel('PIN', { exact: true }).fill('5093');
    await form.getByLabel('The same PIN again', { exact: true }).fill('5093');
    await save(page, 'Add');
    await row(page, 'Lena Brandt').getByText('Tills only').waitFor();
    await leaveOffice(page);
    await signIn(page, 'Lena Brandt', '5093');
    await seeHeading(page, 'Open the sales day');
    expect(await page.getByRole('button', { name: 'Office', exact: true }).count()).toBe(0);
    await page.keyboard.press('Control+l');
  });

  test('somebody who is locked out can neither unlock the till nor sign in, until they are let in again', async () => {
    await enterOffice(page);
    await goToOffice(page, 'People');
    await openRow(page, 'Lena Brandt');
    await press(page, 'Lock out');
    await see(page, 'Tills stop taking their PIN at the next exchange with the server.');
    await press(page, 'Lock out');
    await see(page, 'Lena Brandt is locked out');
    await row(page, 'Lena Brandt').getByText('Locked out').waitFor();
    await leaveOffice(page);
    await page.getByRole('button', { name: 'Lena Brandt' }).waitFor({ state: 'detached' });
    await enterOffice(page);
    await goToOffice(page, 'People');
    await openRow(page, 'Lena Brandt');
    await press(page, 'Let in again');
    await press(page, 'Let in again');
    await see(page, 'Lena Brandt can come in again');
    await leaveOffice(page);
    await page.getByRole('button', { name: 'Lena Brandt' }).waitFor();
  });

  test('a session of somebody else is ended, and is worthless with the next request', async () => {
    const colleague = await addColleague(stage.central, stage.server.url, stage.central.company, {
      name: 'Zoe Marsh',
      roles: ['MANAGER'],
    });
    const elsewhere = await colleague.signIn();
    expect((await elsewhere.get('/api/v1/me')).status).toBe(200);
    await enterOffice(page);
    await goToOffice(page, 'Sessions');
    await row(page, 'Tomas Reyes').getByText('This one').waitFor();
    await page.getByRole('button', { name: 'End the session of Zoe Marsh' }).click();
    await press(page, 'End');
    await see(page, '1 session has ended');
    await row(page, 'Zoe Marsh').waitFor({ state: 'detached' });
    expect((await elsewhere.get('/api/v1/me')).status).toBe(401);
  });

  test('other roles take effect at once, and a combination that must not be is explained', async () => {
    await goToOffice(page, 'Roles');
    const billing = (words: string) => page.getByRole('checkbox', { name: `Billing manager: ${words}` });
    await billing('count goods').press('Space');
    await see(page, 'Billing manager: these two do not go together');
    expect(await button(page, 'Save').isDisabled()).toBe(true);
    await billing('count goods').press('Space');
    await page.getByRole('checkbox', { name: 'Cashier: refund' }).press('Space');
    await see(page, '1 role changed');
    await button(page, 'Save').click();
    await see(page, 'Changed: Cashier.');
    await press(page, 'Save');
    await see(page, 'The roles are changed');
    expect(await page.getByRole('checkbox', { name: 'Cashier: refund' }).isChecked()).toBe(true);
    expect(await page.getByRole('checkbox', { name: 'Admin: refund' }).isDisabled()).toBe(true);
  });

  test('a new password is sent for, chosen, and signs in', async () => {
    await goToOffice(page, 'People');
    await openRow(page, 'Noor Haddad');
    await press(page, 'Send a code for a new password');
    await press(page, 'Send it');
    await see(page, `A code is on its way to ${NOOR.email}`);
    await leaveOffice(page);
    const { code } = await stage.mails.mailTo(NOOR.email, 2);
    await toOffice(page);
    await button(page, 'I have a code for a new password').click();
    await page.getByLabel('Code from the mail').fill(code);
    await page.getByLabel('Password', { exact: true }).fill('another sentence of Noor');
    await page.getByLabel('The same again', { exact: true }).fill('another sentence of Noor');
    await button(page, 'Set the password and sign in').click();
    await page.getByRole('button', { name: 'Noor Haddad: my account' }).waitFor();
    await button(page, 'Sign out').click();
    await see(page, 'You have signed out.');
    await page.getByLabel('E-mail address').fill(NOOR.email);
    await page.getByLabel('Password', { exact: true }).fill(NOOR.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').first().waitFor();
    expect(await navigation(page).count()).toBe(0);
    await signInAtDoor(page, { email: NOOR.email, password: 'another sentence of Noor' });
    await leaveOffice(page);
  });

  test('the audit log tells who locked whom out, with the fields before and after', async () => {
    await enterOffice(page);
    await goToOffice(page, 'Audit log');
    await page.getByLabel('Search by person, action or code').fill('user.disabled');
    await openRow(page, 'Person locked out');
    const entry = await panel(page);
    await entry.getByText('Lena Brandt').waitFor();
    const status = entry.getByRole('row').filter({ hasText: 'status' });
    expect(await status.getByRole('cell').allTextContents()).toEqual(['ACTIVE', 'DISABLED']);
    await page.keyboard.press('Escape');
    await leaveOffice(page);
  });

  test('my own name is changed, and stands above at once', async () => {
    await toOffice(page);
    const colleague = await addColleague(stage.central, stage.server.url, stage.central.company);
    await signInAtDoor(page, { email: colleague.email, password: colleaguePassword });
    await page.getByRole('button', { name: /: my account$/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Noor H. Haddad');
    await button(page, 'Save').click();
    await page.getByRole('button', { name: 'Noor H. Haddad: my account' }).waitFor();
    await leaveOffice(page);
  });
});
