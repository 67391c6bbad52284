import type { Locator, Page } from 'playwright';
import { expect } from 'vitest';

/** What a cashier does at the screens, by the words that stand on them. */

/** A button by the beginning of its words; the key that does the same may follow on it. */
export const button = (page: Page, words: string): Locator =>
  page.getByRole('button', { name: new RegExp(`^${words.replace(/[.()?+*]/g, '\\$&')}`) });

/** Waits until a heading stands on the screen. */
export const seeHeading = (page: Page, words: string | RegExp): Promise<void> =>
  page.getByRole('heading', { name: words }).first().waitFor();

/** Waits until words stand anywhere on the screen. */
export const see = (page: Page, words: string | RegExp): Promise<void> =>
  page.getByText(words).first().waitFor();

/** Waits until no dialog stands over the screen, and keys act on the screen again. */
export const seeNoDialog = (page: Page): Promise<void> =>
  page.getByRole('dialog').waitFor({ state: 'detached' });

/** Unlocks the till. */
export async function signIn(page: Page, name: string, pin: string): Promise<void> {
  await page.getByRole('button', { name }).click();
  await page.getByLabel(`PIN of ${name}`).fill(pin);
  await button(page, 'Sign in').click();
  await page.getByRole('navigation').waitFor();
}

/** Enters a count: pieces by what stands before the field, such as `£20.00`. */
export async function countCash(page: Page, pieces: Readonly<Record<string, number>>): Promise<void> {
  for (const [value, count] of Object.entries(pieces)) {
    const field = page.getByRole('textbox', { name: value, exact: true });
    await field.fill(String(count));
    await field.blur();
  }
}

/** Opens the day with this float, and waits for the sell screen. */
export async function openDay(page: Page, float: Readonly<Record<string, number>>): Promise<void> {
  await seeHeading(page, 'Open the sales day');
  await countCash(page, float);
  await button(page, 'Open the day').click();
  await seeHeading(page, 'New sale');
}

/** Goes to a place by the rail. */
export const goTo = (page: Page, place: 'Sell' | 'Tickets' | 'Day' | 'Sync' | 'Till'): Promise<void> =>
  page.getByRole('navigation').getByRole('button', { name: place, exact: true }).click();

/** Waits until the ticket comes to an amount as it is written. */
export const seeTotal = (page: Page, amount: string): Promise<void> =>
  expect.poll(() => page.getByTestId('total').textContent(), { timeout: 15_000 }).toBe(amount);

/** Waits for the end of a ticket with this amount of change, or of money paid out. */
export async function seeDone(page: Page, heading: string, amount: string): Promise<void> {
  await seeHeading(page, heading);
  expect(await page.getByTestId('change').textContent()).toBe(amount);
}

/** Waits until a figure of the sync screen says this. */
export const seeFigure = (page: Page, name: string, value: string): Promise<void> =>
  expect
    .poll(() => page.locator('dl > div', { hasText: name }).locator('dd').first().textContent(), {
      timeout: 15_000,
    })
    .toBe(value);

/** The lines of the ticket as they are read: quantity, name and amount. */
export const ticketLines = (page: Page): Promise<string[]> =>
  page.getByRole('listbox', { name: 'Lines of the ticket' }).getByRole('option').allTextContents();

/** Chooses who approves, and enters their PIN. */
export async function approve(page: Page, name: string, pin: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Approval needed' });
  await dialog.getByText(name, { exact: true }).click();
  await dialog.getByLabel(`PIN of ${name}`).fill(pin);
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await dialog.waitFor({ state: 'detached' });
}
