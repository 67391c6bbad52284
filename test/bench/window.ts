import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright';
import type { Item } from '#shared/catalogue/item.ts';
import { button, openDay, signIn } from '../support/cashier.ts';
import { type DesktopBench, openDesktopBench } from '../support/desktop.ts';
import { desktopProblem, electronFolder, readLog } from '../support/packed-app.ts';
import { layLine } from '../support/page-line.ts';
import { measureBareWindow } from './bare-window.ts';
import { fillTill } from './fill-till.ts';
import { goods } from './goods.ts';
import { type Described, measure, percentile } from './measure.ts';
import { bareNodeMemory, type Memory, memoryOf } from './window-memory.ts';
import { timeBareCall, timePayment, timeScan, timeUnlock } from './window-probe.ts';

const STARTS = 5;
const LINES = 200;
const SCANS = 100;
const TICKETS = 40;

/** What the packed app needs in its real window, with a catalogue of so many items; nothing where none can be opened. */
export async function benchWindow(count: number): Promise<Described[]> {
  const problem = desktopProblem();
  if (problem !== null) {
    process.stdout.write(`window: not measured, ${problem}\n`);
    return [];
  }
  const items = goods(count);
  const bench = await openDesktopBench();
  try {
    const folder = await bench.newFolder();
    await fillTill(join(folder, 'data'), items);
    await openFirstDay(bench, folder);
    const bare = await measureBareWindow(bench, STARTS);
    const start = percentile(await timeStarts(bench, folder), 0.5);
    return [
      measure(
        'window.start',
        'ms',
        { value: start, limit: bare.start_ms },
        { against: 'the same Electron showing one heading', goal: '≤ 2 s' },
      ),
      ...(await measureSelling(bench, folder, items, bare.memory)),
      await packedSize(bench),
    ];
  } finally {
    await bench.close();
  }
}

const CASHIER = 'Ada Okafor';
const PIN = '1357';

async function openFirstDay(bench: DesktopBench, folder: string): Promise<void> {
  const { page, quit } = await bench.start(folder);
  await signIn(page, CASHIER, PIN);
  await openDay(page, { '£20.00': 5 });
  await quit();
}

/** From the start of the program to its tiles of people, and from a PIN to the sell screen; without the typing. */
async function timeStarts(bench: DesktopBench, folder: string): Promise<number[]> {
  const starts: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const { page, quit, launched_at } = await bench.start(folder);
    await page.getByRole('button', { name: CASHIER }).waitFor();
    const shown = performance.now() - launched_at;
    starts.push(shown + (await unlock(page)));
    await quit();
  }
  return starts;
}

async function unlock(page: Page): Promise<number> {
  await page.getByRole('button', { name: CASHIER }).click();
  await page.getByLabel(`PIN of ${CASHIER}`).fill(PIN);
  return timeUnlock(page);
}

async function measureSelling(
  bench: DesktopBench,
  folder: string,
  items: readonly Item[],
  bareMemory: Memory,
): Promise<Described[]> {
  const { app, page, quit } = await bench.start(folder);
  await unlock(page);
  await layLine(page);
  const scanNext = scannerOf(page, items);
  const calls = await timesOf(SCANS, () => timeBareCall(page));

  await timesOf(LINES, scanNext);
  const scans = await timesOf(SCANS, scanNext);
  const memory = await memoryOf(app, await dataPid(folder));
  await pay(page);
  const payments = await timesOf(TICKETS, async () => {
    for (let line = 0; line < 3; line += 1) await scanNext();
    return pay(page);
  });
  await quit();

  const against = 'one short call through the same port, and the frame after it';
  const at = (samples: readonly number[], share: number) => ({
    value: percentile(samples, share),
    limit: percentile(calls, share),
  });
  const none = { against, goal: 'none set' };
  const quick = { against, goal: 'scan ≤ 50 ms, aim 16' };
  return [
    measure('window.scan.p50', 'ms', at(scans, 0.5), none),
    measure('window.scan.p99', 'ms', at(scans, 0.99), quick),
    measure('window.pay.p50', 'ms', at(payments, 0.5), none),
    measure('window.pay.p99', 'ms', at(payments, 0.99), quick),
    ...(await describeMemory(memory, bareMemory)),
  ];
}

/** With so many lines on the ticket. */
async function describeMemory(memory: Memory, bare: Memory): Promise<Described[]> {
  const node = await bareNodeMemory();
  const as = (against: string) => ({ against, goal: 'none set' });
  const { main, screen, data } = memory;
  return [
    measure(
      'window.memory.main',
      'MB',
      { value: main, limit: bare.main },
      as('the main process of the bare Electron'),
    ),
    measure(
      'window.memory.screen',
      'MB',
      { value: screen, limit: bare.screen },
      as('the window of the bare Electron'),
    ),
    measure('window.memory.data', 'MB', { value: data, limit: node }, as('a Node that does nothing')),
  ];
}

/** Scans an item that was not scanned before, from all over the catalogue, and says how long it took. */
function scannerOf(page: Page, items: readonly Item[]): () => Promise<number> {
  let scanned = 0;
  return () => {
    scanned += 1;
    const item = items[(scanned * 7919) % items.length];
    return timeScan(page, item?.barcodes[0] ?? '', item?.name ?? '');
  };
}

async function pay(page: Page): Promise<number> {
  await page.keyboard.press('F10');
  await page.getByRole('heading', { name: 'Payment' }).waitFor();
  const took = await timePayment(page);
  await button(page, 'Next customer').click();
  return took;
}

async function timesOf(times: number, run: () => Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < times; index += 1) samples.push(await run());
  return samples;
}

async function dataPid(folder: string): Promise<number> {
  const ready = (await readLog(folder, 'main')).findLast(({ event }) => event === 'data process ready');
  return Number(ready?.pid);
}

async function packedSize({ program }: DesktopBench): Promise<Described> {
  const value = await sizeOf(dirname(program));
  const limit = await sizeOf(electronFolder() ?? '');
  const against = 'the Electron distribution it is packed with';
  return measure('window.packed', 'MB', { value, limit }, { against, goal: 'none set' });
}

/** What the files of a folder come to, in MB. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((total, size) => total + size, 0) / 1024 / 1024;
}
