import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { inCompany, openPool, rows } from '../../server/db.ts';
import { testServer } from '../support/server.ts';
import { type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { shift } from '../support/tickets.ts';
import type { Answer, WireTerminal } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();
/** Connections beside those of the server. */
const aside = openPool(central.serverUrl, 2);
afterAll(() => aside.end());

/** A till with a day and a ticket to tell. */
const morning = (terminal: WireTerminal, shop: TestShop) => {
  const day = shift(terminal.enrolment, shop.user);
  return [terminal.record('day.opened', day.opened), terminal.record('ticket.completed', day.ticket())];
};

/** Everything that the terminals of a company begin has to wait until the lock is given back. */
async function lockTerminals({ company: { company_id } }: TestShop): Promise<() => Promise<void>> {
  const [locked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const locking = inCompany(aside, company_id, async (tx) => {
    await rows(tx, 'select from terminal where company_id = $1 for update', [company_id]);
    locked.resolve();
    await held.promise;
  });
  await Promise.race([locked.promise, locking]);
  return () => {
    held.resolve();
    return locking;
  };
}

/** Transactions that wait for a lock. */
async function heldUp(): Promise<number> {
  const found = await aside.query<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return found.rows[0]?.count ?? 0;
}

/** Asks again as long as it is told to, as a till does. */
async function untilTaken(ask: () => Promise<Answer>, refused: Answer[]): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429) return answer;
    refused.push(answer);
    await pause(100);
  }
}

describe('a company with hundreds of requests under way', () => {
  test('keeps nobody else from pushing and pulling, and loses nothing itself', async () => {
    const [noisy, quiet] = [await testShop(central, server), await testShop(central, server)];
    const tills = await Promise.all(Array.from({ length: 30 }, noisy.addTerminal));
    const unlock = await lockTerminals(noisy);
    let answered = 0;
    // Each batch ten times: its till got no answer and asks again and again.
    const noise = tills.flatMap((till) => {
      const operations = morning(till, noisy);
      return Array.from({ length: 10 }, async () => {
        const answer = await untilTaken(() => till.push(operations), []);
        answered += 1;
        return answer.status;
      });
    });
    while ((await heldUp()) < 8) await pause(20);
    // As much as one company may have is stuck in the database, and all the rest of it waits for that.
    const pushed = await quiet.terminal.push(morning(quiet.terminal, quiet));
    const pulled = await quiet.terminal.send('/api/v1/sync/pull');
    const state = await quiet.terminal.send('/api/v1/sync/state');
    expect([pushed.status, pulled.status, state.status]).toEqual([200, 200, 200]);
    expect([answered, await heldUp()]).toEqual([0, 8]);
    await unlock();
    expect(new Set(await Promise.all(noise))).toEqual(new Set([200]));
    expect([await noisy.tickets(), await quiet.tickets()]).toEqual([30, 1]);
  });

  test('does not stand in its own way with pushes that come slowly', async () => {
    const { terminal, day } = await testShop(central, server);
    const { hostname, port } = new URL(server.url);
    const head = `POST /api/v1/sync/push HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await terminal.token()}\r\n`;
    const slow = Array.from({ length: 12 }, () => {
      const socket = connect(Number(port), hostname);
      socket.write(`${head}Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"protocol":1,`);
      return socket;
    });
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    expect((await terminal.push([terminal.record('day.opened', day.opened)])).status).toBe(200);
    for (const socket of slow) socket.destroy();
  });

  test('is told to come again where more of it waits than may, and then all of it is taken', async () => {
    const small = await testServer(central.db, 0, undefined, { TILLDOCK_WAITING: '4' });
    const shop = await testShop(central, small);
    const tills = await Promise.all(Array.from({ length: 20 }, shop.addTerminal));
    const unlock = await lockTerminals(shop);
    const refused: Answer[] = [];
    const pushes = tills.map((till) => {
      const operations = morning(till, shop);
      return untilTaken(() => till.push(operations), refused);
    });
    // Eight are stuck, four wait.
    while (refused.length < 8) await pause(20);
    for (const { body, headers } of refused) {
      expect(body).toMatchObject({ code: 'too_many_requests' });
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(10);
    }
    await unlock();
    const answers = await Promise.all(pushes);
    expect(answers.map(({ status }) => status)).toEqual(tills.map(() => 200));
    expect(await shop.tickets()).toBe(20);
    await small.close();
  });
});
