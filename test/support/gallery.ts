import type { Page } from 'playwright';
import {
  approve,
  button,
  countCash,
  goTo,
  openDay,
  see,
  seeDone,
  seeFigure,
  seeHeading,
  seeNoDialog,
  seeTotal,
} from './cashier.ts';
import { scan } from './scanner.ts';
import type { StockedItem } from './seed-till.ts';

/** A believable shelf, for screens that people will look at. */
export const SHELF: readonly StockedItem[] = [
  { name: 'Sourdough loaf, large', price: 385, code: '5000000000012', category: 'Bakery', tax: 'ZERO' },
  { name: 'Butter croissant', price: 165, code: '5000000000029', category: 'Bakery', tax: 'ZERO' },
  { name: 'Oat milk, barista 1 l', price: 210, code: '5000000000036', category: 'Dairy', tax: 'ZERO' },
  { name: 'Whole milk 2 l', price: 155, code: '5000000000043', category: 'Dairy', tax: 'ZERO' },
  { name: 'Ground coffee, dark roast 250 g', price: 475, code: '5000000000050', tax: 'ZERO' },
  { name: 'Coffee filters, 100 pieces', price: 240, code: '5000000000067' },
  { name: 'Iced coffee, caramel 330 ml', price: 199, code: '5000000000074' },
  { name: 'Blue enamel mug', price: 899, code: '5000000000081', category: 'Household' },
  { name: 'Beeswax candle, tall', price: 650, code: '5000000000098', category: 'Household' },
  { name: 'Washing-up liquid, lemon 500 ml', price: 135, code: '5000000000104', category: 'Household' },
];

/** A screen, and how to get to it from the one before. `isPictured`: its picture is kept and compared. */
export type Exhibit = {
  readonly name: string;
  readonly isPictured: boolean;
  readonly show: (page: Page) => Promise<void>;
};

const exhibit = (name: string, show: Exhibit['show']): Exhibit => ({ name, isPictured: true, show });
const passing = (name: string, show: Exhibit['show']): Exhibit => ({ name, isPictured: false, show });

/** Every screen of a till with these goods, on one walk through a small day. */
export const GALLERY: readonly Exhibit[] = [
  exhibit('sign-in', async (page) => {
    await page.getByRole('button', { name: 'Ada Okafor' }).click();
    await page.getByLabel('PIN of Ada Okafor').fill('13');
  }),
  passing('wrong PIN', async (page) => {
    await page.getByLabel('PIN of Ada Okafor').fill('9999');
    await button(page, 'Sign in').click();
    await see(page, 'Wrong PIN');
  }),
  exhibit('open-day', async (page) => {
    await page.getByLabel('PIN of Ada Okafor').fill('1357');
    await button(page, 'Sign in').click();
    await seeHeading(page, 'Open the sales day');
    await countCash(page, { '£20.00': 2, '£10.00': 3, '£5.00': 2, '£1.00': 15, '£0.50': 10 });
  }),
  passing('an empty ticket', (page) => openDay(page, {})),
  exhibit('sell', async (page) => {
    for (const code of ['5000000000050', '5000000000081', '5000000000012', '5000000000081']) {
      await scan(page, code);
    }
    await seeTotal(page, '£26.58');
    await page.keyboard.press('F6');
    await button(page, '10%').click();
    await seeTotal(page, '£24.78');
  }),
  exhibit('search', async (page) => {
    await page.getByRole('combobox').fill('coff');
    await see(page, '3 items');
  }),
  passing('nothing found', async (page) => {
    await page.getByRole('combobox').fill('zebra');
    await see(page, 'Nothing found');
    await page.keyboard.press('Escape');
  }),
  passing('a scan that nobody knows', async (page) => {
    await scan(page, '96385074');
    await see(page, 'No item has the code 96385074');
  }),
  passing('the quantity of a line', async (page) => {
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('F3');
    await seeHeading(page, /^Quantity of/);
  }),
  passing('the discount on a ticket', async (page) => {
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
    await page.keyboard.press('F7');
    await seeHeading(page, 'Discount on the whole ticket');
  }),
  passing('somebody else taking over', async (page) => {
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
    await page.keyboard.press('Control+u');
    await seeHeading(page, 'Switch user');
    await page.getByRole('dialog').getByText('Maya Lindqvist', { exact: true }).click();
  }),
  passing('giving a ticket up', async (page) => {
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
    await button(page, 'Give up').click();
    await seeHeading(page, 'Give up this ticket?');
  }),
  passing('putting a ticket on hold', async (page) => {
    await button(page, 'Keep it').click();
    await button(page, 'Hold').click();
    await seeHeading(page, 'Put this ticket on hold');
  }),
  passing('tickets on hold', async (page) => {
    await page.getByRole('dialog').getByRole('textbox').fill('Mrs Bell');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'New sale');
    await seeNoDialog(page);
    await page.keyboard.press('F9');
    await see(page, 'Mrs Bell');
  }),
  exhibit('pay', async (page) => {
    await button(page, 'Recall').click();
    await seeTotal(page, '£24.78');
    await seeNoDialog(page);
    await page.keyboard.press('F10');
    await button(page, '5').first().click();
    await button(page, 'Voucher').click();
    await see(page, 'Still to pay');
  }),
  exhibit('change', async (page) => {
    await button(page, '£20.00').click();
    await seeDone(page, 'Change', '£0.22');
  }),
  exhibit('approval', async (page) => {
    await button(page, 'Next customer').click();
    await button(page, 'Refund').click();
    await button(page, 'Without a receipt').click();
    const dialog = page.getByRole('dialog', { name: 'Approval needed' });
    await dialog.getByText('Maya Lindqvist', { exact: true }).click();
    await dialog.getByLabel('PIN of Maya Lindqvist').fill('246');
  }),
  exhibit('refund', async (page) => {
    await approve(page, 'Maya Lindqvist', '2468');
    await seeHeading(page, 'Refund');
    await scan(page, '5000000000098');
    await seeTotal(page, '£6.50');
    await seeNoDialog(page);
  }),
  exhibit('tickets', async (page) => {
    await page.keyboard.press('F10');
    await button(page, 'Cash').click();
    await seeDone(page, 'Paid out', '£6.50');
    await goTo(page, 'Tickets');
    await page.getByRole('listbox').getByText('SHOP1-T1-T-000001').click();
    await button(page, 'Refund…').waitFor();
  }),
  passing('what comes back of a sale', async (page) => {
    await button(page, 'Refund…').click();
    await seeHeading(page, /^What comes back of/);
  }),
  exhibit('sync', async (page) => {
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
    await goTo(page, 'Sync');
    await button(page, 'Synchronise now').click();
    await see(page, 'Selling goes on; what was done is sent later.');
    await seeFigure(page, 'Waiting to be sent', '3');
  }),
  passing('this till', async (page) => {
    await goTo(page, 'Till');
    await seeHeading(page, 'This till');
  }),
  passing('the keys', async (page) => {
    await page.keyboard.press('F1');
    await seeHeading(page, 'Keys');
  }),
  exhibit('close', async (page) => {
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
    await goTo(page, 'Day');
    await countCash(page, { '£20.00': 3, '£10.00': 3, '£5.00': 2, '£1.00': 8, '£0.50': 10, '£0.20': 1 });
  }),
  passing('the count once more', async (page) => {
    await button(page, 'Check the count').click();
    await seeHeading(page, 'Close with this count?');
  }),
  exhibit('z-report', async (page) => {
    await button(page, 'Close the day').click();
    await seeHeading(page, 'Day closed: Z report 1');
  }),
];
