import type { Page } from 'playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { browserProblem } from '../../support/browser.ts';
import { button, see } from '../../support/cashier.ts';
import { testCentral } from '../../support/central.ts';
import { dressOffice } from '../../support/dress-office.ts';
import { differencesOf, faultsInAllThemes, noDifferences, noFaults } from '../../support/look.ts';
import { OFFICE_GALLERY } from '../../support/office-gallery.ts';
import { enrolByHand, type OfficeStage, openOfficeStage } from '../../support/office-stage.ts';
import { enterOffice, goToOffice, panel, press, row } from '../../support/office-worker.ts';
import { desktopProblem } from '../../support/packed-app.ts';
import { testScreen } from '../../support/screen.ts';
import { testServer } from '../../support/server.ts';
import { enrolmentCode } from '../../support/shop.ts';
import { desktopStage } from '../../support/till-stage.ts';

describe('every screen of the office in Chromium', () => {
  const problem = browserProblem();
  let stage: OfficeStage;
  let page: Page;
  beforeAll(async () => {
    if (problem !== null) return;
    stage = await openOfficeStage();
    ({ page } = stage);
    await dressOffice(stage);
  });
  afterAll(() => stage?.close());
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  describe.each(OFFICE_GALLERY)('$name', ({ name, isPictured, show }) => {
    test('is reached, and can be used by everybody in light, in dark and in high contrast', async () => {
      await show(page);
      expect(await faultsInAllThemes(page)).toEqual(noFaults);
    });

    if (!isPictured) return;
    test('looks as it is known', async () => {
      expect(await differencesOf(page, name)).toEqual(noDifferences);
    });
  });

  test('the way in from a device that is no till yet can be used by everybody', async () => {
    const fresh = await testScreen();
    try {
      const device = await fresh.open({ reducedMotion: 'reduce' });
      await device.getByRole('button', { name: 'Office', exact: true }).click();
      await device.getByLabel('Server address').waitFor();
      await device.getByRole('button', { name: 'Sign in', exact: true }).click();
      await device.getByText('An address begins with https:// or http://.').waitFor();
      expect(await faultsInAllThemes(device)).toEqual(noFaults);
    } finally {
      await fresh.close();
    }
  });
});

describe('the office in the packed desktop app', () => {
  const problem = desktopProblem();
  beforeEach(({ skip }) => skip(problem !== null, problem ?? ''));

  test('an administrator signs in from a locked till; a window with unsaved work asks before it closes', async () => {
    const central = await testCentral();
    const server = await testServer(central.db);
    const till = await desktopStage();
    try {
      const { page } = till;
      page.setDefaultTimeout(10_000);
      await enrolByHand(page, server.url, await enrolmentCode(central, central.company), 'Front till');
      await enterOffice(page);
      await goToOffice(page, 'People');
      await row(page, 'Tomas Reyes').getByText('you').waitFor();
      await button(page, 'Add for the tills').click();
      await (await panel(page)).getByLabel('Name').fill('Somebody new');
      const closed = page.waitForEvent('close');
      await page.evaluate('window.close()');
      await see(page, 'Throw away what you typed?');
      await press(page, 'Throw it away');
      await closed;
    } finally {
      await till.close();
      await server.close();
      await central.close();
    }
  });
});
