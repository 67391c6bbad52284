import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright';
import { type DataProcess, forkDataProcess } from '../../src-main/data/client.ts';
import { openBrowser } from './browser.ts';
import { builtScreens } from './packed-app.ts';

/** A screen in a browser over a real data process. */
export type TestScreen = {
  /** A new window on the till, paired and loaded. */
  readonly open: (options?: BrowserContextOptions) => Promise<Page>;
  /** The same without a token: whoever finds the address. */
  readonly openAsStranger: () => Promise<Page>;
  /** Where one page may come in, once. */
  readonly address: () => Promise<string>;
  /** SIGKILL to the data process, then another over the same files, at the same port. */
  readonly crash: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Options = {
  /** Puts files into the till's folder before it starts; without it the till is new. */
  prepare?: (folder: string) => Promise<void>;
  autosync?: boolean;
};

/** Starts a till and a browser for it. */
export async function testScreen({ prepare, autosync = false }: Options = {}): Promise<TestScreen> {
  const files = await builtScreens();
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-screen-'));
  await prepare?.(folder);
  const start = (port: number) => forkDataProcess({ folder, autosync, door: { port, files } });
  let child: DataProcess = await start(0);
  const { origin, port } = new URL(await child.doorAddress());
  const browser = await openBrowser();
  const open = async (address: string, options?: BrowserContextOptions) => {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };
  return {
    open: async (options) => open(await child.doorAddress(), options),
    openAsStranger: () => open(origin),
    address: () => child.doorAddress(),
    crash: async () => {
      child.kill('SIGKILL');
      await child.exited;
      child = await start(Number(port));
    },
    close: async () => {
      await browser.close();
      child.kill();
      await child.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
