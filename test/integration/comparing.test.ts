import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { tablesReplySchema } from '#shared/sync/table-hash.ts';
import { nowOf } from '../../src-main/data/clock.ts';
import { startSync } from '../../src-main/data/sync/start-sync.ts';
import { addItems } from '../support/catalogue.ts';
import { follow } from '../support/follower.ts';
import { enrolmentCode, person, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { type TestTill, testTill } from '../support/till.ts';
import { closeTill, handClock, newFolder, openTill } from '../unit/data/shop.ts';

/** Names as shops have them, and worse: what JSON escapes, and what it does not. */
const NAMES = [
  'Plain mug',
  'Чайник «Ёжик» 1,5 л',
  'Quote " backslash \\ slash / apostrophe \u0027',
  'Tab\tline\nreturn\rbell\u0007form\fback\bdelete\u007f',
  'Separators \u2028\u2029 and a zero-width\u200d joiner',
  'Emoji 🧸 and a combining e\u0301',
  '<script>&amp;</script>',
];

const { central, server } = await startCentral();
let shop: TestShop;

beforeAll(async () => {
  shop = await testShop(central, server);
  await addItems(
    central.db,
    shop.company.company_id,
    NAMES.map((name, index) => ({
      sku: `S"${index}\\`,
      name,
      price: 100 + index,
      barcode: `"A'b %_*${index}`,
    })),
  );
  await shop.query(
    `insert into barcode (company_id, code, variant_id)
     select company_id, code, variant_id from variant, unnest(array['b', 'A', '~', '10', '9']) code
     where name = 'Plain mug'`,
  );
  await shop.query(`update variant set active = false where name like 'Emoji%'`);
});
/** A till with a manager at it. `log` gives what it complained of. */
async function newTill(): Promise<TestTill & { log: () => string }> {
  let log = '';
  const made = await testTill({
    onLog: (text) => {
      log += text;
    },
  });
  onTestFinished(() => made.close());
  const code = await enrolmentCode(central, shop.company);
  await made.till.terminal.enrol({ server_url: server.url, code, name: 'Front' });
  await made.signIn(person(shop.company, 'MANAGER'), '2468');
  return Object.assign(made, { log: () => log });
}

/** Changes the till's catalogue past the till. */
function spoil(made: TestTill, statement: string): void {
  const db = new Sqlite(join(made.folder, 'catalog.db'));
  db.pragma('foreign_keys = OFF');
  expect(db.prepare(statement).run().changes).toBeGreaterThan(0);
  db.close();
}

test('a till that pulled everything has what the server has, whatever the names hold', async () => {
  const made = await newTill();
  const { outcome, status } = await made.till.sync.compare();
  expect(outcome).toBe('same');
  expect(status.last_compared_at).not.toBeNull();
  expect(made.log()).toBe('');
  await shop.query(`update variant set name = name || '!' where name like 'Tab%'`);
  expect(await made.till.sync.compare()).toMatchObject({ outcome: 'same' });
});

describe('a till whose catalogue became another', () => {
  test.each([
    ['a price', "UPDATE item SET unit_price_micro = 1 WHERE name = 'Plain mug'"],
    ['an item that is gone', "DELETE FROM item WHERE name = 'Plain mug'"],
    ['a role', "UPDATE reference SET document = replace(document, 'sale.', 'sold.') WHERE entity = 'user'"],
    ['a tax class too many', "INSERT INTO reference VALUES ('tax_class', 'X', '{\"code\":\"X\"}', 1)"],
  ])('by %s notices, says so, and fetches it anew', async (_, statement) => {
    const made = await newTill();
    spoil(made, statement);
    const { outcome, status } = await made.till.sync.compare();
    expect(outcome).toBe('differs');
    expect(made.log()).toContain('not what the server has');
    expect(status).toMatchObject({ problem: null, items: NAMES.length, last_compared_at: null });
    expect(await made.till.sync.compare()).toMatchObject({ outcome: 'same' });
    expect(await made.till.catalogue.byCode({ code: 'b' })).toMatchObject({ unit_price_micro: 100_000_000 });
  });
});

test('a till compares by itself once a day', async () => {
  const [folder, clock] = [newFolder(), handClock()];
  const till = openTill(folder, clock);
  const sync = startSync(till, folder, { autosync: true, catalogProblem: null });
  onTestFinished(async () => {
    await sync.stop();
    closeTill(till);
  });
  const code = await enrolmentCode(central, shop.company);
  await sync.enrol({ server_url: server.url, code, name: 'Night' });
  // A comparison wants the catalogue to stand still for a moment.
  const SLOWLY = { timeout: 60_000, interval: 1000 };
  const heartbeat = async () => {
    await shop.query(`update variant set unit_price_micro = unit_price_micro + 1 where name like 'Emoji%'`);
    return sync.status();
  };
  expect((await heartbeat()).last_compared_at).toBeNull();
  clock.pass(3_600_000);
  await expect.poll(heartbeat, SLOWLY).toMatchObject({ last_compared_at: nowOf(clock) });
  const first = nowOf(clock);
  clock.pass(3_600_000);
  till.catalog.prepare("UPDATE item SET unit_price_micro = 1 WHERE name = 'Plain mug'").run();
  await expect.poll(async () => (await heartbeat()).last_pull_at, SLOWLY).toBe(nowOf(clock));
  expect(sync.status().last_compared_at).toBe(first);
  clock.pass(24 * 3_600_000);
  const price = till.catalog.prepare("SELECT unit_price_micro AS micro FROM item WHERE name = 'Plain mug'");
  const mended = async () => {
    await heartbeat();
    return price.get();
  };
  await expect.poll(mended, SLOWLY).not.toEqual({ micro: 1 });
});

test('a till that cannot reach its server compares nothing, and says why', async () => {
  const made = await newTill();
  await server.close();
  expect(await made.till.sync.compare()).toMatchObject({
    outcome: 'not_now',
    status: { problem: { kind: 'unreachable' } },
  });
  await server.comeBack();
  expect(await made.till.sync.compare()).toMatchObject({ outcome: 'same', status: { problem: null } });
});

describe('the server', () => {
  const ask = async (cursor: string) =>
    tablesReplySchema.parse((await shop.terminal.send(`/api/v1/sync/tables?cursor=${cursor}`)).body);

  test('compares only with whoever knows everything up to now', async () => {
    const follower = follow(shop.terminal);
    const { cursor } = await follower.next('limit=2');
    expect(await ask(cursor)).toEqual({ state: 'moved' });
    await follower.drain();
    const last = await follower.next();
    const here = await ask(last.cursor);
    expect(here.state).toBe('here');
    expect(await ask(last.cursor)).toEqual(here);
    await shop.query(`update variant set unit_price_micro = 77 where name = 'Plain mug'`);
    expect(await ask(last.cursor)).toEqual({ state: 'moved' });
    const next = await follower.next();
    expect(await ask(next.cursor)).not.toEqual(here);
  });

  test('refuses what is no cursor, and who is no terminal', async () => {
    const refused = await shop.terminal.send('/api/v1/sync/tables?cursor=x');
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'cursor' }] } });
    expect(await shop.terminal.send('/api/v1/sync/tables')).toMatchObject({ status: 422 });
    expect((await fetch(`${server.url}/api/v1/sync/tables?cursor=x`)).status).toBe(401);
  });
});
