import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { differenceFrom, isUpdating, pictureOf, showInDocs } from './picture.ts';

/** The themes that a machine can ask for. */
export const THEMES = ['light', 'dark'] as const;

/** The sizes of window that every screen must work in. */
export const LARGE = { width: 1280, height: 800 };
const SMALL = { width: 1024, height: 768 };

/** Faults that keep somebody from working: axe calls them serious or critical. */
async function seriousFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

/** The same in light, in dark, and in dark for whoever wants more contrast; by these names. */
export async function faultsInAllThemes(page: Page): Promise<Record<string, string[]>> {
  const faults: Record<string, string[]> = {};
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    faults[colorScheme] = await seriousFaults(page);
  }
  await page.emulateMedia({ contrast: 'more' });
  faults.contrast = await seriousFaults(page);
  await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' });
  return faults;
}

/** What `faultsInAllThemes` answers where there are none. */
export const noFaults = { light: [], dark: [], contrast: [] };

/** Compares a screen with its pictures, in each theme at each size; what is wrong, picture by picture. */
export async function differencesOf(page: Page, name: string): Promise<(string | null)[]> {
  const differences: (string | null)[] = [];
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme });
    for (const viewport of [SMALL, LARGE]) {
      await page.setViewportSize(viewport);
      differences.push(
        await differenceFrom(`${name}-${colorScheme}-${viewport.width}`, await pictureOf(page)),
      );
    }
    if (isUpdating) await showInDocs(`${name}-${colorScheme}`, await page.screenshot());
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return differences;
}

/** What `differencesOf` answers where there are none. */
export const noDifferences = [null, null, null, null];
