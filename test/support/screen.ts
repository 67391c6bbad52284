import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright';
import { type DataProcess, forkDataProcess } from '../../src-main/data/client.ts';
import { type StockedItem, seedTill } from './seed-till.ts';

/** Debian's Chromium, and how it runs as root in a container without reaching out. */
const browserOptions = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

const builtScreens = fileURLToPath(new URL('../../build/renderer', import.meta.url));

/** A screen in a browser over a real data process, whose till was enrolled and filled without a server. */
export type TestScreen = {
  readonly folder: string;
  readonly process: () => DataProcess;
  readonly browser: Browser;
  /** A new window on the till, paired and loaded. */
  readonly open: (options?: BrowserContextOptions) => Promise<Page>;
  /** SIGKILL to the data process, then another over the same files, at the same port. */
  readonly crash: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Starts a till with these items and the people of the demo shop; with none, one that is not enrolled. */
export async function testScreen(stock: readonly StockedItem[] | null, port = 0): Promise<TestScreen> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-screen-'));
  if (stock) await seedTill(folder, stock);
  const start = (at: number) =>
    forkDataProcess({ folder, autosync: false, door: { port: at, files: builtScreens } });
  let child = await start(port);
  const address = new URL(await child.doorAddress());
  const browser = await chromium.launch(browserOptions);
  return {
    folder,
    process: () => child,
    browser,
    open: async (options = {}) => {
      const context = await browser.newContext(options);
      const page = await context.newPage();
      await page.goto(await child.doorAddress());
      return page;
    },
    crash: async () => {
      child.kill('SIGKILL');
      await child.exited;
      child = await start(Number(address.port));
    },
    close: async () => {
      await browser.close();
      child.kill();
      await child.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

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
