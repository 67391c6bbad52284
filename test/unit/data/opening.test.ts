import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { migrate, readMigrations } from '../../../src-main/data/migrate.ts';
import { openCatalog, openLedger } from '../../../src-main/data/open.ts';
import { beginDay, sellHearts } from './sell.ts';
import { closeTill, newFolder, openShop } from './shop.ts';

const AT = '2026-03-01T09:00:00.000Z';

/** A folder whose ledger has a day and a ticket in it, closed well. */
function usedFolder(): string {
  const shop = openShop();
  beginDay(shop);
  sellHearts(shop);
  closeTill(shop.till);
  return shop.folder;
}

/** Turns a bit of the day's own id, as a dying disk does: its row stays whole, and no page is out of order. */
function spoilDay(path: string): void {
  const db = new Sqlite(path);
  db.pragma('foreign_keys = OFF');
  db.exec("DROP TRIGGER day_stays_closed; UPDATE day SET day_id = 'f' || substr(day_id, 2)");
  db.close();
}

function recoveryOf(folder: string) {
  const opened = openLedger(folder, AT);
  if ('ledger' in opened) throw new Error('the ledger was opened');
  return opened.recovery;
}

describe('a ledger that is damaged stays as it is, and says so', () => {
  test.each<[string, (ledger: string) => void]>([
    ['is cut short', (ledger) => truncateSync(ledger, 3 * 4096)],
    ['is not a database', (ledger) => writeFileSync(ledger, 'gone '.repeat(5000))],
    [
      'has a page of zeros',
      (ledger) => {
        const bytes = readFileSync(ledger);
        bytes.fill(0, 4096, 8192);
        writeFileSync(ledger, bytes);
      },
    ],
    ['was emptied', (ledger) => truncateSync(ledger, 0)],
    [
      'was made by something else',
      (ledger) => {
        rmSync(ledger);
        new Sqlite(ledger).exec('CREATE TABLE recipe (name TEXT)').close();
      },
    ],
  ])('when it %s', (_what, damage) => {
    const folder = usedFolder();
    const ledger = join(folder, 'ledger.db');
    damage(ledger);
    const before = readFileSync(ledger);
    expect(recoveryOf(folder).code).toBe('ledger_damaged');
    expect(readFileSync(ledger).equals(before)).toBe(true);
  });

  test('when a day is no longer the one that its tickets name', () => {
    const folder = usedFolder();
    const ledger = join(folder, 'ledger.db');
    spoilDay(ledger);
    expect(recoveryOf(folder).message).toMatch(/is damaged: a row of \w+ belongs to a day that is not there/);
  });

  test('when it is gone although there was one', () => {
    const folder = usedFolder();
    rmSync(join(folder, 'ledger.db'));
    expect(recoveryOf(folder).message).toContain('is missing');
    expect(existsSync(join(folder, 'ledger.db'))).toBe(false);
  });

  test('when it is gone and only the key tells that the terminal was enrolled', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'terminal.key'), 'a key');
    expect(recoveryOf(folder).code).toBe('ledger_damaged');
    expect(readdirSync(folder)).toEqual(['terminal.key']);
  });

  test('when it is empty while its write-ahead file is not', () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'ledger.db'), '');
    writeFileSync(join(folder, 'ledger.db-wal'), 'frames');
    expect(recoveryOf(folder).code).toBe('ledger_damaged');
  });

  test('when a newer version made it, and this is told apart', () => {
    const folder = usedFolder();
    const db = new Sqlite(join(folder, 'ledger.db'));
    db.prepare("INSERT INTO migration VALUES (99, '0099_future.sql', 'x', ?)").run(AT);
    db.close();
    expect(recoveryOf(folder)).toMatchObject({
      code: 'ledger_too_new',
      message: expect.stringContaining('newer version'),
    });
  });

  test('when a schema step that ran on it is not the one of this version', () => {
    const folder = usedFolder();
    const db = new Sqlite(join(folder, 'ledger.db'));
    db.exec("UPDATE migration SET checksum = 'x' WHERE number = 2");
    db.close();
    expect(recoveryOf(folder).message).toContain('0002_sales.sql');
  });
});

test('a first start makes a ledger, and the second start finds what was in it', () => {
  const folder = usedFolder();
  const opened = openLedger(folder, AT);
  if (!('ledger' in opened)) throw new Error(opened.recovery.message);
  expect(opened.ledger.prepare('SELECT count(*) AS tickets FROM ticket').get()).toEqual({ tickets: 1 });
  opened.ledger.close();
});

test('a kill before the first commit leaves a folder that starts afresh', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'ledger.db'), '');
  const opened = openLedger(folder, AT);
  expect(opened).toHaveProperty('ledger');
});

test('a catalogue in which a kill cut a change short is taken back to what it was, and is no damage', () => {
  const [folder, killed] = [newFolder(), newFolder()];
  const { catalog } = openCatalog(folder, AT);
  catalog.close();
  const db = new Sqlite(join(folder, 'catalog.db'));
  db.pragma('journal_mode = DELETE');
  db.pragma('cache_size = 1');
  db.exec('BEGIN');
  const insert = db.prepare('INSERT INTO pull_fault (entity, key, detail, generation) VALUES (?, ?, ?, 1)');
  for (let row = 0; row < 500; row += 1) insert.run('item', `LATE-${row}`, 'Too late '.repeat(20));
  for (const name of readdirSync(folder)) cpSync(join(folder, name), join(killed, name));
  db.close();
  expect(readdirSync(killed)).toContain('catalog.db-journal');
  const again = openCatalog(killed, AT);
  expect(again.problem).toBeNull();
  expect(again.catalog.prepare('SELECT count(*) FROM pull_fault').pluck().get()).toBe(0);
  again.catalog.close();
});

test('a damaged catalogue is moved aside whole, and an empty one takes its place', () => {
  const folder = usedFolder();
  const path = join(folder, 'catalog.db');
  writeFileSync(path, 'gone '.repeat(5000));
  const { catalog, problem } = openCatalog(folder, AT);
  expect(problem).toContain('fetched again');
  expect(catalog.prepare('SELECT count(*) AS items FROM item').get()).toEqual({ items: 0 });
  const aside = readdirSync(folder).filter((name) => name.startsWith('catalog.db.damaged-'));
  expect(aside.map((name) => readFileSync(join(folder, name), 'utf8').slice(0, 4))).toEqual(['gone']);
  catalog.close();
});

describe('migrations', () => {
  const ledgerSteps = new URL('../../../migrations/terminal/ledger/', import.meta.url);

  function copyOfSteps(): string {
    const folder = newFolder();
    cpSync(ledgerSteps, folder, { recursive: true });
    return folder;
  }
  const read = (folder: string) => readMigrations(pathToFileURL(`${folder}/`));

  test('one that fails leaves nothing of itself behind, and those before it stand', () => {
    const folder = copyOfSteps();
    const next = String(read(folder).length + 1).padStart(4, '0');
    writeFileSync(join(folder, `${next}_broken.sql`), 'CREATE TABLE half (id INTEGER); SELECT nonsense;');
    const db = new Sqlite(':memory:');
    expect(() => migrate(db, read(folder), AT)).toThrow('nonsense');
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('half', 'ticket')").all();
    expect(tables).toEqual([{ name: 'ticket' }]);
  });

  test('line ends of another system make no difference', () => {
    const folder = copyOfSteps();
    const step = join(folder, '0001_outbox.sql');
    writeFileSync(step, readFileSync(step, 'utf8').replaceAll('\n', '\r\n'));
    expect(read(folder)[0]?.checksum).toBe(readMigrations(ledgerSteps)[0]?.checksum);
  });

  test('a gap in their numbers is an error', () => {
    const folder = copyOfSteps();
    rmSync(join(folder, '0002_sales.sql'));
    expect(() => read(folder)).toThrow('is not migration 2');
  });
});
