import type { Page } from 'playwright';

/**
 * Milliseconds, by the page's own clock, from an act in the page until what it leads to has been drawn: the frame
 * after the one in which it stands in the document. Both are JavaScript.
 */
const untilDrawn = (page: Page, act: string, seen: string): Promise<number> =>
  page.evaluate(`new Promise((resolve) => {
    const start = performance.now();
    const watch = new MutationObserver(() => {
      if (!(${seen})) return;
      watch.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
    });
    watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    ${act}
  })`);

const pressing = (keys: readonly string[]): string => `
  for (const key of ${JSON.stringify(keys)}) {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  }`;

/** From the first key of a scan to the item's line on the ticket. */
export const timeScan = (page: Page, code: string, name: string): Promise<number> =>
  untilDrawn(
    page,
    pressing([...code, 'Enter']),
    `document.getElementById('ticket-lines')?.textContent.includes(${JSON.stringify(name)})`,
  );

/** From “Cash”, pressed by its key on the payment screen, to the change. */
export const timePayment = (page: Page): Promise<number> =>
  untilDrawn(page, pressing(['Enter']), `document.querySelector('[data-testid=change]')`);

/** From the PIN, which has been entered, to the sell screen. */
export const timeUnlock = (page: Page): Promise<number> =>
  untilDrawn(
    page,
    `document.querySelector('form').requestSubmit();`,
    `document.querySelector('[data-testid=total]')`,
  );

/** The least that any of them takes: one short call through the page's port, and the frame after its answer. */
export const timeBareCall = (page: Page): Promise<number> =>
  page.evaluate(`new Promise((resolve) => {
    const port = line.ports.at(-1);
    const start = performance.now();
    port.addEventListener(
      'message',
      () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start))),
      { once: true },
    );
    port.postMessage(JSON.stringify({ i: 'bare', p: { u: '/sync/status' } }));
  })`);
