import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SyncStatus } from '#shared/contract/till.ts';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { snapshotReplySchema } from '#shared/sync/snapshot.ts';
import type { TillClient } from '../../src-main/data/client.ts';
import { catalogSchema } from '../../src-main/data/open.ts';
import { badLine } from '../support/bad-line.ts';
import { falseServer, type Passing } from '../support/false-server.ts';
import { addManyItems } from '../support/large-catalogue.ts';
import { enrolmentCode, person, queryAs, type TestShop, testShop } from '../support/shop.ts';
import { smallDisk, smallDiskProblem } from '../support/small-disk.ts';
import { startCentral } from '../support/start-central.ts';
import { type TestTill, testTill } from '../support/till.ts';

const ITEMS = 20_500;
const MANAGER_PIN = '2468';
const codeOf = (item: number) => `20${String(item).padStart(11, '0')}`;

const { central, server } = await startCentral();
let shop: TestShop;

beforeAll(async () => {
  shop = await testShop(central, server);
  await addManyItems(central.db, shop.company.company_id, ITEMS);
  await built();
});
/** Waits until the server has the file, and says how large it is. */
async function built(): Promise<number> {
  for (;;) {
    const query = `feed_schema=${FEED_SCHEMA}&file_schema=${catalogSchema()}`;
    const { body } = await shop.terminal.send(`/api/v1/sync/snapshot?${query}`);
    const reply = snapshotReplySchema.parse(body);
    if (reply.state === 'ready') return reply.file.bytes;
    await pause(50);
  }
}

/** A till that is gone when the test is over. */
async function newTill(options: Parameters<typeof testTill>[0] = {}): Promise<TestTill> {
  const made = await testTill(options);
  onTestFinished(() => made.close());
  return made;
}

const enrol = async (made: TestTill, server_url: string): Promise<void> => {
  await made.till.terminal.enrol({
    server_url,
    code: await enrolmentCode(central, shop.company),
    name: 'Front',
  });
};

const signIn = (made: TestTill) => made.signIn(person(shop.company, 'MANAGER'), MANAGER_PIN);

/** What the folder of a till says of how its catalogue came. */
const files = (made: TestTill) =>
  readdirSync(made.folder)
    .filter((name) => /^catalog/.test(name))
    .sort();
const BY_FILE = ['catalog-2.db', 'catalog-2.db-shm', 'catalog-2.db-wal'];
const BY_PAGES = ['catalog.db', 'catalog.db-shm', 'catalog.db-wal'];

/** Makes every cursor worthless, as a restore of the server does. */
async function restoreServer(): Promise<void> {
  const owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
  await owner.query('update server_epoch set epoch = gen_random_uuid(), since = now()');
  await owner.end();
}

/** Makes another shop, and gives what moves a till to and fro between the two: it then fetches everything anew. */
async function betweenTwoShops(): Promise<(made: TestTill) => Promise<unknown>> {
  const { company_id, location_id } = shop.company;
  const other = uuid();
  await queryAs(
    central,
    company_id,
    `insert into location (company_id, location_id, code, kind, name, currency, zone, denominations,
       prices_include_tax, tax_rounding)
     select company_id, '${other}', 'SHOP2', kind, name, currency, zone, denominations, prices_include_tax, tax_rounding
     from location`,
  );
  return async (made) => {
    const { terminal } = await made.till.terminal.state();
    await queryAs(
      central,
      company_id,
      `update terminal set location_id = case location_id
         when '${other}' then '${location_id}'::uuid else '${other}' end
       where terminal_id = '${terminal?.terminal_id}'`,
    );
  };
}

const setPrice = (item: number, pence: number) =>
  queryAs(
    central,
    shop.company.company_id,
    `update variant set unit_price_micro = ${pence} * 1000000 where product_id = ${item}`,
  );
const priceOf = async (client: TillClient, item: number) =>
  (await client.catalogue.byCode({ code: codeOf(item) }))?.unit_price_micro;

async function openDay(client: TillClient): Promise<void> {
  const day_id = dayIdSchema.parse(uuid());
  await client.sales.openDay({ day_id, float_minor: minor(10_000) });
}

/** One sale of one item for cash. */
async function sell(client: TillClient, item: number) {
  const ticket_id = ticketIdSchema.parse(uuid());
  await client.sales.startCart({ ticket_id, kind: 'sale' });
  const line_id = lineIdSchema.parse(uuid());
  await client.sales.addLine({
    ticket_id,
    line_id,
    item: { code: codeOf(item) },
    quantity_milli: milli(1000),
  });
  return client.sales.completeTicket({
    ticket_id,
    tenders: [{ payment_type: 'CASH', amount_minor: minor(1_000_000) }],
  });
}

describe('a new till', () => {
  test('fetches a large catalogue as one file, and has what it would have by pages', async () => {
    await setPrice(7, 1234);
    const made = await newTill();
    await enrol(made, server.url);
    const status = await made.till.sync.run();
    expect(status).toMatchObject({ items: ITEMS, problem: null, running: false, fetching: null });
    expect(files(made)).toEqual(BY_FILE);
    await signIn(made);
    // Changed after the file was built.
    expect(await priceOf(made.till, 7)).toBe(1_234_000_000);
    const found = await made.till.catalogue.search({ text: 'emile чай 20499', limit: 5 });
    expect(found.map((item) => item.sku)).toEqual(['B0020499']);
    await setPrice(7, 777);
    await made.till.sync.run();
    expect(await priceOf(made.till, 7)).toBe(777_000_000);
    await openDay(made.till);
    expect(await sell(made.till, 7)).toMatchObject({ total_minor: 777 });
    await made.crash();
    expect(await priceOf(made.till, 7)).toBe(777_000_000);
    expect(files(made)).toEqual(BY_FILE);
  });

  test('answers its enrolment while the file is still coming, and says how far it is', async () => {
    const line = await badLine(server.url);
    onTestFinished(() => line.close());
    line.slowDown((await built()) / 2);
    const made = await newTill();
    await enrol(made, line.url);
    const seen: (SyncStatus['fetching'] & object)[] = [];
    const done = made.till.sync.run();
    let isDone = false;
    done.then(() => {
      isDone = true;
    });
    while (!isDone) {
      const { fetching, running } = await made.till.sync.status();
      if (fetching) {
        expect(running).toBe(true);
        seen.push(fetching);
      }
      await pause(5);
    }
    expect(await done).toMatchObject({ items: ITEMS, problem: null, fetching: null });
    const downloads = seen.filter(({ phase }) => phase === 'downloading');
    expect(downloads.length).toBeGreaterThan(5);
    expect(downloads.map(({ done: bytes }) => bytes)).toEqual(
      downloads.map(({ done: bytes }) => bytes).sort((left, right) => left - right),
    );
    expect(new Set(downloads.map(({ total }) => total))).toEqual(new Set([await built()]));
  });
});

describe('a connection that breaks', () => {
  test('is followed by another that goes on where it ended', async () => {
    const bytes = await built();
    const line = await badLine(server.url);
    onTestFinished(() => line.close());
    const made = await newTill();
    // Before anything else is asked over it, each connection brings a fifth of the file.
    line.breakAfter(Math.round(bytes / 5));
    await enrol(made, line.url);
    const status = await made.till.sync.run();
    expect(status).toMatchObject({ items: ITEMS, problem: null });
    expect(files(made)).toEqual(BY_FILE);
    expect(line.carried()).toBeGreaterThan(bytes);
    expect(line.carried()).toBeLessThan(bytes * 1.5);
  });

  test('and a till that dies with it goes on with what it had', async () => {
    const bytes = await built();
    const line = await badLine(server.url);
    onTestFinished(() => line.close());
    const made = await newTill();
    line.slowDown(bytes / 3);
    await enrol(made, line.url);
    while (((await made.till.sync.status()).fetching?.done ?? 0) < bytes / 2) await pause(10);
    await made.crash();
    const [part] = readdirSync(made.folder).filter((name) => name.endsWith('.zst'));
    expect(part).toBeDefined();
    const before = line.carried();
    line.slowDown(Number.POSITIVE_INFINITY);
    const status = await made.till.sync.run();
    expect(status).toMatchObject({ items: ITEMS, problem: null });
    expect(files(made)).toEqual(BY_FILE);
    expect(line.carried() - before).toBeLessThan(bytes * 0.7);
  });

  test('and does not come back leaves the problem on the screen, and what was fetched for the next time', async () => {
    const bytes = await built();
    const line = await badLine(server.url);
    onTestFinished(() => line.close());
    const made = await newTill();
    line.slowDown(bytes / 3);
    await enrol(made, line.url);
    while (((await made.till.sync.status()).fetching?.done ?? 0) === 0) await pause(10);
    line.cut();
    expect(await made.till.sync.run()).toMatchObject({ problem: { kind: 'unreachable' }, fetching: null });
    line.mend();
    line.slowDown(Number.POSITIVE_INFINITY);
    expect(await made.till.sync.run()).toMatchObject({ problem: null, items: ITEMS });
  });
});

describe('somebody in between', () => {
  /** A till that fetched its catalogue from a false server. */
  async function fetchThrough(tamper: (path: string, answer: Passing) => void) {
    const between = await falseServer(server.url);
    onTestFinished(() => between.close());
    between.tamper = tamper;
    let log = '';
    const made = await newTill({
      onLog: (text) => {
        log += text;
      },
    });
    await enrol(made, between.url);
    const status = await made.till.sync.run();
    const downloads = between.asked.filter((path) => path.startsWith('/api/v1/sync/snapshot/')).length;
    return { made, status, downloads, log };
  }
  const isFile = (path: string) => path.startsWith('/api/v1/sync/snapshot/');
  const isOffer = (path: string) => path.startsWith('/api/v1/sync/snapshot?');
  const change = (answer: Passing, from: RegExp, to: string) => {
    answer.body = Buffer.from(answer.body.toString().replace(from, to));
  };

  /** Another file of the same length that unpacks to as many bytes, with one letter changed. */
  function forged(file: Buffer): Buffer {
    const database = zstdDecompressSync(file);
    database[database.indexOf('kettle')] = 'K'.charCodeAt(0);
    const packed = zstdCompressSync(database, { params: { [constants.ZSTD_c_compressionLevel]: 12 } });
    // The rest is a frame that is passed over (RFC 8878, 3.1.2).
    const rest = Buffer.alloc(file.length - packed.length);
    rest.writeUInt32LE(0x184d2a50, 0);
    rest.writeUInt32LE(rest.length - 8, 4);
    return Buffer.concat([packed, rest]);
  }

  test('who gives another file that unpacks as well is noticed by its hash', async () => {
    const { made, status, log } = await fetchThrough((path, answer) => {
      if (isFile(path)) answer.body = forged(answer.body);
    });
    expect(status).toMatchObject({ items: ITEMS, problem: null });
    expect(files(made)).toEqual(BY_PAGES);
    expect(log).toContain('instead of');
  });

  test('who changes a byte of the file is noticed; the catalogue then comes by pages', async () => {
    const { made, status, downloads, log } = await fetchThrough((path, answer) => {
      if (isFile(path)) answer.body[answer.body.length >> 1] = ~(answer.body[answer.body.length >> 1] ?? 0);
    });
    expect(status).toMatchObject({ items: ITEMS, problem: null });
    expect(files(made)).toEqual(BY_PAGES);
    expect(downloads).toBe(2);
    expect(log).toMatch(/instead of|corruption/);
  });

  test('who spoils it once has it fetched once more', async () => {
    let spoilt = false;
    const { made, downloads } = await fetchThrough((path, answer) => {
      if (!isFile(path) || spoilt) return;
      spoilt = true;
      answer.body.fill(0, 1000, 1100);
    });
    expect(downloads).toBe(2);
    expect(files(made)).toEqual(BY_FILE);
  });

  test.each([
    ['another number of rows', /"rows":\d+/, '"rows":1'],
    ['another hash', /"sha256":"\w+"/, `"sha256":"${'0123456789abcdef'.repeat(4)}"`],
    ['another signature', /"signature":".{8}/, '"signature":"AAAAAAAA'],
  ])('who offers %s is not believed: nothing is fetched', async (_, from, to) => {
    const { made, status, downloads, log } = await fetchThrough((path, answer) => {
      if (isOffer(path)) change(answer, from, to);
    });
    expect(downloads).toBe(0);
    expect(log).toContain('did not sign for us');
    expect(status).toMatchObject({ items: ITEMS, problem: null });
    expect(files(made)).toEqual(BY_PAGES);
  });

  test("who offers another company's file, rightly signed, is not believed either", async () => {
    const other = await testShop(central, server);
    await addManyItems(central.db, other.company.company_id, ITEMS);
    const query = `feed_schema=${FEED_SCHEMA}&file_schema=${catalogSchema()}`;
    let theirs = await other.terminal.send(`/api/v1/sync/snapshot?${query}`);
    while (theirs.status !== 200) {
      // Being built; anything else would stay so.
      expect(theirs).toMatchObject({ status: 202 });
      await pause(50);
      theirs = await other.terminal.send(`/api/v1/sync/snapshot?${query}`);
    }
    const { downloads, made } = await fetchThrough((path, answer) => {
      if (isOffer(path)) answer.body = Buffer.from(JSON.stringify(theirs.body));
    });
    expect(downloads).toBe(0);
    expect(files(made)).toEqual(BY_PAGES);
  });

  test('who answers with a page of his own leaves what was fetched as it is', async () => {
    let portal = true;
    const between = await falseServer(server.url);
    onTestFinished(() => between.close());
    between.tamper = (path, answer) => {
      if (!isFile(path) || !portal) return;
      answer.body = Buffer.from('<html>Please sign in</html>');
      answer.headers = { 'content-type': 'text/html' };
    };
    const made = await newTill();
    await enrol(made, between.url);
    expect(await made.till.sync.run()).toMatchObject({ problem: { kind: 'not_understood' } });
    portal = false;
    expect(await made.till.sync.run()).toMatchObject({ problem: null, items: ITEMS });
    expect(files(made)).toEqual(BY_FILE);
  });
});

describe.skipIf(smallDiskProblem() !== null)(`a small disk (${smallDiskProblem() ?? 'mounted'})`, () => {
  test('on which file and catalogue together have no room takes pages', async () => {
    const disk = smallDisk(60);
    onTestFinished(() => disk.remove());
    const made = await newTill({ on: disk.folder, onLog: () => {} });
    await enrol(made, server.url);
    expect(await made.till.sync.run()).toMatchObject({ items: ITEMS, problem: null });
    expect(files(made)).toEqual(BY_PAGES);
  });

  test('that others fill meanwhile is told of; with room again, the till goes on', async () => {
    const disk = smallDisk(100);
    onTestFinished(() => disk.remove());
    const line = await badLine(server.url);
    onTestFinished(() => line.close());
    line.slowDown((await built()) / 2);
    const made = await newTill({ on: disk.folder, onLog: () => {} });
    await enrol(made, line.url);
    while (((await made.till.sync.status()).fetching?.done ?? 0) === 0) await pause(10);
    const ballast = join(disk.folder, 'ballast');
    expect(() => writeFileSync(ballast, Buffer.alloc(100 * 1024 * 1024))).toThrow('ENOSPC');
    const full = await made.till.sync.run();
    expect(full).toMatchObject({ problem: { message: expect.stringContaining('disk') }, fetching: null });
    expect(readdirSync(made.folder).filter((name) => /zst|incoming/.test(name))).toEqual([]);
    rmSync(ballast);
    line.slowDown(Number.POSITIVE_INFINITY);
    expect(await made.till.sync.run()).toMatchObject({ items: ITEMS, problem: null });
  });
});

describe('a till that has a catalogue', () => {
  test('goes on selling from it, at the prices it had, until the new one is complete', async () => {
    const line = await badLine(server.url);
    onTestFinished(() => line.close());
    const made = await newTill();
    await enrol(made, line.url);
    await made.till.sync.run();
    await signIn(made);
    await openDay(made.till);
    await setPrice(9, 100);
    await made.till.sync.run();
    await setPrice(9, 200);
    await restoreServer();
    line.slowDown((await built()) / 2);
    const running = made.till.sync.run();
    const prices = new Set<number>();
    const waits: number[] = [];
    const phases = new Set<string>();
    let isDone = false;
    running.then(() => {
      isDone = true;
    });
    while (!isDone) {
      const start = performance.now();
      const { total_minor } = await sell(made.till, 9);
      waits.push(performance.now() - start);
      prices.add(total_minor);
      const { fetching } = await made.till.sync.status();
      if (fetching) phases.add(fetching.phase);
      expect(fetching === null || total_minor === 100).toBe(true);
    }
    expect(await running).toMatchObject({ problem: null, items: ITEMS });
    expect(phases.has('downloading')).toBe(true);
    expect(waits.length).toBeGreaterThan(20);
    expect(await sell(made.till, 9)).toMatchObject({ total_minor: 200 });
    expect(prices.has(100)).toBe(true);
    expect(files(made)).toEqual(['catalog-3.db', 'catalog-3.db-shm', 'catalog-3.db-wal']);
    await made.till.sync.run();
    expect(await made.till.sync.status()).toMatchObject({ waiting: 0, quarantined: 0, problem: null });
  });

  test('that was damaged fetches another one as a file', async () => {
    const made = await newTill({ onLog: () => {} });
    await enrol(made, server.url);
    await made.till.sync.run();
    await signIn(made);
    const path = join(made.folder, 'catalog-2.db');
    made.process.kill('SIGKILL');
    await made.process.exited;
    writeFileSync(path, readFileSync(path).fill(0xa5, 40_960, 409_600));
    await made.crash();
    expect((await made.till.sync.status()).problem).toMatchObject({ kind: 'catalogue' });
    expect(await made.till.sync.run()).toMatchObject({ items: ITEMS, problem: null });
    expect(files(made).filter((name) => !name.includes('damaged'))).toEqual(BY_FILE);
    expect(files(made)).toContainEqual(expect.stringMatching(/^catalog-2\.db\.damaged-.*Z$/));
    expect(await priceOf(made.till, 5)).toBe(105_000_000);
  });

  test('that dies at any moment has the old catalogue or the new one, whole, and can sell', async () => {
    const line = await badLine(server.url);
    onTestFinished(() => line.close());
    const move = await betweenTwoShops();
    const made = await newTill();
    await enrol(made, line.url);
    await made.till.sync.run();
    await signIn(made);
    await openDay(made.till);
    await setPrice(11, 1);
    await move(made);
    const started = performance.now();
    await made.till.sync.run();
    // How long all of it takes here.
    let whole = performance.now() - started;
    const ends = { old: 0, new: 0 };
    for (let round = 2; round < 22; round += 1) {
      await setPrice(11, round);
      await move(made);
      const running = made.till.sync.run().catch(() => null);
      await pause(Math.random() * whole);
      line.cut();
      await made.crash();
      await running;
      const price = (await priceOf(made.till, 11)) ?? 0;
      expect([(round - 1) * 1_000_000, round * 1_000_000]).toContain(price);
      const end = price === round * 1_000_000 ? 'new' : 'old';
      ends[end] += 1;
      // Other work on the machine makes it longer or shorter: about as many deaths come too late as come in time.
      whole *= end === 'old' ? 1.3 : 0.8;
      expect(await made.till.sync.status()).toMatchObject({ items: ITEMS });
      expect(await made.till.catalogue.search({ text: 'kettle 20499', limit: 3 })).toHaveLength(1);
      expect(await sell(made.till, 11)).toMatchObject({ total_minor: price / 1_000_000 });
      line.mend();
      await made.till.sync.run();
      expect(await priceOf(made.till, 11)).toBe(round * 1_000_000);
    }
    expect(Math.min(ends.old, ends.new)).toBeGreaterThan(1);
    const [newest] = files(made);
    expect(files(made)).toEqual([newest, `${newest}-shm`, `${newest}-wal`]);
    expect(await made.till.sync.status()).toMatchObject({ waiting: 0, quarantined: 0 });
  }, 300_000);
});
