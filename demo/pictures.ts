import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Page } from 'playwright';
import { forkDataProcess } from '../src-main/data/client.ts';
import { keepFile } from './report.ts';

const PROJECT = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

/** Where a Chromium usually is; TILLDOCK_CHROMIUM names another. None is ever downloaded. */
const BROWSERS = [
  process.env.TILLDOCK_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const PLACES = ['Day', 'Tickets', 'Sync', 'Till'] as const;

/**
 * Pictures of the till after its shift, in a real browser over its own files: the sign-in, and each place that a
 * manager would look at then. Gives the paths, or none where there is no browser.
 */
export async function takePictures(folder: string, name: string, pin: string): Promise<string[]> {
  const program = BROWSERS.find((path) => path !== undefined && existsSync(path));
  if (program === undefined) return [];
  // In a process of its own: Vite declares the one it builds in to be production.
  await run(process.execPath, [join(PROJECT, 'src-main/build.ts')]);
  const till = await forkDataProcess({
    folder,
    autosync: false,
    door: { port: 0, files: join(PROJECT, 'dist/app/src-renderer') },
  });
  const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    await page.goto(await till.doorAddress());
    await page.getByRole('button', { name }).waitFor();
    const taken = [await keep(page, 'sign-in')];
    await page.getByRole('button', { name }).click();
    await page.getByLabel(`PIN of ${name}`).fill(pin);
    await page.getByRole('button', { name: /^Sign in/ }).click();
    for (const place of PLACES) {
      await page.getByRole('navigation').getByRole('button', { name: place, exact: true }).click();
      await page.getByText('Loading…').waitFor({ state: 'hidden' });
      if (place === 'Tickets') await page.getByRole('option').first().click();
      taken.push(await keep(page, place.toLowerCase()));
    }
    return taken;
  } finally {
    await browser.close();
    till.kill();
    await till.exited;
  }
}

const keep = async (page: Page, name: string): Promise<string> =>
  keepFile(`till-${name}.png`, await page.screenshot({ animations: 'disabled' }));
