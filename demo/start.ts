import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { DEMO_SHOP, demoSignIns } from '../server/people/demo-shop.ts';
import { requireRuntime } from '../server/runtime.ts';
import { findElectron } from './electron-runtime.ts';
import { note } from './progress.ts';
import { enrolOnce, openBrowserScreen, openWindow, type Screen, serveSources } from './screens.ts';
import { openShop } from './shop.ts';

requireRuntime();

const PROJECT = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

const USAGE = `npm start            the server with a small shop, and a till on it
  -- --folder PATH   where both are kept (default: data)
  -- --browser       the till in a browser, even where it could have a window
npm run dev          the same, with the screens served from their sources and reloaded as they change
`;

/** Starts the server and one till, and ends both when the till is closed or on Ctrl-C. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', default: 'data' },
      browser: { type: 'boolean', default: false },
      dev: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return note(USAGE);
  const folder = resolve(values.folder);
  const ends: (() => Promise<void>)[] = [];
  const endAll = async () => {
    for (let end = ends.pop(); end; end = ends.pop()) await end();
  };
  const interrupted = new Promise<void>((settle) => {
    // Not once: npm and a terminal may each pass Ctrl-C on, and the end takes its time.
    process.on('SIGINT', () => settle());
    process.on('SIGTERM', () => settle());
  });
  try {
    note('Building the screens, starting the server …');
    // In a process of its own: Vite declares the one it builds in to be production.
    await run(process.execPath, [join(PROJECT, 'src-main/build.ts')]);
    const shop = await openShop(folder);
    ends.push(shop.close);
    const till = join(folder, 'till');
    await enrolOnce(join(till, 'data'), shop.url, shop.enrolmentCode);
    note(`\nServer: ${shop.url} (documentation at ${shop.url}/docs)`);
    note(`People of ${DEMO_SHOP.name}:`);
    for (const line of demoSignIns()) note(`  ${line}`);

    const screen = await openScreen(till, values, ends);
    ends.push(screen.close);
    await Promise.race([screen.closed, interrupted]);
  } finally {
    await endAll();
  }
}

async function openScreen(
  till: string,
  { browser, dev }: { browser: boolean; dev: boolean },
  ends: (() => Promise<void>)[],
): Promise<Screen> {
  const electron = browser ? { missing: 'a browser was asked for' } : findElectron();
  if ('missing' in electron) {
    note(`\nNo window: ${electron.missing}.`);
    return openBrowserScreen(till);
  }
  if (!dev) return openWindow(electron, till, null);
  const sources = await serveSources();
  ends.push(sources.close);
  note(`Screens from their sources: ${sources.url}`);
  return openWindow(electron, till, sources.url);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    process.exit(1);
  },
);
