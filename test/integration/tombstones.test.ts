import { expect, test } from 'vitest';
import { inCompany } from '../../server/db.ts';
import { pruneTombstones } from '../../server/sync/prune-feed.ts';
import { addItems } from '../support/catalogue.ts';
import { follow } from '../support/follower.ts';
import { type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();

const prune = (shop: TestShop) =>
  inCompany(central.db, shop.company.company_id, (tx) => pruneTombstones(tx, 1000));
const age = (shop: TestShop, days: number) =>
  shop.query(`update feed set marked_at = marked_at - interval '${days} days' where gone`);
const addToys = (shop: TestShop) =>
  shop.query(
    `insert into department select '${shop.company.company_id}', code, code from unnest(array['TOYS', 'GAMES']) code`,
  );
const drop = (shop: TestShop, code: string) => shop.query(`delete from department where code = '${code}'`);

/** A shop that had two departments more, of which one went long ago, and terminals that stopped at either moment. */
async function forgetfulShop() {
  const shop = await testShop(central, server);
  await addToys(shop);
  const [early, late] = [follow(shop.terminal), follow(shop.terminal)];
  await early.drain();
  await drop(shop, 'TOYS');
  await late.drain();
  await age(shop, 91);
  await drop(shop, 'GAMES');
  expect(await prune(shop)).toBe(1);
  return { shop, early, late };
}

test('a terminal that was away while its news was forgotten begins anew, and has what everybody has', async () => {
  const { shop, early, late } = await forgetfulShop();
  expect(await late.next()).toMatchObject({ reset: false, changes: [{ key: 'GAMES', row: null }] });
  expect(await early.next()).toMatchObject({ reset: true });
  expect([...early.known.keys()].sort()).toEqual([...late.known.keys()].sort());
  await addItems(central.db, shop.company.company_id, [{ sku: 'NEW', name: 'New', price: 1 }]);
  expect(await early.next()).toMatchObject({ reset: false });
  expect([...early.known]).toEqual(expect.arrayContaining([...late.known]));
});

test('a refill in small pages ends, although all its cursors are below what was forgotten', async () => {
  const { shop } = await forgetfulShop();
  await age(shop, 91);
  expect(await prune(shop)).toBe(1);
  const newcomer = follow(shop.terminal);
  const keys = await newcomer.drain('limit=2');
  expect(new Set(keys).size).toBe(keys.length);
  // The last row that is alive is below what went, too. It missed nothing.
  expect(await newcomer.next()).toMatchObject({ reset: false, more: false, changes: [] });
});

test('a refill that was left for longer than news is kept begins anew', async () => {
  const { shop } = await forgetfulShop();
  const sleeper = follow(shop.terminal);
  await sleeper.next('limit=2');
  await addToys(shop);
  await drop(shop, 'TOYS');
  await age(shop, 91);
  await prune(shop);
  expect(await sleeper.next('limit=2')).toMatchObject({ reset: true });
});

test('news is kept for ninety days', async () => {
  const shop = await testShop(central, server);
  await addToys(shop);
  await drop(shop, 'TOYS');
  await age(shop, 89);
  expect(await prune(shop)).toBe(0);
  expect(await follow(shop.terminal).drain()).toContain('department TOYS');
});
