import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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
  seeTotal,
  signIn,
  ticketLines,
} from '../../support/cashier.ts';
import { addItems } from '../../support/catalogue.ts';
import { type TestCentral, testCentral } from '../../support/central.ts';
import { scan } from '../../support/scanner.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolmentCode, queryAs } from '../../support/shop.ts';
import { TILL_STAGES, type TillStage } from '../../support/till-stage.ts';

const LANTERN = '5901234123457';
const MUG = '4006381333931';
const TEAPOT = '5000112637922';

/** One whole shift, on each stage: the tests follow one another. */
describe.each(TILL_STAGES)('a shift at $name', ({ problem, open }) => {
  let central: TestCentral;
  let server: TestServer;
  let stage: TillStage;
  beforeAll(async () => {
    if (problem !== null) return;
    central = await testCentral();
    server = await testServer(central.db);
    await addItems(central.db, central.company.company_id, [
      { sku: 'LANTERN', name: 'White metal lantern', price: 339, barcode: LANTERN },
      { sku: 'MUG', name: 'Blue enamel mug', price: 499, barcode: MUG },
      { sku: 'TEAPOT', name: 'Oak-handled teapot', price: 1250, barcode: TEAPOT },
    ]);
    stage = await open();
    stage.page.setDefaultTimeout(10_000);
  });
  afterAll(async () => {
    await stage?.close();
    await server?.close();
    await central?.close();
  });
  let isBroken = false;
  beforeEach(({ skip }) => {
    skip(problem !== null, problem ?? '');
    skip(isBroken, 'the shift broke off before');
  });
  afterEach(({ task }) => {
    isBroken ||= task.result?.state === 'fail';
  });

  const query = <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> =>
    queryAs<Row>(central, central.company.company_id, sql);
  const nextCustomer = async () => {
    await button(stage.page, 'Next customer').click();
    await seeHeading(stage.page, 'New sale');
  };

  test('the till is enrolled with a code, and its people arrive', async () => {
    const { page } = stage;
    await page.getByLabel('Server address').fill(server.url);
    await page.getByLabel('Enrolment code').fill(await enrolmentCode(central, central.company));
    await page.getByLabel('Name of this till').fill('Front till');
    await button(page, 'Enrol').click();
    await seeHeading(page, 'Who is at the till?');
    await see(page, 'Corner Shop, High Street · Front till (T1)');
  });

  test('the server goes away, and the day is opened all the same', async () => {
    const { page } = stage;
    await signIn(page, 'Ada Okafor', '1357');
    await goTo(page, 'Sync');
    await seeFigure(page, 'Items in the catalogue', '3');
    await server.close();
    await goTo(page, 'Sell');
    await openDay(page, { '£20.00': 5 });
  });

  test('scans reach the ticket while no field has the focus, and cash gives change', async () => {
    const { page } = stage;
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
    await scan(page, LANTERN);
    await scan(page, LANTERN);
    await seeTotal(page, '£6.78');
    expect(await ticketLines(page)).toEqual([expect.stringMatching(/^2White metal lantern£6\.78/)]);
    expect(await page.getByRole('combobox').inputValue()).toBe('');
    await button(page, 'Pay').click();
    await button(page, '£10.00').click();
    await seeDone(page, 'Change', '£3.22');
    await nextCustomer();
  });

  test('a scan in the search field is a scan, and a code that nobody knows says so', async () => {
    const { page } = stage;
    await page.keyboard.press('F2');
    await scan(page, MUG);
    await seeTotal(page, '£4.99');
    await scan(page, '96385074');
    await see(page, 'No item has the code 96385074');
    await seeTotal(page, '£4.99');
  });

  test('an item is found by parts of its name, and paid by card', async () => {
    const { page } = stage;
    await page.getByRole('combobox').fill('teap oak');
    await page.getByRole('combobox').press('Enter');
    await seeTotal(page, '£17.49');
    await button(page, 'Pay').click();
    await button(page, 'Card').click();
    await seeDone(page, 'Paid, no change', '£0.00');
  });

  test('a scan begins the next ticket; voucher, card and cash share a bill', async () => {
    const { page } = stage;
    await scan(page, TEAPOT);
    await seeTotal(page, '£12.50');
    await button(page, 'Pay').click();
    await page.keyboard.type('5');
    await button(page, 'Voucher').click();
    await page.keyboard.type('2.50', { delay: 120 });
    await button(page, 'Card').click();
    await see(page, 'Still to pay');
    await button(page, '£10.00').click();
    await seeDone(page, 'Change', '£5.00');
    await nextCustomer();
  });

  test('a ticket waits on hold while another customer is served', async () => {
    const { page } = stage;
    await scan(page, TEAPOT);
    await seeTotal(page, '£12.50');
    await button(page, 'Hold').click();
    await page.getByRole('dialog').getByRole('textbox').fill('Mrs Bell');
    await page.getByRole('dialog').getByRole('button', { name: 'Hold' }).click();
    await seeHeading(page, 'New sale');
    await scan(page, MUG);
    await seeTotal(page, '£4.99');
    await button(page, 'Pay').click();
    await page.keyboard.press('Enter');
    await seeDone(page, 'Paid, no change', '£0.00');
    await nextCustomer();
    await page.keyboard.press('F9');
    await see(page, 'Mrs Bell');
    await button(page, 'Recall').click();
    await seeTotal(page, '£12.50');
    await button(page, 'Pay').click();
    await button(page, 'Card').click();
    await seeDone(page, 'Paid, no change', '£0.00');
    await nextCustomer();
  });

  test('goods come back without a receipt once a manager has entered her PIN', async () => {
    const { page } = stage;
    await button(page, 'Refund').click();
    await button(page, 'Without a receipt').click();
    await approve(page, 'Maya Lindqvist', '2468');
    await seeHeading(page, 'Refund');
    await scan(page, MUG);
    await seeTotal(page, '£4.99');
    await button(page, 'Pay out').click();
    await button(page, 'Cash').click();
    await seeDone(page, 'Paid out', '£4.99');
    await nextCustomer();
  });

  test('the data process is killed in mid-sale, and the ticket goes on', async () => {
    const { page } = stage;
    await scan(page, LANTERN);
    await scan(page, MUG);
    await seeTotal(page, '£8.38');
    await stage.killDataProcess();
    await scan(page, TEAPOT);
    await seeTotal(page, '£20.88');
    expect(await ticketLines(page)).toHaveLength(3);
  });

  test('what was rung is in the ledger, not only on the screen: it outlives the page and another crash', async () => {
    const { page } = stage;
    await stage.killDataProcess();
    await page.reload();
    await see(page, 'A ticket is open and waits.');
    await signIn(page, 'Ada Okafor', '1357');
    await seeTotal(page, '£20.88');
    await button(page, 'Pay').click();
    await button(page, '£40.00').click();
    await seeDone(page, 'Change', '£19.12');
    await nextCustomer();
  });

  test('the sync screen says that the server is not reached, and what waits for it', async () => {
    const { page } = stage;
    await goTo(page, 'Sync');
    await button(page, 'Synchronise now').click();
    await see(page, 'Selling goes on; what was done is sent later.');
    // A day, six sales and a refund.
    await seeFigure(page, 'Waiting to be sent', '8');
    expect(await query('select ticket_id from ticket')).toEqual([]);
  });

  test('the server comes back, and has every ticket once', async () => {
    const { page } = stage;
    server = await testServer(central.db, Number(new URL(server.url).port));
    await button(page, 'Synchronise now').click();
    await see(page, 'Nothing waits');
    await see(page, 'All sent');
    const totals = await query<{ total_minor: number }>('select total_minor from ticket order by number');
    expect(totals.map((ticket) => ticket.total_minor)).toEqual([678, 1749, 1250, 499, 1250, -499, 2088]);
  });

  test('the day is closed on a blind count, and the server agrees with its Z report', async () => {
    const { page } = stage;
    await goTo(page, 'Day');
    await seeHeading(page, /^Sales day/);
    // 100.00 + 6.78 + 5.00 + 4.99 - 4.99 + 20.88
    expect(await page.locator('main').textContent()).not.toContain('132.66');
    await countCash(page, { '£50.00': 2, '£20.00': 1, '£10.00': 1, '£2.00': 1, '£0.50': 1, '£0.10': 1 });
    await countCash(page, { '£0.05': 1, '£0.01': 1 });
    await button(page, 'Check the count').click();
    await see(page, '£132.66');
    expect(await page.locator('main').textContent()).not.toContain('balances');
    await button(page, 'Close the day').click();
    await seeHeading(page, 'Day closed: Z report 1');
    await see(page, 'The drawer balances');
    await goTo(page, 'Sync');
    await button(page, 'Synchronise now').click();
    await see(page, 'Nothing waits');
    expect(await query('select z_agrees from sales_day')).toEqual([{ z_agrees: true }]);
    expect(await query('select code from exception')).toEqual([]);
  });

  test('nothing went wrong in the page on the way that was not shown', async () => {
    const errors = (await stage.page.consoleMessages()).filter((message) => message.type() === 'error');
    const unexpected = errors.map((message) => message.text()).filter((text) => !/WebSocket/.test(text));
    expect(unexpected).toEqual([]);
  });
});
