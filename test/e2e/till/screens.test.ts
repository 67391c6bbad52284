import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserProblem } from '../../support/browser.ts';
import { GALLERY, SHELF } from '../../support/gallery.ts';
import {
  differencesOf,
  faultsInAllThemes,
  LARGE,
  noDifferences,
  noFaults,
  THEMES,
} from '../../support/look.ts';
import { desktopProblem } from '../../support/packed-app.ts';
import { coloursOf, isUpdating, showInDocs } from '../../support/picture.ts';
import { type TestScreen, testScreen } from '../../support/screen.ts';
import { seedTill } from '../../support/seed-till.ts';
import { desktopStage, type TillStage } from '../../support/till-stage.ts';

describe('every screen in Chromium', () => {
  const problem = browserProblem();
  let screen: TestScreen;
  let page: Page;
  beforeAll(async () => {
    if (problem !== null) return;
    screen = await testScreen({ prepare: (folder) => seedTill(folder, SHELF) });
    page = await screen.open({ viewport: LARGE, reducedMotion: 'reduce' });
    page.setDefaultTimeout(10_000);
  });
  afterAll(() => screen?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  describe.each(GALLERY)('$name', ({ name, isPictured, show }) => {
    test('is reached, and can be used by everybody in light and in dark', async () => {
      await show(page);
      expect(await faultsInAllThemes(page)).toEqual(noFaults);
    });

    if (!isPictured) return;
    test('looks as it is known', async () => {
      expect(await differencesOf(page, name)).toEqual(noDifferences);
    });
  });

  test('a stranger without a token sees why, and can be helped', async () => {
    const stranger = await screen.openAsStranger();
    await stranger.getByText('This screen is not connected to a till').waitFor();
    expect(await faultsInAllThemes(stranger)).toEqual(noFaults);
  });

  test('a till that is not enrolled yet says what is wrong with what was entered', async () => {
    const fresh = await testScreen();
    try {
      const enrol = await fresh.open({ reducedMotion: 'reduce' });
      await enrol.getByRole('button', { name: 'Enrol' }).click();
      await enrol.getByText('A code has twelve letters and digits').waitFor();
      expect(await faultsInAllThemes(enrol)).toEqual(noFaults);
    } finally {
      await fresh.close();
    }
  });
});

describe('every screen in the packed desktop app', () => {
  const problem = desktopProblem();
  let till: TillStage;
  beforeAll(async () => {
    if (problem !== null) return;
    till = await desktopStage((folder) => seedTill(folder, SHELF));
    till.page.setDefaultTimeout(10_000);
  });
  afterAll(() => till?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test.each(GALLERY)('$name is drawn', async ({ name, show }) => {
    const { page } = till;
    await show(page);
    for (const theme of THEMES) {
      await page.evaluate(`tilldock.changeWindow({ theme: '${theme}' })`);
      expect(coloursOf(await page.screenshot()), theme).toBeGreaterThan(100);
    }
    if (isUpdating && name === 'sell') await showInDocs('window', await page.screenshot());
  });
});
