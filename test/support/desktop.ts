import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron, errors, type Page } from 'playwright';
import { expect } from 'vitest';
import { type Display, openDisplay } from './display.ts';
import { packedApp, readLog } from './packed-app.ts';

/** A running desktop app. */
export type Desktop = {
  app: ElectronApplication;
  page: Page;
  folder: string;
  /** When the program was started, by `performance.now()`. */
  launched_at: number;
  /** Quits as a person would, kiosk or not; settles when the program is gone. */
  quit(): Promise<void>;
};

/** A place where desktop apps can be started; `close` ends what it started. */
export type DesktopBench = {
  /** Starts the packed app on a folder: a new one, or one that an app used before. */
  start(folder?: string): Promise<Desktop>;
  newFolder(): Promise<string>;
  program: string;
  args(folder: string): string[];
  env: Record<string, string>;
  close(): Promise<void>;
};

/** Chromium's own sandbox cannot be had as root, nor a GPU in a virtual machine. */
const machineSwitches =
  process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : process.env.CI ? ['--disable-gpu'] : [];

/** A start takes one second, on a busy machine three; in ms. */
const longestStart = 20_000;

/**
 * Starts a program with Playwright attached to it. On a busy machine Playwright misses, about once in fifteen
 * starts, the answer of a page that loads while it attaches, and waits for ever although the app runs well
 * (https://github.com/microsoft/playwright/issues/29386). It ends such an app, and another is started.
 * @param start is told how long it may take in ms, and the number of the attempt
 */
export async function attached<Started>(
  start: (timeout: number, attempt: number) => Promise<Started>,
): Promise<Started> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(longestStart, attempt);
    } catch (error) {
      if (!(error instanceof errors.TimeoutError) || attempt === 4) throw error;
    }
  }
}

/** Makes a folder hold what another one holds, and nothing else. */
async function copyInto(folder: string, from: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await cp(from, folder, { recursive: true });
}

export async function openDesktopBench(): Promise<DesktopBench> {
  const program = await packedApp();
  const screen: Display = await openDisplay();
  const folders: string[] = [];
  const started: Desktop[] = [];
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  if (screen.display !== undefined) env.DISPLAY = screen.display;
  const args = (folder: string) => [...machineSwitches, `--folder=${folder}`];

  const newFolder = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tilldock-desktop-'));
    folders.push(folder);
    return folder;
  };
  return {
    program,
    env,
    args,
    newFolder,
    start: async (given) => {
      const folder = given ?? (await newFolder());
      const asItWas = await newFolder();
      await copyInto(asItWas, folder);
      const { app, launched_at } = await attached(async (timeout, attempt) => {
        if (attempt > 1) await copyInto(folder, asItWas);
        const launched_at = performance.now();
        return {
          app: await electron.launch({ executablePath: program, args: args(folder), env, timeout }),
          launched_at,
        };
      });
      await rm(asItWas, { recursive: true, force: true });
      const child = app.process();
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const quit = async () => {
        // A program that is going or gone answers with a closed connection.
        if (child.exitCode === null) await app.evaluate(({ app: main }) => main.quit()).catch(() => {});
        await gone;
      };
      const desktop = { app, folder, launched_at, quit, page: await app.firstWindow() };
      started.push(desktop);
      return desktop;
    },
    close: async () => {
      try {
        for (const desktop of started) await desktop.quit();
      } finally {
        screen.close();
      }
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the main process has logged an event with these facts. */
export const expectLogged = async (folder: string, event: string, facts: Record<string, unknown> = {}) =>
  expect
    .poll(() => readLog(folder, 'main'), { timeout: 15_000 })
    .toContainEqual(expect.objectContaining({ event, ...facts }));
