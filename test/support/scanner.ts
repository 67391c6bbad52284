import type { Page } from 'playwright';

/**
 * Sends a code as a keyboard-wedge scanner does: a key at a time, then Enter, faster than a person types. The keys
 * are made in the page, so that a busy machine does not stretch them into typing; they write into no field.
 */
export const scan = (page: Page, code: string): Promise<void> =>
  page.evaluate(`
    for (const key of [...${JSON.stringify(code)}, 'Enter']) {
      (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
      );
    }
  `);
