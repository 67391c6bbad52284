import { mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright';
import type { Item } from '#shared/catalogue/item.ts';
import type { FeedChange } from '#shared/sync/feed.ts';
import { openCatalog } from '../../src-main/data/open.ts';
import { applyPage } from '../../src-main/data/sync/apply-page.ts';
import { button, openDay, signIn } from '../support/cashier.ts';
import { type DesktopBench, openDesktopBench } from '../support/desktop.ts';
import { desktopProblem, electronFolder, readLog } from '../support/packed-app.ts';
import { layLine } from '../support/page-line.ts';
import { seedTill } from '../support/seed-till.ts';
import { measureBareWindow } from './bare-window.ts';
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
        { against: 'the same Electron showing one heading', goal: 'none set' },
      ),
      ...(await measureSelling(bench, folder, items, bare.memory)),
      await packedSize(bench),
    ];
  } finally {
    await bench.close();
  }
}

/** An enrolled till with its people, and the goods as the feed brings them. */
async function fillTill(folder: string, items: readonly Item[]): Promise<void> {
  const size = 2000;
  await mkdir(folder, { recursive: true });
  await seedTill(folder, []);
  const at = new Date().toISOString();
  const { catalog } = openCatalog(folder, at);
  const category = { code: 'UNSORTED', name: 'Unsorted', department: 'GENERAL' };
  let changes: FeedChange[] = [{ entity: 'category', key: category.code, row: category }];
  for (let page = 1; page <= Math.ceil(items.length / size); page += 1) {
    for (const item of items.slice((page - 1) * size, page * size)) {
      changes.push({ entity: 'item', key: item.variant_id, row: { ...item } });
    }
    const next = { reset: false, changes, cursor: String(page + 1), more: false, server_time: at };
    applyPage(catalog, next, String(page), at);
    changes = [];
  }
  catalog.close();
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
    const begun = performance.now();
    const { page, quit } = await bench.start(folder);
    await page.getByRole('button', { name: CASHIER }).waitFor();
    const shown = performance.now() - begun;
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
  const timesAgainst = (name: string, samples: readonly number[], share: number, goal: string) =>
    measure(
      name,
      'ms',
      { value: percentile(samples, share), limit: percentile(calls, share) },
      { against, goal },
    );
  return [
    timesAgainst('window.scan.p50', scans, 0.5, 'none set'),
    timesAgainst('window.scan.p99', scans, 0.99, '≤ 100 ms, before a person notices'),
    timesAgainst('window.pay.p50', payments, 0.5, 'none set'),
    timesAgainst('window.pay.p99', payments, 0.99, '≤ 100 ms, before a person notices'),
    ...(await describeMemory(memory, bareMemory)),
  ];
}

/** With so many lines on the ticket. */
async function describeMemory(memory: Memory, bare: Memory): Promise<Described[]> {
  const node = await bareNodeMemory();
  const one = (name: string, value: number, limit: number, against: string) =>
    measure(name, 'MB', { value, limit }, { against, goal: 'none set' });
  return [
    one('window.memory.main', memory.main, bare.main, 'the main process of the bare Electron'),
    one('window.memory.screen', memory.screen, bare.screen, 'the window of the bare Electron'),
    one('window.memory.data', memory.data, node, 'a Node that does nothing'),
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
