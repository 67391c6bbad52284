import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SalvageSummary } from '#shared/contract/recovery.ts';
import { openSalvageFile, salvagedOperations } from '../../../src-main/data/salvage/salvage-file.ts';
import { salvageLedger } from '../../../src-main/data/salvage/salvage-ledger.ts';
import { summarise } from '../../../src-main/data/salvage/summarise.ts';
import { beginDay, payCash, ring, ringHearts, sellHearts } from './sell.ts';
import { closeTill, newFolder, openShop, type Shop } from './shop.ts';
import { bytesOf, leafPages, PAGE, rootPage, spoilText, tearBytes, tearPages } from './torn.ts';

/** Tickets of one line take a third of a page; one of thirty lines goes on in others. */
function sellMuch(shop: Shop, tickets: number): void {
  beginDay(shop);
  for (let sale = 0; sale < tickets; sale += 1) {
    if (sale % 10 !== 9) sellHearts(shop);
    else {
      const cart = ringHearts(shop);
      for (let line = 1; line < 30; line += 1) ring(shop, cart, shop.heart.variant_id);
      payCash(shop, cart, 255 * 30);
    }
  }
}

/** A closed ledger with a day and 60 tickets. */
function soldLedger(): { folder: string; ledger: string } {
  const shop = openShop();
  sellMuch(shop, 60);
  closeTill(shop.till);
  return { folder: shop.folder, ledger: join(shop.folder, 'ledger.db') };
}

/** The files of a till that was killed: its last commits are in the write-ahead file alone. */
function killedLedger(): { folder: string; ledger: string } {
  const shop = openShop();
  shop.till.ledger.pragma('wal_checkpoint(TRUNCATE)');
  sellMuch(shop, 30);
  const folder = newFolder();
  for (const name of ['ledger.db', 'ledger.db-wal'])
    copyFileSync(join(shop.folder, name), join(folder, name));
  closeTill(shop.till);
  return { folder, ledger: join(folder, 'ledger.db') };
}

type Salvaged = SalvageSummary & { seqs: number[]; hasChanged: boolean };

function salvage(ledger: string, onPage = () => {}): Salvaged {
  const to = join(newFolder(), 'salvage.db');
  const hasChanged = salvageLedger(ledger, to, onPage);
  const file = openSalvageFile(to);
  const seqs = [...salvagedOperations(file)].map(({ seq }) => seq);
  const summary = summarise(file);
  file.close();
  return { ...summary, seqs, hasChanged };
}

/** 60 tickets, of which every tenth has thirty lines. */
const TAKINGS = 255 * (54 + 6 * 30);
const everything = (to: number) => Array.from({ length: to }, (_, index) => index + 1);

describe('what is read out of a ledger', () => {
  test('that is sound is all of it', () => {
    expect(salvage(soldLedger().ledger)).toMatchObject({
      operations: 61,
      runs: [{ from: 1, to: 61 }],
      missing: [],
      is_whole: true,
      tickets: 60,
      sums: [{ currency: 'GBP', total_minor: TAKINGS }],
      last_receipt: 'SHOP1-T1-T-000060',
      terminal: { terminal_code: 'T1', name: 'Front' },
      hasChanged: false,
    });
  });

  test('whose header, schema and ways to its rows are gone is all of it, too', () => {
    const { ledger } = soldLedger();
    tearPages(ledger, [1, rootPage(ledger, 'operation')]);
    expect(() => new Sqlite(ledger).prepare('SELECT count(*) FROM operation').get()).toThrow();
    expect(salvage(ledger)).toMatchObject({ seqs: everything(61), is_whole: true });
  });

  test('with a damaged page in the middle is what is on the others, and names what is missing', () => {
    const { ledger } = soldLedger();
    const leaves = leafPages(ledger, 'operation');
    tearPages(ledger, leaves.slice(8, 10));
    const found = salvage(ledger);
    expect(found.runs).toHaveLength(2);
    expect(found.missing).toHaveLength(1);
    const [hole] = found.missing;
    const { from = 0, to = 0 } = hole ?? {};
    expect(found.seqs).toEqual(everything(61).filter((seq) => seq < from || seq > to));
    expect(to - from).toBeLessThan(10);
    expect(found.is_whole).toBe(false);
  });

  test('of which one byte in one ticket was changed is everything but this ticket', () => {
    const { ledger } = soldLedger();
    spoilText(ledger, 'SHOP1-T1-T-000030');
    expect(salvage(ledger)).toMatchObject({ missing: [{ from: 31, to: 31 }], tickets: 59 });
  });

  test('without the page that says who the terminal is has every operation, but makes no till by itself', () => {
    const { ledger } = soldLedger();
    tearPages(ledger, [rootPage(ledger, 'terminal')]);
    expect(salvage(ledger)).toMatchObject({ operations: 61, missing: [], terminal: null, is_whole: false });
  });

  test('that was cut short is what is before the cut', () => {
    const { ledger } = soldLedger();
    const half = leafPages(ledger, 'operation')[15] ?? 0;
    truncateSync(ledger, half * PAGE + 100);
    const { seqs } = salvage(ledger);
    expect(seqs.length).toBeGreaterThan(10);
    expect(seqs.length).toBeLessThan(61);
  });

  test('of a newer version is what this one knows of it', () => {
    const { ledger } = soldLedger();
    const db = new Sqlite(ledger);
    db.prepare("INSERT INTO migration VALUES (99, '0099_future.sql', 'x', 'then')").run();
    db.exec('CREATE TABLE future (a TEXT)');
    db.close();
    expect(salvage(ledger)).toMatchObject({ operations: 61, is_whole: true });
  });

  test.each<[string, string]>([
    ['is empty', ''],
    ['is no database', 'gone '.repeat(5000)],
    ['is shorter than a page', 'SQLite format 3\0'],
  ])('that %s is nothing, and it says so', (_what, content) => {
    const ledger = join(newFolder(), 'ledger.db');
    writeFileSync(ledger, content);
    expect(salvage(ledger)).toMatchObject({ operations: 0, runs: [], is_whole: false, last_at: null });
  });

  test('that is not there is an error, and nothing is made in its place', () => {
    const folder = newFolder();
    expect(() => salvage(join(folder, 'ledger.db'))).toThrow('ENOENT');
    expect(bytesOf(folder)).toEqual({});
  });

  test('is read without changing a byte of it', () => {
    const { folder, ledger } = killedLedger();
    const before = bytesOf(folder);
    salvage(ledger);
    expect(bytesOf(folder)).toEqual(before);
  });
});

describe('the write-ahead file of a till that was killed', () => {
  const FRAME = PAGE + 24;

  test('is read as well', () => {
    const { ledger } = killedLedger();
    expect(salvage(ledger)).toMatchObject({ seqs: everything(31), is_whole: true });
    rmSync(`${ledger}-wal`);
    expect(salvage(ledger)).toMatchObject({ operations: 0 });
  });

  test('keeps the commits behind a damaged page, where SQLite stops', () => {
    const { ledger } = killedLedger();
    const frames = Math.floor((readFileSync(`${ledger}-wal`).length - 32) / FRAME);
    const torn = Math.floor(frames / 2);
    tearBytes(`${ledger}-wal`, [{ at: 32 + torn * FRAME + 24, length: PAGE }]);
    const sqlite = new Sqlite(ledger, { readonly: true });
    const seen = sqlite.prepare('SELECT max(seq) FROM operation').pluck().get() as number;
    sqlite.close();
    expect(seen).toBeLessThan(31);
    const { seqs } = salvage(ledger);
    expect(seqs.at(-1)).toBe(31);
    expect(seqs.length).toBeGreaterThan(28);
  });

  test('serves without its own header', () => {
    const { ledger } = killedLedger();
    tearBytes(`${ledger}-wal`, [{ at: 16, length: 16 }]);
    expect(salvage(ledger)).toMatchObject({ seqs: everything(31) });
  });

  test('gives nothing of a commit that was never finished', () => {
    const { ledger } = killedLedger();
    const wal = readFileSync(`${ledger}-wal`);
    // The end of the last commit is its last frame, which names the size of the file.
    truncateSync(`${ledger}-wal`, wal.length - FRAME);
    expect(salvage(ledger).seqs).toEqual(everything(30));
  });

  test('is no use where it is another file’s, or cut within its first page', () => {
    const { ledger } = killedLedger();
    truncateSync(`${ledger}-wal`, 700);
    expect(salvage(ledger)).toMatchObject({ operations: 0 });
    writeFileSync(`${ledger}-wal`, 'gone '.repeat(5000));
    expect(salvage(ledger)).toMatchObject({ operations: 0 });
  });
});

test('a ledger that is written to meanwhile gives all that was in it before, and says that there may be more', () => {
  const shop = openShop();
  sellMuch(shop, 20);
  let isFirst = true;
  const found = salvage(join(shop.folder, 'ledger.db'), () => {
    if (isFirst) sellHearts(shop);
    isFirst = false;
  });
  expect(found.hasChanged).toBe(true);
  expect(found.seqs.slice(0, 21)).toEqual(everything(21));
  closeTill(shop.till);
});

test('whatever a disk does to a ledger, what is read was recorded, byte for byte', () => {
  const shop = openShop();
  sellMuch(shop, 30);
  shop.till.ledger.pragma('wal_checkpoint(TRUNCATE)');
  for (let sale = 0; sale < 10; sale += 1) sellHearts(shop);
  const ledger = join(shop.folder, 'ledger.db');
  const sound = [readFileSync(ledger), readFileSync(`${ledger}-wal`)] as const;
  closeTill(shop.till);
  for (const [no, bytes] of sound.entries()) writeFileSync(`${ledger}${no === 0 ? '' : '-wal'}`, bytes);
  const recorded = new Set(operationsIn(ledger));
  expect(recorded.size).toBe(41);
  const place = fc.record({
    isWal: fc.boolean(),
    at: fc.nat({ max: 999_999 }).map((share) => share / 1_000_000),
    // Digits in the place of digits are the damage that looks like a sale.
    bytes: fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.uint8Array({ min: 48, max: 57, minLength: 1, maxLength: 2 }),
    ),
  });
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (places) => {
      const files = sound.map((bytes) => Buffer.from(bytes));
      for (const { isWal, at, bytes } of places) {
        const file = files[isWal ? 1 : 0];
        file?.set(
          bytes.subarray(0, file.length - Math.floor(at * file.length)),
          Math.floor(at * file.length),
        );
      }
      for (const [name, bytes] of [ledger, `${ledger}-wal`].map(
        (path, no) => [path, files[no] ?? ''] as const,
      )) {
        writeFileSync(name, bytes);
      }
      expect(operationsIn(ledger).filter((operation) => !recorded.has(operation))).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

/** All operations that can be read, each with its hash. */
function operationsIn(ledger: string): string[] {
  const to = `${ledger}.salvage`;
  salvageLedger(ledger, to, () => {});
  const file = openSalvageFile(to);
  const found = [...salvagedOperations(file)].map(({ hash, content }) => hash + content);
  file.close();
  return found;
}
