import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { UserId } from '#shared/ids.ts';
import type { PushReply } from '#shared/sync/push.ts';
import { DEMO_SHOP } from '../../../server/people/demo-shop.ts';
import { createCompany } from '../../../server/people/seed.ts';
import { type Balancer, startBalancer } from '../../support/balancer.ts';
import { addItems } from '../../support/catalogue.ts';
import { type EmptyCentral, emptyCentral } from '../../support/central.ts';
import { follow } from '../../support/follower.ts';
import { addManyItems } from '../../support/large-catalogue.ts';
import { runServer, type ServerRun } from '../../support/server-process.ts';
import { enrolmentCode, queryAs } from '../../support/shop.ts';
import { shift } from '../../support/tickets.ts';
import { testTill } from '../../support/till.ts';
import { type WireTerminal, wireTerminal } from '../../support/wire-terminal.ts';

const TERMINALS = 10;
const LARGE = 25_000;
const CASHIER = { name: 'Cashier', role: 'CASHIER', pin: '1234' } as const;

type Server = { readonly run: ServerRun; readonly url: string };
let central: EmptyCentral;
let folder: string;
let balancer: Balancer;
let running: Server[];
let folders = 0;

beforeAll(async () => {
  central = await emptyCentral();
  folder = await mkdtemp(join(tmpdir(), 'tilldock-balanced-'));
  running = await Promise.all([start(), start()]);
  balancer = await startBalancer(...running.map(({ url }) => url));
});
afterAll(async () => {
  await balancer?.close();
  for (const server of running ?? []) await end(server, 'SIGTERM');
  await central?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A server with a folder of its own, as on a machine of its own. */
async function start(): Promise<Server> {
  folders += 1;
  const run = runServer(join(folder, `${folders}`), {
    DATABASE_URL: central.serverUrl,
    DATABASE_OWNER_URL: central.ownerUrl,
    TILLDOCK_SECRET: 'kXo3vTq9Zr1mYb7LwCj5Hs8NfUe2PdGa',
    TILLDOCK_LOG: 'error',
  });
  return { run, url: await run.listening };
}

async function end({ run }: Server, signal: 'SIGTERM' | 'SIGKILL'): Promise<string> {
  run.process.kill(signal);
  return (await run.ended).said;
}

/** A terminal of the documented API that sells and follows the feed until it is told to stop, whatever befalls it. */
function trade(terminal: WireTerminal, cashier: UserId, variant_id: string) {
  const day = shift(terminal.enrolment, cashier);
  const verdicts = new Map<number, string>();
  const refusals: unknown[] = [];
  let [isOpen, isThere] = [true, true];
  let troubles = 0;
  const push = async (operations: readonly unknown[]): Promise<void> => {
    // The same again until there is an answer, as any terminal must.
    for (;;) {
      const answer = await terminal.push(operations).catch(() => undefined);
      if (answer?.status === 200) {
        for (const { seq, verdict } of (answer.body as PushReply).verdicts) verdicts.set(seq, verdict);
        return;
      }
      troubles += 1;
      if (answer && answer.status !== 503) refusals.push(answer.body);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const selling = (async () => {
    await push([terminal.record('day.opened', day.opened)]);
    while (isOpen) await push([terminal.record('ticket.completed', day.ticket({ lines: [{ variant_id }] }))]);
    await push([terminal.record('day.closed', day.closed())]);
  })();
  const follower = follow(terminal);
  const following = (async () => {
    while (isThere) {
      await follower.drain('wait_s=1').catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
    }
    await follower.drain();
  })();
  return {
    terminal,
    follower,
    verdicts,
    refusals,
    troubles: () => troubles,
    closeDay: () => {
      isOpen = false;
      return selling;
    },
    leave: () => {
      isThere = false;
      return following;
    },
  };
}

async function openShop() {
  const cashiers = Array.from({ length: TERMINALS }, (_, no) => ({ ...CASHIER, name: `Cashier ${no}` }));
  const company = await createCompany(central.db, {
    ...DEMO_SHOP,
    people: [...DEMO_SHOP.people, ...cashiers],
  });
  const code = () => enrolmentCode({ ...central, company, addCompany: async () => company }, company);
  const goods = await addItems(central.db, company.company_id, [{ sku: 'FIRST', name: 'Item', price: 100 }]);
  const variant = goods.get('FIRST') ?? '';
  const trades = company.people
    .filter(({ role }) => role === 'CASHIER')
    .map(async ({ user_id }) =>
      trade(await wireTerminal(balancer.url, await code(), user_id), user_id, variant),
    );
  return { company, trades: await Promise.all(trades) };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

/** Waits until so much more was sold. */
const moreSold = (shop: Shop, tickets: number) => {
  const sold = () => shop.trades.reduce((sum, { verdicts }) => sum + verdicts.size, 0);
  const before = sold();
  return vi.waitFor(() => expect(sold()).toBeGreaterThan(before + tickets), 60_000);
};

let prices = 0;
/** Goods come while everybody sells: the feed moves under those who follow it. */
const addGoods = ({ company }: Shop) => {
  prices += 1;
  const goods = [1, 2, 3].map((no) => ({ sku: `ITEM-${prices}-${no}`, name: 'Item', price: 100 + prices }));
  return addItems(central.db, company.company_id, goods);
};

async function expectEverythingOnce({ company, trades }: Shop): Promise<void> {
  await Promise.all(trades.map((each) => each.closeDay()));
  await Promise.all(trades.map((each) => each.leave()));
  const query = <Row extends Record<string, unknown>>(sql: string) =>
    queryAs<Row>({ ...central, company, addCompany: async () => company }, company.company_id, sql);
  expect(trades.flatMap(({ refusals }) => refusals)).toEqual([]);
  expect(await query('select code, count(*) from exception group by code')).toEqual([]);
  expect(trades.map(({ verdicts }) => [...new Set(verdicts.values())])).toEqual(
    trades.map(() => ['applied']),
  );
  const recorded = trades.map(({ terminal }) => terminal.nextSeq() - 1);
  expect(trades.map(({ verdicts }) => verdicts.size)).toEqual(recorded);
  const kept = await query<{ terminal_id: string; operations: number; last_seq: number }>(
    `select terminal_id, (select count(*) from journal j where j.terminal_id = t.terminal_id) as operations, last_seq
     from terminal t`,
  );
  expect(new Map(kept.map((row) => [row.terminal_id, [row.operations, row.last_seq]]))).toEqual(
    new Map(
      trades.map(({ terminal }, place) => [
        terminal.enrolment.terminal_id,
        [recorded[place], recorded[place]],
      ]),
    ),
  );
  // Each day's sums, of which the terminal kept its own account, and what they come to.
  expect(await query('select z_agrees, count(*) as days from sales_day group by 1')).toEqual([
    { z_agrees: true, days: trades.length },
  ]);
  const items = (await query<{ sku: string }>('select sku from variant order by sku')).map(({ sku }) => sku);
  for (const { follower } of trades) {
    const told = [...follower.known]
      .filter(([key]) => key.startsWith('item '))
      .map(([, row]) => (row as { sku: string }).sku);
    expect(told.sort()).toEqual(items);
  }
}

describe('two servers behind one balancer', () => {
  test('lose nothing and count nothing twice while one is killed under load and comes back', async () => {
    const shop = await openShop();
    await moreSold(shop, 30);
    await addGoods(shop);
    const [victim, other] = running as [Server, Server];
    await end(victim, 'SIGKILL');
    await addGoods(shop);
    await moreSold(shop, 30);
    const heir = await start();
    balancer.lead(other.url, heir.url);
    running = [other, heir];
    await addGoods(shop);
    await moreSold(shop, 30);
    await expectEverythingOnce(shop);
    expect(shop.trades.reduce((sum, { troubles }) => sum + troubles(), 0)).toBeGreaterThan(0);
  });

  test('are replaced by newer ones, one after the other, and no terminal is refused anything', async () => {
    const shop = await openShop();
    await moreSold(shop, 30);
    for (const old of running) {
      const heir = await start();
      running = [...running.filter((server) => server !== old), heir];
      // In order: nothing new goes to it, and it ends what it has.
      balancer.lead(...running.map(({ url }) => url));
      await addGoods(shop);
      expect(await end(old, 'SIGTERM')).not.toMatch(/"level":50/);
      await moreSold(shop, 30);
    }
    await expectEverythingOnce(shop);
    expect(shop.trades.map(({ troubles }) => troubles())).toEqual(shop.trades.map(() => 0));
    expect([...balancer.passed.values()].every((requests) => requests > 0)).toBe(true);
  });

  test('that each have ready catalogues of their own give a till all of its goods', async () => {
    const company = await createCompany(central.db, DEMO_SHOP);
    await addManyItems(central.db, company.company_id, LARGE);
    const till = await testTill({ onLog: () => {} });
    onTestFinished(() => till.close());
    const code = await enrolmentCode({ ...central, company, addCompany: async () => company }, company);
    await till.till.terminal.enrol({ server_url: balancer.url, code, name: 'Front' });
    await vi.waitFor(
      async () => expect(await till.till.sync.run()).toMatchObject({ items: LARGE, problem: null }),
      60_000,
    );
  });
});
