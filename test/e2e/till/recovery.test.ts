import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Page } from 'playwright';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { browserProblem } from '../../support/browser.ts';
import { button, goTo, openDay, see, seeHeading, seeNoDialog, signIn } from '../../support/cashier.ts';
import { damagedTill } from '../../support/damaged-till.ts';
import { SHELF } from '../../support/gallery.ts';
import { differencesOf, faultsInAllThemes, LARGE, noDifferences, noFaults } from '../../support/look.ts';
import { type TestScreen, testScreen } from '../../support/screen.ts';
import { seedTill } from '../../support/seed-till.ts';
import { TILL_STAGES } from '../../support/till-stage.ts';

const GIB = 1024 ** 3;

describe('a till whose ledger is damaged, at its screen in Chromium', () => {
  const problem = browserProblem();
  let screen: TestScreen | null = null;
  const openDamaged = async (damage?: Parameters<typeof damagedTill>[1]): Promise<Page> => {
    screen = await testScreen({ prepare: (folder) => damagedTill(folder, damage) });
    const page = await screen.open({ viewport: LARGE, reducedMotion: 'reduce' });
    page.setDefaultTimeout(15_000);
    await seeHeading(page, 'The records of this till are damaged');
    return page;
  };
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));
  afterEach(async () => {
    await screen?.close();
    screen = null;
  });

  test('says what can be read and which copies are good, to everybody, and looks as it is known', async () => {
    const page = await openDamaged({ copies: 'two', hasGap: true });
    await see(page, /^11 sales, £/);
    await see(page, 'one thing; it comes back if the server has it');
    await page.getByRole('radio', { name: /up to receipt SHOP1-T1-T-000012$/ }).waitFor();
    expect(await page.getByRole('radio', { name: /cannot be used$/ }).isDisabled()).toBe(true);
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    expect(await differencesOf(page, 'recovery')).toEqual(noDifferences);
  });

  test('is given the copy and what can be read by keyboard alone, and then asks the server', async () => {
    const page = await openDamaged();
    await button(page, 'Go on like this').waitFor();
    await expect.poll(() => button(page, 'Go on like this').isEnabled()).toBe(true);
    await button(page, 'Go on like this').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Put these records in place?').waitFor();
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    // What does nothing has the focus first.
    await page.keyboard.press('Enter');
    await seeNoDialog(page);
    await seeHeading(page, 'The records of this till are damaged');
    await button(page, 'Go on like this').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await seeHeading(page, 'This till is fetching what it had done');
    await page.reload();
    await seeHeading(page, 'This till is fetching what it had done');
  });

  test('can begin as a new machine, and asks for a manager’s code', async () => {
    const page = await openDamaged({ copies: 'none', hasGap: true });
    await see(page, 'one thing; it comes back if the server has it');
    await page.getByRole('radio', { name: 'As a new machine, with a code from a manager' }).waitFor();
    expect(await page.getByRole('radio').count()).toBe(1);
    await button(page, 'Go on like this').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Begin as a new machine?').waitFor();
    await dialog.getByRole('button', { name: 'Go on like this' }).click();
    await seeHeading(page, 'Enrol this till');
  });

  test('is not offered anything where nothing is damaged but a newer version is needed', async () => {
    screen = await testScreen({
      prepare: async (folder) => {
        await seedTill(folder, SHELF);
        const ledger = new Sqlite(join(folder, 'ledger.db'));
        ledger.prepare("INSERT INTO migration VALUES (99, '0099_future.sql', 'x', 'then')").run();
        ledger.close();
      },
    });
    const page = await screen.open({ viewport: LARGE, reducedMotion: 'reduce' });
    await seeHeading(page, 'This till needs a newer Tilldock');
    await seeHeading(page, 'What the till says');
    expect(await page.getByRole('radio').count()).toBe(0);
    expect(await button(page, 'Go on like this').count()).toBe(0);
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
  });

  test('shows how far it has read, and stops when it is told to', async () => {
    const page = await openDamaged({ size: 16 * GIB });
    const progress = page.getByRole('progressbar', { name: 'Reading the damaged file' });
    await progress.waitFor();
    await expect.poll(async () => Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    expect(await button(page, 'Go on like this').isDisabled()).toBe(true);
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await button(page, 'Stop reading').click();
    await see(page, 'Reading was stopped');
    await expect.poll(() => button(page, 'Go on like this').isEnabled()).toBe(true);
    await button(page, 'Go on like this').click();
    await page.getByRole('dialog').getByText('never sent stays in that file').waitFor();
    expect(await faultsInAllThemes(page)).toEqual(noFaults);
    await page.keyboard.press('Escape');
    await button(page, 'Read again').click();
    await progress.waitFor();
  });
});

describe.each(TILL_STAGES)('a damaged ledger on $name', ({ problem, open }) => {
  test('is replaced at the screen, and the till goes on by itself', async ({ skip }) => {
    skip(problem !== null, problem ?? '');
    const stage = await open((folder) => damagedTill(folder));
    try {
      const { page } = stage;
      page.setDefaultTimeout(15_000);
      await seeHeading(page, 'The records of this till are damaged');
      await page.getByRole('radio', { name: /up to receipt SHOP1-T1-T-000012$/ }).waitFor();
      await expect.poll(() => button(page, 'Go on like this').isEnabled()).toBe(true);
      await button(page, 'Go on like this').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Go on like this' }).click();
      await seeHeading(page, 'This till is fetching what it had done');
    } finally {
      await stage.close();
    }
  });
});

describe('copies of the ledger that cannot be made', () => {
  test('are told of on every screen until they can', async ({ skip }) => {
    const problem = browserProblem();
    skip(problem !== null, problem ?? '');
    let place = '';
    const screen = await testScreen({
      prepare: async (folder) => {
        await seedTill(folder, SHELF);
        place = join(folder, 'backups');
        await writeFile(place, 'not a folder');
      },
    });
    try {
      const page = await screen.open({ viewport: LARGE, reducedMotion: 'reduce' });
      page.setDefaultTimeout(15_000);
      await signIn(page, 'Ada Okafor', '1357');
      await openDay(page, { '£20.00': 1 });
      await goTo(page, 'Till');
      await see(page, 'They go with the ledger when its disk fails');
      await button(page, 'Copy now').click();
      await see(page, 'No copies of the records are being made');
      await goTo(page, 'Sell');
      await see(page, 'There is a file of that name where the folder should be');
      expect(await faultsInAllThemes(page)).toEqual(noFaults);
      await rm(place);
      await goTo(page, 'Till');
      await button(page, 'Copy now').click();
      await page.getByText('No copies of the records are being made').waitFor({ state: 'detached' });
    } finally {
      await screen.close();
    }
  });
});
