import type { Page } from 'playwright';
import { button, see, seeHeading, seeNoDialog } from './cashier.ts';
import type { Exhibit } from './gallery.ts';
import {
  choose,
  goToOffice,
  officeLogin,
  openRow,
  panel,
  press,
  row,
  signInAtDoor,
  toOffice,
} from './office-worker.ts';

const exhibit = (name: string, show: Exhibit['show']): Exhibit => ({
  name: `office-${name}`,
  isPictured: true,
  show,
});
const passing = (name: string, show: Exhibit['show']): Exhibit => ({ name, isPictured: false, show });

/** Closes the panel on top, which holds nothing that would be lost. */
async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await seeNoDialog(page);
}

/** Every screen of the office that `dressOffice` has filled, on one walk through it. */
export const OFFICE_GALLERY: readonly Exhibit[] = [
  exhibit('door', async (page) => {
    await toOffice(page);
    await page.getByLabel('E-mail address').fill(officeLogin('ADMIN').email);
  }),
  passing('an invitation that is accepted', async (page) => {
    await button(page, 'I have an invitation').click();
    await button(page, 'Accept and sign in').click();
    await see(page, 'Must be the code from the mail.');
  }),
  passing('a new password', async (page) => {
    await button(page, 'Sign in with a password instead').click();
    await button(page, 'I have a code for a new password').click();
    await seeHeading(page, 'Choose a new password');
  }),
  exhibit('people', async (page) => {
    await button(page, 'Sign in with a password instead').click();
    await signInAtDoor(page, officeLogin('ADMIN'));
    await goToOffice(page, 'People');
    await row(page, 'Samir Khoury').getByText('Depot, Canal Road').waitFor();
  }),
  exhibit('person', async (page) => {
    await openRow(page, 'Maya Lindqvist');
    await page.getByRole('checkbox', { name: 'Sales rep' }).waitFor();
  }),
  passing('locking somebody out', async (page) => {
    await press(page, 'Lock out');
    await see(page, 'Lock Maya Lindqvist out?');
  }),
  passing('two roles that must not come together', async (page) => {
    await page.keyboard.press('Escape');
    await close(page);
    await button(page, 'Add for the tills').click();
    const form = await panel(page);
    await form.getByText('Billing manager').click();
    await form.getByText('Inventory manager').click();
    await see(page, 'these two do not go together');
    await see(page, 'These roles are for people who see different things.');
  }),
  passing('what would be lost', async (page) => {
    await page.keyboard.press('Escape');
    await see(page, 'Throw away what you typed?');
  }),
  passing('invitations', async (page) => {
    await press(page, 'Throw it away');
    await seeNoDialog(page);
    await goToOffice(page, 'Invitations');
    await row(page, 'Noor Haddad').getByText('Sent', { exact: true }).waitFor();
  }),
  passing('one invitation', async (page) => {
    await openRow(page, 'Noor Haddad');
  }),
  exhibit('roles', async (page) => {
    await close(page);
    await goToOffice(page, 'Roles');
    await page.getByRole('checkbox', { name: 'Cashier: see reports' }).press('Space');
    await page.getByRole('checkbox', { name: 'Cashier: see the catalogue' }).focus();
  }),
  passing('roles that nobody may have', async (page) => {
    await page.getByRole('checkbox', { name: 'Billing manager: count goods' }).press('Space');
    await see(page, 'Billing manager: these two do not go together');
  }),
  passing('sessions', async (page) => {
    await button(page, 'Undo').click();
    await goToOffice(page, 'Sessions');
    await row(page, 'Tomas Reyes').getByText('This one').first().waitFor();
  }),
  passing('locations', async (page) => {
    await goToOffice(page, 'Locations');
    await row(page, 'Depot, Canal Road').waitFor();
  }),
  exhibit('location', async (page) => {
    await openRow(page, 'Corner Shop, High Street');
    await see(page, 'GBP Pound sterling');
  }),
  passing('a time zone that is looked for', async (page) => {
    await page.getByRole('combobox', { name: 'Time zone' }).fill('lis');
    await page.getByRole('option', { name: 'Europe/Lisbon' }).waitFor();
  }),
  exhibit('terminals', async (page) => {
    await page.keyboard.press('Escape');
    await close(page);
    await goToOffice(page, 'Terminals');
    await row(page, 'Old till').getByText('Revoked').waitFor();
  }),
  passing('one terminal', async (page) => {
    await openRow(page, 'Front till');
    await see(page, 'Operations delivered');
  }),
  passing('taking a terminal out of service', async (page) => {
    await press(page, 'Revoke');
    await see(page, 'Take Front till out of service?');
  }),
  exhibit('code', async (page) => {
    await page.keyboard.press('Escape');
    await close(page);
    await button(page, 'New terminal').click();
    await choose(page, 'Location', 'Corner Shop, High Street');
    await press(page, 'Make a code');
    await page.getByRole('img', { name: /^QR code/ }).waitFor();
  }),
  passing('clients', async (page) => {
    await close(page);
    await goToOffice(page, 'Clients');
    await row(page, 'Alpine Dairies').waitFor();
  }),
  passing('departments', async (page) => {
    await goToOffice(page, 'Departments');
    await row(page, 'General').waitFor();
  }),
  passing('a list that has nothing', async (page) => {
    await page.getByLabel('Search by name or code').fill('zebra');
    await see(page, 'Nothing fits the search');
  }),
  passing('sales categories', async (page) => {
    await goToOffice(page, 'Sales categories');
    await row(page, 'Unsorted').getByText('General').waitFor();
  }),
  passing('payment types', async (page) => {
    await goToOffice(page, 'Payment types');
    await row(page, 'Voucher').waitFor();
  }),
  exhibit('tax', async (page) => {
    await goToOffice(page, 'Taxes');
    const form = await openRow(page, 'Reduced rate');
    await form.getByLabel('Per cent').fill('5,125');
    await press(page, 'Add a rate');
    await form.getByLabel('Name of the rate').last().fill('CITY');
    await form.getByLabel('Per cent').last().fill('none');
    await press(page, 'Save');
    await see(page, 'That is not a number.');
  }),
  passing('currencies', async (page) => {
    await page.keyboard.press('Escape');
    await press(page, 'Throw it away');
    await seeNoDialog(page);
    await goToOffice(page, 'Currencies');
    await row(page, 'Pound sterling').waitFor();
  }),
  passing('exchange rates, of which there are none', async (page) => {
    await goToOffice(page, 'Exchange rates');
    await see(page, 'No exchange rates yet');
  }),
  exhibit('exceptions', async (page) => {
    await goToOffice(page, 'Exceptions');
    await row(page, 'not in the catalogue').getByText('£25.18').waitFor();
  }),
  exhibit('exception', async (page) => {
    await openRow(page, 'not in the catalogue');
    await see(page, 'Honey, wildflower 500 g');
  }),
  passing('deciding about an exception', async (page) => {
    const form = await panel(page);
    await form.getByLabel('Note').fill('Sold before the goods were entered; they are in the catalogue now.');
  }),
  passing('an exception to the last byte', async (page) => {
    await (await panel(page)).getByText('Technical details').click();
    await see(page, /"ticket.completed"/);
  }),
  passing('a decision without a note, and without the receipt of the correction', async (page) => {
    const form = await panel(page);
    await form.getByText('Something was posted that makes up for it').click();
    await form.getByLabel('Note').fill('');
    await press(page, 'Accept as corrected');
    await see(page, '2 fields need another look');
  }),
  passing('what was set aside', async (page) => {
    await page.keyboard.press('Escape');
    await press(page, 'Throw it away');
    await seeNoDialog(page);
    await openRow(page, 'could not read it');
    await see(page, 'It cannot be read here');
  }),
  passing('applying everything again', async (page) => {
    await close(page);
    await button(page, 'Apply again').click();
    await see(page, 'What works from now on counts, once.');
  }),
  passing('what was settled', async (page) => {
    await close(page);
    await page.getByRole('button', { name: 'State Open' }).click();
    await page.getByRole('option', { name: 'Settled' }).click();
    await openRow(page, 'T3');
    await see(page, 'Looked at it.');
  }),
  exhibit('audit', async (page) => {
    await close(page);
    await goToOffice(page, 'Audit log');
    await row(page, 'Terminal revoked').waitFor();
  }),
  passing('one entry of the audit log', async (page) => {
    await openRow(page, 'Terminal revoked');
    await see(page, 'Before');
  }),
  passing('my account', async (page) => {
    await close(page);
    await page.getByRole('button', { name: /: my account$/ }).click();
    await seeHeading(page, 'My account');
  }),
];
