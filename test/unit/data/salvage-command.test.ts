import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { copyLedger } from '../../../src-main/data/backup/copy-ledger.ts';
import { openDayOf } from '../../../src-main/data/sales/day-store.ts';
import { recentTickets } from '../../../src-main/data/sales/ticket-store.ts';
import { lastSeq } from '../../../src-main/data/sync/operation-store.ts';
import { salvagedCount } from '../../../src-main/data/sync/salvaged.ts';
import { standstillOf } from '../../../src-main/data/sync/standstill.ts';
import { beginDay, sellHearts } from './sell.ts';
import { closeTill, newFolder, openShop, openTill } from './shop.ts';
import { bytesOf, rootPage, spoilText, tearPages } from './torn.ts';

const program = fileURLToPath(new URL('../../../src-main/data/process.ts', import.meta.url));

/** Runs the command as npm does. */
async function salvage(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, 'salvage', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const code = await new Promise<number | null>((settle) => child.once('close', settle));
  return { code, out, err };
}

/** A till that has sold ten times, with a copy from when it had sold four times. */
async function soldTill(): Promise<{ folder: string; ledger: string; copy: string }> {
  const shop = openShop();
  beginDay(shop);
  for (let sale = 0; sale < 4; sale += 1) sellHearts(shop);
  const place = newFolder();
  const { name } = await copyLedger(shop.till.ledger, place, '2026-03-01T12:00:00.000Z');
  for (let sale = 0; sale < 6; sale += 1) sellHearts(shop);
  closeTill(shop.till);
  return { folder: shop.folder, ledger: join(shop.folder, 'ledger.db'), copy: join(place, name) };
}

/** The ledger that the command made, in the place of a till's. */
function putInPlace(made: string) {
  const folder = newFolder();
  copyFileSync(join(made, 'ledger.db'), join(folder, 'ledger.db'));
  return openTill(folder);
}

describe('npm run salvage', () => {
  test('makes a whole ledger of one whose pages can all be read by themselves, and waits for the server with it', async () => {
    const { folder, ledger } = await soldTill();
    tearPages(ledger, [1, rootPage(ledger, 'operation')]);
    const before = bytesOf(folder);
    const to = join(newFolder(), 'saved');
    const { code, out, err } = await salvage('--from', folder, '--to', to);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(readdirSync(to).sort()).toEqual(['ledger.db', 'operations.jsonl', 'report.txt']);
    expect(readFileSync(join(to, 'report.txt'), 'utf8')).toBe(out);
    expect(out).toContain('Operations:  11, numbers 1 to 11');
    expect(out).toContain('Sum:         GBP 25.50');
    expect(out).toContain('the last one with receipt SHOP1-T1-T-000010');
    expect(bytesOf(folder)).toEqual(before);
    const till = putInPlace(to);
    expect(recentTickets(till.ledger, 100)).toHaveLength(10);
    expect(openDayOf(till.ledger)).toBeDefined();
    expect(standstillOf(till.ledger)).toMatchObject({ code: 'catching_up', last_seq: 11 });
    closeTill(till);
  });

  test('adds to a copy what follows on it, and keeps for the server what lies behind a gap', async () => {
    const { ledger, copy } = await soldTill();
    spoilText(ledger, 'SHOP1-T1-T-000007');
    const to = join(newFolder(), 'saved');
    const { code, out } = await salvage('--from', ledger, '--to', to, '--copy', copy);
    expect(code).toBe(0);
    expect(out).toContain('Missing:     8');
    expect(out).toContain('a ledger up to operation 7. 2 of them come from the damaged one.');
    expect(out).toContain('3 more follow behind a gap');
    const till = putInPlace(to);
    expect(lastSeq(till.ledger)).toBe(7);
    expect(salvagedCount(till.ledger)).toBe(3);
    closeTill(till);
    const lines = readFileSync(join(to, 'operations.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(11);
    expect(JSON.parse(lines[7] ?? '')).toEqual({ missing: { from: 8, to: 8 } });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      operation: { seq: 1, kind: 'day.opened' },
      prev_hash: '0'.repeat(64),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('without a copy keeps what has gaps for a till that is enrolled with a code', async () => {
    const { ledger } = await soldTill();
    spoilText(ledger, 'SHOP1-T1-T-000007');
    const to = join(newFolder(), 'saved');
    const { out } = await salvage('--from', ledger, '--to', to);
    expect(out).toContain('enrol it with a code that a manager makes for T1');
    const till = putInPlace(to);
    expect(lastSeq(till.ledger)).toBe(0);
    expect(salvagedCount(till.ledger)).toBe(10);
    closeTill(till);
  });

  test('says where nothing can be read, and makes no ledger of it', async () => {
    const from = join(newFolder(), 'ledger.db');
    writeFileSync(from, 'gone '.repeat(5000));
    const to = join(newFolder(), 'saved');
    const { code, out } = await salvage('--from', from, '--to', to);
    expect(code).toBe(1);
    expect(out).toContain('Nothing could be read');
    expect(existsSync(join(to, 'ledger.db'))).toBe(false);
  });

  test('never writes over anything, and takes no copy that is not whole', async () => {
    const { ledger, copy } = await soldTill();
    const used = newFolder();
    mkdirSync(join(used, 'mine'));
    expect(await salvage('--from', ledger, '--to', used)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is not empty'),
    });
    const to = join(newFolder(), 'saved');
    spoilText(copy, 'SHOP1-T1-T-000002');
    expect(await salvage('--from', ledger, '--to', to, '--copy', copy)).toMatchObject({ code: 1 });
    expect(existsSync(to)).toBe(false);
    expect(await salvage('--from', join(used, 'none.db'), '--to', to)).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no'),
    });
    expect(await salvage('--to', to)).toMatchObject({ code: 2, err: expect.stringContaining('--from') });
  });
});
