import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserProblem } from '../../support/browser.ts';
import { button, see, seeHeading, seeNoDialog } from '../../support/cashier.ts';
import { decideOn, onDesk } from '../../support/desk.ts';
import { dressOffice } from '../../support/dress-office.ts';
import { faultsInAllThemes, noFaults } from '../../support/look.ts';
import { type Office, officeOf } from '../../support/office.ts';
import { type OfficeStage, openOfficeStage } from '../../support/office-stage.ts';
import { enterOffice, goToOffice, openRow, panel, press, row } from '../../support/office-worker.ts';

/** The tests follow one another. */
describe('exceptions, at the screens of the office', () => {
  const problem = browserProblem();
  let stage: OfficeStage;
  let page: Page;
  let maya: Office;
  beforeAll(async () => {
    if (problem !== null) return;
    stage = await openOfficeStage();
    ({ page } = stage);
    await dressOffice(stage);
    maya = await officeOf(stage.server.url, stage.central.company, 'MANAGER');
  });
  afterAll(() => stage?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  /** What somebody else in the office does meanwhile. */
  const meanwhile = async (code: string, action: 'accept' | 'replay', note: string) => {
    const [seen] = await onDesk(maya, `state=open&code=${code}`);
    if (!seen) throw new Error(`nothing open is ${code}`);
    const answer = await decideOn(maya, seen, action, { note });
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  };
  /** Waits until the page's button in the navigation is described by this. */
  const seeDescribed = async (words: string) => {
    const described = await page
      .getByRole('button', { name: 'Exceptions', exact: true })
      .getAttribute('aria-describedby');
    await expect.poll(() => page.locator(`#${described}`).textContent(), { timeout: 15_000 }).toBe(words);
  };

  test('what must be looked at is counted in the navigation, and told in plain words', async () => {
    await enterOffice(page);
    await seeDescribed('5 open');
    await goToOffice(page, 'Exceptions');
    const honey = row(page, 'It names goods that are not in the catalogue.');
    for (const words of ['£25.18', 'SHOP1-T2-T-000001', 'T2 Back till', 'Ada Okafor', 'Counts']) {
      await honey.getByText(words, { exact: true }).waitFor();
    }
    await row(page, 'The server is too old for this kind of entry.').getByText('Set aside').waitFor();
  });

  test('they are found by cause, by kind and by receipt', async () => {
    await page.getByRole('button', { name: 'Cause All' }).click();
    await page.getByRole('option', { name: 'Person not known' }).click();
    await row(page, '£8.99').waitFor();
    await see(page, '1 row');
    await page.getByRole('button', { name: 'Cause Person not known' }).click();
    await page.getByRole('option', { name: 'All' }).click();
    await page.getByRole('button', { name: 'Kind All' }).click();
    await page.getByRole('option', { name: 'Set aside' }).click();
    await see(page, '1 to 2 of 2');
    await page.getByRole('searchbox').fill('T-000002');
    await see(page, 'Nothing fits the search');
    await button(page, 'Show all').click();
    await see(page, '1 to 5 of 5');
  });

  test('a decision wants a note, and what is typed is not lost by leaving', async () => {
    const form = await openRow(page, 'It names goods that are not in the catalogue.');
    await form.getByRole('rowheader', { name: /^Honey, wildflower 500 g/ }).waitFor();
    await form.getByText('Something was posted that makes up for it').click();
    await form.getByLabel('Receipt of the correction').fill('SHOP1-T2-T-000099');
    await press(page, 'Accept as corrected');
    await form.getByText('Must not be empty.').waitFor();
    await form.getByLabel('Note').fill('Refunded and sold again.');
    await page.keyboard.press('Escape');
    await see(page, 'Throw away what you typed?');
    await press(page, 'Go on editing');
  });

  test('a correction that the company does not have is said at its field; one that it has settles it', async () => {
    const form = await panel(page);
    await press(page, 'Accept as corrected');
    await form.locator('[data-invalid]').first().waitFor();
    expect(await form.getByLabel('Receipt of the correction').getAttribute('aria-invalid')).toBe('true');
    await form.getByLabel('Receipt of the correction').fill('SHOP1-T2-T-000003');
    await press(page, 'Accept as corrected');
    await see(page, 'Corrected: Ticket SHOP1-T2-T-000001 · T2 Back till');
    await seeNoDialog(page);
    await see(page, '1 to 4 of 4');
    await seeDescribed('4 open');
  });

  test('what somebody else settles while it is open here says who, and shows what they decided', async () => {
    const form = await openRow(page, 'The figures on this ticket do not add up.');
    await form.getByLabel('Note').fill('Looks right to me.');
    await meanwhile('ticket_sums_differ', 'accept', 'The printer had a bad day.');
    await press(page, 'Accept as it is');
    await form.getByText('Settled meanwhile').waitFor();
    await form.getByText(/^Maya Lindqvist accepted this on/).waitFor();
    await form.getByText('The printer had a bad day.').waitFor();
    await form.getByText(/^Maya Lindqvist, in the office/).waitFor();
    expect(await form.getByLabel('Note').inputValue()).toBe('Looks right to me.');
    expect(await form.getByRole('button', { name: 'Accept as it is' }).count()).toBe(0);
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await page.keyboard.press('Escape');
    await press(page, 'Throw it away');
    await seeNoDialog(page);
    expect(await row(page, 'do not add up').count()).toBe(0);
  });

  test('a decision that was made from an old state is made again from the new one', async () => {
    const form = await openRow(page, 'The server is too old for this kind of entry.');
    await form.getByText('Leave it as it is').click();
    await form.getByLabel('Note').fill('Points are kept elsewhere.');
    await meanwhile('unknown_kind', 'replay', 'Tried after the upgrade.');
    await press(page, 'Accept as it is');
    await form.getByText('Somebody has changed this meanwhile').waitFor();
    await form.getByText('Applied again, still set aside').waitFor();
    await press(page, 'Keep what I typed');
    await press(page, 'Accept as it is');
    await see(page, 'Accepted: Entry · T2 Back till');
    await seeNoDialog(page);
  });

  test('a replay that comes to nothing says so, and leaves it open', async () => {
    const form = await openRow(page, 'The server could not read it.');
    await form.getByLabel('Note').fill('Support said to try.');
    await press(page, 'Apply again');
    await form.getByText('It is still set aside').waitFor();
    await form.getByText('Support said to try.').waitFor();
    expect(await form.getByLabel('Note').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await seeNoDialog(page);
  });

  test('everything that may have been repaired is applied again at once, and what came of it is told', async () => {
    await button(page, 'Apply again').click();
    await press(page, 'Apply again');
    await see(page, 'Must not be empty.');
    await page.getByLabel('Note').fill('After the upgrade.');
    await page.keyboard.press('Enter');
    await see(page, '0 applied, 1 still set aside');
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await (await panel(page)).getByRole('button', { name: 'Close' }).last().click();
    await seeNoDialog(page);
  });

  test('a decision is taken back, by keyboard alone', async () => {
    await page.getByRole('button', { name: 'State Open' }).press('Enter');
    await page.getByRole('option', { name: 'Settled' }).press('Enter');
    await row(page, 'do not add up').press('Enter');
    const form = await panel(page);
    await form.getByText('The printer had a bad day.').waitFor();
    await form.getByRole('button', { name: 'Open it again…' }).press('Enter');
    await form.getByLabel('Note').press('A');
    await page.keyboard.type(' refund is on its way.');
    await form.getByRole('button', { name: 'Open again', exact: true }).press('Enter');
    await see(page, 'Open again: Ticket SHOP1-T2-T-000002 · T2 Back till');
    await seeNoDialog(page);
    await seeDescribed('3 open');
  });

  test('where nothing is open the list says so', async () => {
    for (const seen of await onDesk(maya, 'state=open')) {
      expect((await decideOn(maya, seen, 'accept')).status).toBe(200);
    }
    await goToOffice(page, 'Terminals');
    await goToOffice(page, 'Exceptions');
    await see(page, 'Nothing to look at');
    await seeDescribed('');
    await seeHeading(page, 'Exceptions');
  });
});
