import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PushReply } from '#shared/sync/push.ts';
import { addItems } from '../support/catalogue.ts';
import { testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { adjusted } from '../support/stock.ts';
import { shift } from '../support/tickets.ts';

const { central, server } = await startCentral();
let owner: pg.Client;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
});

const stockOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ sku: `SKU-${index}`, name: `Item ${index}`, price: 255 }));

describe('a batch that is sent ten times at once', () => {
  test('takes effect once, and all ten get the same verdicts', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const operations = [
      terminal.record('day.opened', day.opened),
      ...Array.from({ length: 30 }, () => terminal.record('ticket.completed', day.ticket())),
      terminal.forge('moon.landed', {}),
    ];
    const replies = await Promise.all(Array.from({ length: 10 }, () => terminal.deliver(operations)));
    for (const reply of replies) expect(reply.verdicts).toEqual(replies[0]?.verdicts);
    expect(await shop.tickets()).toBe(30);
    const [kept] = await shop.query(
      `select (select count(*)::integer from journal) as operations,
         (select count(*)::integer from journal_batch) as pushes,
         (select count(*)::integer from exception) as exceptions`,
    );
    const raised = (replies[0] as PushReply).verdicts.filter((entry) => entry.verdict === 'applied_flagged');
    expect(kept).toMatchObject({ operations: 32, pushes: 1 });
    expect(Number(kept?.exceptions)).toBeGreaterThanOrEqual(raised.length);
  });
});

describe('the terminals of one shop that push the same goods at once', () => {
  test('never fail, and the levels are the sum of what all of them did', async () => {
    const shop = await testShop(central, server);
    const items = [...(await addItems(central.db, shop.company.company_id, stockOf(12))).values()];
    const terminals = await Promise.all(Array.from({ length: 4 }, shop.addTerminal));
    const failures: unknown[] = [];
    const trade = async (seed: number, terminal = terminals[seed]) => {
      for (let round = 0; terminal && round < 12; round += 1) {
        const turned = items.map((_, index) => items[(index * 5 + round + seed * 3) % items.length] ?? '');
        // Openings cut the push into runs, so that levels are locked in an order of each terminal's own.
        const lines = (from: number) =>
          turned.slice(from, from + 4).map((variant_id) => ({ variant_id, quantity: 1 }));
        const answer = await terminal.push(
          [0, 4, 8].flatMap((from) => [
            terminal.record('stock.adjusted', adjusted('Find', lines(from))),
            terminal.record('day.opened', shift(terminal.enrolment, shop.user).opened),
          ]),
        );
        if (answer.status !== 200) failures.push(answer.body);
      }
    };
    await Promise.all(terminals.map((_, seed) => trade(seed)));
    expect(failures).toEqual([]);
    const levels = await shop.query('select variant_id, quantity_milli from stock_level order by variant_id');
    expect(levels).toEqual(
      items.sort().map((variant_id) => ({ variant_id, quantity_milli: String(4 * 12 * 1000) })),
    );
    const moves = await shop.query(
      'select variant_id, sum(quantity_milli) as quantity_milli from stock_move group by 1 order by 1',
    );
    expect(moves).toEqual(levels);
  });
});

describe('a database connection that is lost', () => {
  /** Ends the server's connections, whatever they are doing. */
  const cut = async () => {
    const killer = new pg.Client({ connectionString: central.serverUrl });
    await killer.connect();
    await killer.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and usename = current_user and pid <> pg_backend_pid()`,
    );
    await killer.end();
  };

  test('between what a push did and its commit leaves nothing, and the next try takes effect', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const operations = [
      terminal.record('day.opened', day.opened),
      terminal.record('ticket.completed', day.ticket()),
    ];
    await owner.query(
      `create function hold() returns trigger language plpgsql as
         $$ begin perform pg_advisory_xact_lock_shared(77); return null; end $$;
       create constraint trigger held after update on terminal deferrable initially deferred
         for each row execute function hold()`,
    );
    await owner.query('select pg_advisory_lock(77)');
    const pushing = terminal.push(operations);
    while (!(await waiting())) await pause(20);
    await cut();
    const failed = await pushing;
    expect(failed.status).toBe(503);
    expect(failed.body).toMatchObject({ code: 'database_unavailable' });
    expect(failed.headers.get('retry-after')).not.toBeNull();
    await owner.query('select pg_advisory_unlock(77); drop trigger held on terminal; drop function hold');
    await pause(200);
    expect(await shop.tickets()).toBe(0);
    const reply = await terminal.deliver(operations);
    expect(reply.acked_seq).toBe(2);
    expect(await shop.tickets()).toBe(1);
  });

  test('while it idles is replaced without anybody noticing', async () => {
    const shop = await testShop(central, server);
    await cut();
    await pause(200);
    expect((await shop.terminal.send('/api/v1/sync/state')).status).toBe(200);
  });

  const waiting = async (): Promise<boolean> => {
    const found = await owner.query(
      "select from pg_locks where locktype = 'advisory' and objid = 77 and not granted",
    );
    return found.rowCount !== 0;
  };
});
