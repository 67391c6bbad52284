import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { see, seeDone, seeHeading, seeNoDialog, seeTotal } from '../../support/cashier.ts';
import { SHELF } from '../../support/gallery.ts';
import { seedTill } from '../../support/seed-till.ts';
import { TILL_STAGES, type TillStage } from '../../support/till-stage.ts';

/** Presses Tab until the focus is where it is wanted; as often as a patient person would. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await wanted.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${wanted}`);
}

/** The mouse is never touched: the tests follow one another from the sign-in to the change. */
describe.each(TILL_STAGES)('without a mouse, $name', ({ problem, open }) => {
  let stage: TillStage;
  beforeAll(async () => {
    if (problem !== null) return;
    stage = await open((folder) => seedTill(folder, SHELF));
    stage.page.setDefaultTimeout(10_000);
  });
  afterAll(() => stage?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('a cashier signs in', async () => {
    const { page } = stage;
    await seeHeading(page, 'Who is at the till?');
    await tabTo(page, page.getByRole('button', { name: 'Ada Okafor' }));
    await page.keyboard.press('Enter');
    await page.getByLabel('PIN of Ada Okafor').waitFor();
    await page.keyboard.type('1357');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'Open the sales day');
  });

  test('opens the day, going from one denomination to the next by Enter', async () => {
    const { page } = stage;
    await tabTo(page, page.getByRole('textbox', { name: '£20.00', exact: true }));
    await page.keyboard.type('2');
    await page.keyboard.press('Enter');
    await page.keyboard.type('6');
    await page.keyboard.press('Enter');
    await see(page, '£100.00');
    await tabTo(page, page.getByRole('button', { name: 'Open the day' }));
    await page.keyboard.press('Enter');
    await seeHeading(page, 'New sale');
  });

  test('finds goods by typing, and changes a quantity', async () => {
    const { page } = stage;
    await page.keyboard.type('mug', { delay: 130 });
    await see(page, 'Blue enamel mug');
    await page.keyboard.press('Enter');
    await seeTotal(page, '£8.99');
    await page.keyboard.press('F2');
    await page.keyboard.type('milk', { delay: 130 });
    await see(page, '2 items');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await seeTotal(page, '£10.54');
    await page.keyboard.press('F3');
    await seeHeading(page, 'Quantity of Whole milk 2 l');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await seeTotal(page, '£13.64');
    await seeNoDialog(page);
  });

  test('corrects a mistake', async () => {
    const { page } = stage;
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Delete');
    await seeTotal(page, '£4.65');
    await page.keyboard.press('Control+z');
    await seeTotal(page, '£13.64');
  });

  test('takes the money, sees the change, and is ready for the next customer', async () => {
    const { page } = stage;
    await page.keyboard.press('F10');
    await seeHeading(page, 'Payment');
    await page.keyboard.type('20', { delay: 130 });
    await page.keyboard.press('Enter');
    await seeDone(page, 'Change', '£6.36');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'New sale');
    expect(await page.getByRole('listbox').count()).toBe(0);
  });

  test('goes from place to place, the focus staying on the one that was chosen', async () => {
    const { page } = stage;
    for (const place of ['Tickets', 'Sync', 'Till']) {
      const chosen = page.getByRole('navigation').getByRole('button', { name: place, exact: true });
      await tabTo(page, chosen);
      await page.keyboard.press('Enter');
      await chosen.and(page.locator('[aria-current=page]')).waitFor();
      await chosen.and(page.locator(':focus')).waitFor();
    }
  });
});
