import { beforeAll, expect, test } from 'vitest';
import { addItems } from '../../support/catalogue.ts';
import { type Follower, follow } from '../../support/follower.ts';
import { addManyItems } from '../../support/large-catalogue.ts';
import { type TestShop, testShop } from '../../support/shop.ts';
import { startCentral } from '../../support/start-central.ts';

const { central, server } = await startCentral();
const TERMINALS = 40;
let shop: TestShop;

beforeAll(async () => {
  shop = await testShop(central, server);
});

const add = (sku: string) => addItems(central.db, shop.company.company_id, [{ sku, name: sku, price: 100 }]);

test('terminals that wait are told of news together, each what is its own, by few transactions', async () => {
  await add('OLD');
  const terminals = await Promise.all(Array.from({ length: TERMINALS }, shop.addTerminal));
  const followers = terminals.map((terminal) => follow(terminal));
  const [late, gone, ...others] = followers;
  const [, goneTerminal] = terminals;
  if (!late || !gone || !goneTerminal) throw new Error('too few terminals');
  await Promise.all([gone, ...others].map((follower) => follower.drain()));
  const { cursor } = await gone.next();
  const knows = ({ known }: Follower) =>
    [...known.values()].some((row) => (row as { sku?: string }).sku === 'NEW');
  const waiting = others.map(async (follower) => {
    while (!knows(follower)) await follower.next('wait_s=20');
  });
  const refused = goneTerminal.send(`/api/v1/sync/pull?wait_s=20&cursor=${cursor}`);
  // They wait once the server has looked and found nothing.
  const isIdle = () => central.db.waitingCount === 0 && central.db.idleCount === central.db.totalCount;
  await expect.poll(isIdle, { timeout: 10_000, interval: 300 }).toBe(true);
  await shop.query(
    `update terminal set revoked_at = now() where terminal_id = '${goneTerminal.enrolment.terminal_id}'`,
  );
  const start = performance.now();
  let transactions = 0;
  central.db.on('acquire', () => {
    transactions += 1;
  });
  await add('NEW');
  await Promise.all(waiting);
  // Beside the looks at the company's counter, each 0.4 s.
  expect(transactions - (performance.now() - start) / 400).toBeLessThan(TERMINALS / 2);
  expect(await refused).toMatchObject({ status: 403, body: { code: 'terminal_revoked' } });
  // One that has nothing yet asks at the same time as one that has all.
  const [, none] = await Promise.all([late.drain('wait_s=1'), others[0]?.drain('wait_s=1')]);
  expect(none).toEqual([]);
  expect(new Map(late.known)).toEqual(others[0]?.known);
});

test('more than fits into one answer together comes to each of them all the same', async () => {
  const full = await testShop(central, server);
  const items = 5000;
  await addManyItems(central.db, full.company.company_id, items);
  const terminals = await Promise.all(Array.from({ length: 15 }, full.addTerminal));
  const followers = terminals.map((terminal) => follow(terminal));
  // All ask for everything, as after a restore: 25 MB.
  await Promise.all(followers.map((follower) => follower.drain('limit=10000&wait_s=1')));
  for (const { known } of followers) {
    expect([...known.keys()].filter((key) => key.startsWith('item '))).toHaveLength(items);
  }
});
