import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { pick, type Random, seededRandom } from '../../../demo/random.ts';
import { openCatalog, openLedger } from '../../../src-main/data/open.ts';
import { faultyTill } from '../../support/faulty-till.ts';
import { startCentral } from '../../support/start-central.ts';
import { auditLedger } from '../../unit/data/audit.ts';
import { refusal } from '../../unit/data/refusals.ts';
import { PAGE, spoilText } from '../../unit/data/torn.ts';

const { central, server } = await startCentral();

const AT = '2026-03-01T09:00:00.000Z';
const SEED = Number(process.env.TILLDOCK_SEED ?? Date.now() % 1_000_000);

type Page = { readonly kind: string; readonly page: number };

/** One page of every kind that a file has: of each table and index, inner and leaf. */
function kindsOf(file: string): Page[] {
  const db = new Sqlite(file, { readonly: true });
  const pages = db
    .prepare<[], Page>(
      `SELECT name || ', ' || pagetype AS kind, max(pageno) AS page FROM dbstat GROUP BY name, pagetype ORDER BY 1`,
    )
    .all();
  db.close();
  return pages;
}

/** What a dying disk does to a page: it comes back as zeros, or with one bit turned. */
const HARMS: Readonly<Record<string, (page: Buffer, random: Random) => void>> = {
  zeros: (page) => page.fill(0),
  'a bit': (page, random) => {
    const at = pick(random, page.length);
    page.writeUInt8((page[at] ?? 0) ^ (1 << pick(random, 8)), at);
  },
};

/** A folder with one file in it, harmed. */
function harmed(name: string, bytes: Buffer, { page }: Page, harm: (page: Buffer) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'tilldock-damage-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const copy = Buffer.from(bytes);
  harm(copy.subarray((page - 1) * PAGE, page * PAGE));
  writeFileSync(join(folder, name), copy);
  return folder;
}

describe('a page of the ledger', () => {
  let bytes: Buffer;
  let kinds: Page[];
  let tickets: ReturnType<typeof auditLedger>;
  beforeAll(async () => {
    const { till, shop } = await faultyTill(central, server.url);
    for (let sale = 0; sale < 40; sale += 1) await shop.trade();
    await till.till.sync.run();
    till.process.kill('SIGTERM');
    await till.process.exited;
    const file = join(till.folder, 'ledger.db');
    bytes = readFileSync(file);
    kinds = kindsOf(file);
    const opened = openLedger(till.folder, AT);
    if ('recovery' in opened) throw new Error(opened.recovery.message);
    tickets = auditLedger(opened.ledger);
    opened.ledger.close();
    await till.close();
  });

  test.each(Object.keys(HARMS))(
    'of any kind that comes back as %s stops the till, or changes nothing that was sold',
    { timeout: 120_000 },
    (harm) => {
      const random = seededRandom(SEED);
      expect(kinds.length).toBeGreaterThan(35);
      let stopped = 0;
      for (const kind of kinds) {
        for (let round = 0; round < (harm === 'zeros' ? 1 : 8); round += 1) {
          const folder = harmed('ledger.db', bytes, kind, (page) => HARMS[harm]?.(page, random));
          const before = readFileSync(join(folder, 'ledger.db'));
          const opened = openLedger(folder, AT);
          const about = `${kind.kind}, round ${round} of seed ${SEED}`;
          if ('recovery' in opened) {
            stopped += 1;
            expect(opened.recovery.code, about).toBe('ledger_damaged');
            expect(readFileSync(join(folder, 'ledger.db')).equals(before), about).toBe(true);
          } else {
            expect(auditLedger(opened.ledger), about).toEqual(tickets);
            opened.ledger.close();
          }
        }
      }
      expect(stopped).toBeGreaterThan(10);
    },
  );
});

describe('the write-ahead file of a till that was killed', () => {
  test.each<[string, (wal: string) => void]>([
    ['is deleted', (wal) => rmSync(wal)],
    ['is emptied', (wal) => truncateSync(wal, 0)],
    ['is cut short', (wal) => truncateSync(wal, 3 * PAGE)],
    [
      'has a torn page in its middle',
      (wal) => {
        const bytes = readFileSync(wal);
        bytes.fill(0x5a, Math.trunc(bytes.length / 2), Math.trunc(bytes.length / 2) + PAGE);
        writeFileSync(wal, bytes);
      },
    ],
  ])('that %s is noticed: nothing is sold on as if that had never been', async (_what, harm) => {
    const { till, shop } = await faultyTill(central, server.url);
    onTestFinished(() => till.close());
    // So that the file itself holds the opening of the day, and the sales are in the write-ahead file alone.
    till.process.kill('SIGTERM');
    await till.process.exited;
    await till.crash();
    for (let sale = 0; sale < 5; sale += 1) await shop.sell();
    till.process.kill('SIGKILL');
    await till.process.exited;
    harm(join(till.folder, 'ledger.db-wal'));
    await till.crash();
    const said = await refusal(() => till.till.terminal.state());
    expect(said.data.code).toBe('ledger_damaged');
    expect(said.message).toMatch(/has lost its newest operations, \d+ to 6, as if its write-ahead file/);
  });

  test('that is whole loses nothing, however often the till is killed', async () => {
    const { till, shop, audit } = await faultyTill(central, server.url);
    onTestFinished(() => till.close());
    for (let round = 0; round < 5; round += 1) {
      await shop.sell();
      await till.crash();
    }
    await audit();
  });
});

describe('a page of the catalogue', () => {
  test.each(Object.keys(HARMS))(
    'of any kind that comes back as %s leaves a catalogue that can be used, and the damaged one beside it',
    { timeout: 120_000 },
    async (harm) => {
      const { till, addItems } = await faultyTill(central, server.url);
      await addItems(
        Array.from({ length: 300 }, (_, item) => ({ sku: `S-${item}`, name: `Item ${item}`, price: 100 })),
      );
      await till.till.sync.run();
      till.process.kill('SIGTERM');
      await till.process.exited;
      const file = join(till.folder, 'catalog.db');
      const [bytes, kinds] = [readFileSync(file), kindsOf(file)];
      await till.close();
      const random = seededRandom(SEED);
      for (const kind of kinds) {
        const folder = harmed('catalog.db', bytes, kind, (page) => HARMS[harm]?.(page, random));
        const { catalog, problem } = openCatalog(folder, AT);
        const [{ items }] = catalog
          .prepare<[], { items: number }>('SELECT count(*) AS items FROM item')
          .all() as [{ items: number }];
        expect(items, `${kind.kind} of seed ${SEED}`).toBe(problem === null ? 302 : 0);
        expect(readdirSync(folder).some((name) => name.startsWith('catalog.db.damaged-'))).toBe(
          problem !== null,
        );
        catalog.close();
      }
    },
  );

  test('is fetched again from the server, while the ledger is not touched', async () => {
    const { till, shop, audit } = await faultyTill(central, server.url);
    onTestFinished(() => till.close());
    await shop.sell();
    till.process.kill('SIGTERM');
    await till.process.exited;
    truncateSync(join(till.folder, 'catalog.db'), 5 * PAGE);
    rmSync(join(till.folder, 'catalog.db-wal'), { force: true });
    await till.crash();
    expect((await till.till.sync.status()).problem?.message).toMatch(
      /list of items was damaged and is being fetched/,
    );
    expect(await till.till.sync.run()).toMatchObject({ items: 2, problem: null, waiting: 0 });
    await shop.sell();
    await audit();
  });

  test('in which a price changed by itself is found out when it is compared, and put right', async () => {
    const { till, addItems } = await faultyTill(central, server.url);
    onTestFinished(() => till.close());
    await addItems([{ sku: 'ODDPRICE', name: 'Quince jelly', price: 777 }]);
    await till.till.sync.run();
    till.process.kill('SIGTERM');
    await till.process.exited;
    spoilText(join(till.folder, 'catalog.db'), 'Quince');
    await till.crash();
    expect((await till.till.catalogue.byCode({ code: 'ODDPRICE' }))?.name).not.toBe('Quince jelly');
    expect((await till.till.sync.compare()).outcome).toBe('differs');
    expect((await till.till.catalogue.byCode({ code: 'ODDPRICE' }))?.name).toBe('Quince jelly');
  });
});
