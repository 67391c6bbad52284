import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { backupName, backupsAmong, draftName, outlived } from '../../../src-main/data/backup/backup-name.ts';
import { backupFolder, cannotKeep } from '../../../src-main/data/backup/backup-place.ts';
import { checkCopy } from '../../../src-main/data/backup/check-copy.ts';
import { copyLedger } from '../../../src-main/data/backup/copy-ledger.ts';
import { startBackups } from '../../../src-main/data/backup/start-backups.ts';
import { openLedger } from '../../../src-main/data/open.ts';
import { recentTickets } from '../../../src-main/data/sales/ticket-store.ts';
import { lastSeq } from '../../../src-main/data/sync/operation-store.ts';
import { beginDay, sellHearts } from './sell.ts';
import { newFolder, openShop } from './shop.ts';

/** A shop that has sold, and a place for its backups. */
function soldShop() {
  const shop = openShop();
  beginDay(shop);
  for (let sale = 0; sale < 20; sale += 1) sellHearts(shop);
  const place = join(newFolder(), 'copies');
  return { shop, place, backups: startBackups(shop.till, place, () => {}) };
}

/** Opens a backup as a till would after it was put in the place of its ledger. */
function openCopy(place: string, name: string) {
  const folder = newFolder();
  copyFileSync(join(place, name), join(folder, 'ledger.db'));
  const opened = openLedger(folder, '2026-03-01T12:00:00.000Z');
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  return opened.ledger;
}

/** Overwrites the first page of a table, as a dying disk does. */
function tearPage(file: string, table: string): void {
  const db = new Sqlite(file, { readonly: true });
  const page = db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number;
  const size = db.pragma('page_size', { simple: true }) as number;
  db.close();
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(size, 0x5a), 0, size, (page - 1) * size);
  closeSync(handle);
}

describe('a copy of the ledger', () => {
  test('is made while the till sells, and holds every sale that was done before it began', async () => {
    const { shop, place } = soldShop();
    const before = lastSeq(shop.till.ledger);
    const copying = copyLedger(shop.till.ledger, place, '2026-03-01T12:00:00.000Z');
    for (let sale = 0; sale < 5; sale += 1) {
      sellHearts(shop);
      await new Promise(setImmediate);
    }
    const made = await copying;
    expect(readdirSync(place)).toEqual([made.name]);
    const copy = openCopy(place, made.name);
    expect(lastSeq(copy)).toBeGreaterThanOrEqual(before);
    expect(recentTickets(copy, 100)).toHaveLength(lastSeq(copy) - 1);
    copy.close();
  });

  test('that does not read back whole is refused by what is wrong with it', async () => {
    const { shop, place } = soldShop();
    const made = await copyLedger(shop.till.ledger, place, '2026-03-01T12:00:00.000Z');
    await checkCopy(join(place, made.name), made.last_seq);
    await expect(checkCopy(join(place, made.name), made.last_seq + 1)).rejects.toThrow(
      'ends at operation 21',
    );
    tearPage(join(place, made.name), 'operation');
    await expect(checkCopy(join(place, made.name), made.last_seq)).rejects.toThrow(/damaged|malformed/);
  });

  test('leaves nothing behind where it cannot be finished', async () => {
    const { shop, place } = soldShop();
    mkdirSync(join(place, backupName('2026-03-01T12:00:00.000Z', 21)), { recursive: true });
    await expect(copyLedger(shop.till.ledger, place, '2026-03-01T12:00:00.000Z')).rejects.toThrow();
    expect(readdirSync(place).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

describe('backups', () => {
  test('are made only where something was done since the last one', async () => {
    const { shop, place, backups } = soldShop();
    expect(backups.status()).toMatchObject({ last: null, problem: null });
    expect(await backups.run()).toMatchObject({ last: { last_seq: 21 }, running: false });
    await backups.run();
    expect(readdirSync(place)).toHaveLength(1);
    shop.clock.set('2026-03-01T13:00:00.000Z');
    // The clock's jump is recorded too.
    sellHearts(shop);
    expect(await backups.run()).toMatchObject({ last: { at: '2026-03-01T13:00:00.000Z', last_seq: 23 } });
    expect(readdirSync(place)).toHaveLength(2);
  });

  test('asked for twice at once are made once', async () => {
    const { place, backups } = soldShop();
    await Promise.all([backups.run(), backups.run()]);
    expect(readdirSync(place)).toHaveLength(1);
  });

  test('say in plain words why they fail, sell on, and are well again by themselves', async () => {
    const { shop, place, backups } = soldShop();
    writeFileSync(place, 'not a folder');
    expect(await backups.run()).toMatchObject({ last: null, problem: expect.stringContaining(place) });
    sellHearts(shop);
    rmSync(place);
    expect(await backups.run()).toMatchObject({ last: { last_seq: 22 }, problem: null });
  });
});

describe('the place for copies', () => {
  test('that several tills share has a folder for each, which stays the same', () => {
    const [first, second, place] = [newFolder(), newFolder(), newFolder()];
    expect(backupFolder(first, place)).toBe(backupFolder(first, place));
    expect(backupFolder(first, place)).not.toBe(backupFolder(second, place));
    expect(backupFolder(first, undefined)).toBe(join(first, 'backups'));
  });

  test('that is gone since the last copy is missed, not made anew on another disk', async () => {
    const { shop, place, backups } = soldShop();
    await backups.run();
    const away = `${place}-away`;
    renameSync(place, away);
    sellHearts(shop);
    expect(await backups.run()).toMatchObject({
      last: null,
      problem: expect.stringContaining('not there any more'),
    });
    expect(existsSync(place)).toBe(false);
    renameSync(away, place);
    expect(await backups.run()).toMatchObject({ last: { last_seq: 22 }, problem: null });
  });

  test('whose disk is not connected at all is said to be so', async () => {
    const { shop } = soldShop();
    const backups = startBackups(shop.till, join(newFolder(), 'no-disk', 'till'), () => {});
    expect(await backups.run()).toMatchObject({ problem: expect.stringContaining('Connect its disk') });
  });

  test.each<[string, RegExp]>([
    ['ENOSPC', /disk is full: free some space/],
    ['SQLITE_FULL', /disk is full/],
    ['EROFS', /Nothing may be written there/],
    ['SQLITE_IOERR_WRITE', /That disk fails/],
  ])('which fails with %s is told of in plain words', (code, words) => {
    expect(cannotKeep('/media/usb', Object.assign(new Error(code), { code }))).toMatch(words);
  });

  test('on the disk of the ledger is known to go with it', async () => {
    const { backups } = soldShop();
    expect(await backups.run()).toMatchObject({ is_on_same_disk: true });
  });
});

test('a copy that comes out damaged is no copy, and has the ledger looked at', async () => {
  const { shop, place } = soldShop();
  let isDoubted = false;
  const backups = startBackups(shop.till, place, () => {
    isDoubted = true;
  });
  // What the ledger says of an operation is not what its hash covers.
  shop.till.ledger.exec(`DROP TRIGGER operation_no_update;
    UPDATE operation SET content = replace(content, '"quantity_milli":1000', '"quantity_milli":9000') WHERE seq = 5`);
  expect(await backups.run()).toMatchObject({ last: null, problem: expect.stringContaining('damaged') });
  expect(isDoubted).toBe(true);
  expect(readdirSync(place)).toEqual([]);
});

test('what a kill left of a copy goes with the next one', async () => {
  const { place, backups } = soldShop();
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, draftName(backupName('2026-03-01T09:00:00.000Z', 3))), 'half');
  writeFileSync(join(place, `${draftName(backupName('2026-03-01T09:00:00.000Z', 3))}-journal`), 'half');
  writeFileSync(join(place, 'notes.txt'), 'somebody’s own');
  await backups.run();
  expect(readdirSync(place)).toEqual([expect.stringMatching(/^ledger-.*-21\.db$/), 'notes.txt']);
});

describe('old backups', () => {
  const at = (day: number, hour: number) => new Date(Date.UTC(2026, 0, day, hour)).toISOString();
  const named = (instants: readonly string[]) =>
    backupsAmong(instants.map((instant, place) => backupName(instant, 1000 - place)));

  test('go, but for the newest eight and the last of each of the last 35 days', () => {
    const hours = Array.from({ length: 60 * 12 }, (_, place) =>
      at(1 + Math.floor(place / 12), 8 + (place % 12)),
    );
    const gone = new Set(outlived(named(hours), at(60, 20)));
    const kept = named(hours).filter(({ name }) => !gone.has(name));
    expect(kept.slice(0, 8).map((backup) => backup.at)).toEqual(
      Array.from({ length: 8 }, (_, place) => at(60, 19 - place)),
    );
    expect(kept.slice(8).map((backup) => backup.at)).toEqual(
      Array.from({ length: 34 }, (_, place) => at(59 - place, 19)),
    );
  });

  test('are never counted by a clock that runs wild: the newest stay, whenever that is', () => {
    expect(outlived(named([at(1, 8), at(2, 8)]), '2036-01-01T00:00:00.000Z')).toEqual([]);
    expect(outlived(named([at(1, 8), at(2, 8)]), '2016-01-01T00:00:00.000Z')).toEqual([]);
  });

  test('are known by their names alone, so that nothing else in the folder is touched', () => {
    expect(backupsAmong(['ledger.db', 'ledger-20260101T080000Z-5.db.part', 'notes.txt'])).toEqual([]);
    expect(backupsAmong([backupName('2026-03-01T09:30:00.123Z', 1234)])).toEqual([
      { name: 'ledger-20260301T093000Z-1234.db', at: '2026-03-01T09:30:00.000Z', last_seq: 1234 },
    ]);
  });
});
