import type { Locator, Page } from 'playwright';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { see } from './cashier.ts';

/** What people of the office do at its screens, by the words that stand on them. */

/** The address and the password of somebody of the demo shop. */
export function officeLogin(role: 'ADMIN' | 'MANAGER'): { email: string; password: string } {
  const { office } = DEMO_SHOP.people.find((person) => person.role === role) ?? {};
  if (!office) throw new Error(`nobody of the demo shop signs in as ${role}`);
  return office;
}

/** Opens the office's door from a locked till, or from one that is not enrolled. */
export const toOffice = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Office', exact: true }).click();

/** Signs in at the door that is open. */
export async function signInAtDoor(page: Page, { email, password }: { email: string; password: string }) {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await navigation(page).waitFor();
}

/** Goes from a locked till into the office. */
export async function enterOffice(page: Page, role: 'ADMIN' | 'MANAGER' = 'ADMIN'): Promise<void> {
  await toOffice(page);
  await signInAtDoor(page, officeLogin(role));
}

/** The list of the office's pages. */
export const navigation = (page: Page): Locator => page.getByRole('navigation', { name: 'Office' });

/** Goes to a page of the office, and waits until its list has come. */
export async function goToOffice(page: Page, name: string): Promise<void> {
  await navigation(page).getByRole('button', { name, exact: true }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
}

/** A row of the table, by what stands in it. */
export const row = (page: Page, words: string | RegExp): Locator =>
  page.getByRole('row').filter({ hasText: words });

/** Opens a row, and gives the panel that belongs to it. */
export async function openRow(page: Page, words: string): Promise<Locator> {
  await row(page, words).click();
  return panel(page);
}

/** The panel or dialog on top. */
export async function panel(page: Page): Promise<Locator> {
  const top = page.getByRole('dialog').last();
  await top.waitFor();
  return top;
}

/** Presses a button of the panel on top. */
export const press = async (page: Page, words: string): Promise<void> =>
  (await panel(page)).getByRole('button', { name: words, exact: true }).click();

/** Chooses in a select of the panel on top. */
export async function choose(page: Page, label: string, option: string | RegExp): Promise<void> {
  await (await panel(page)).getByRole('button', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
}

/** Saves what stands in the panel, and waits until it is said and the panel is gone. */
export async function save(
  page: Page,
  words = 'Save',
  said: string | RegExp = /^(Saved|Added): /,
): Promise<void> {
  await press(page, words);
  await see(page, said);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Leaves the office for the locked till. */
export async function leaveOffice(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Back to the till' }).click();
  await page.getByRole('heading', { name: 'Who is at the till?' }).waitFor();
}
