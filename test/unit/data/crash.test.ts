import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { TicketId } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { type DataProcess, forkDataProcess, type TillClient } from '../../../src-main/data/client.ts';
import { auditLedger } from './audit.ts';
import { refusalOf } from './refusals.ts';
import { beginDay } from './sell.ts';
import { CASHIER_PIN, closeTill, newFolder, newLineId, newTicketId, openShop, openTill } from './shop.ts';

/** A till in a process of its own, which can be killed and started again. The session outlives it. */
async function forkTill(folder: string) {
  let data: DataProcess = await forkDataProcess({ folder, autosync: false });
  let connection = data.connect();
  let session: string | null = null;
  onTestFinished(async () => {
    data.kill('SIGKILL');
    await data.exited;
  });
  return {
    get client(): TillClient {
      return connection.client;
    },
    async signIn(user: Parameters<TillClient['people']['signIn']>[0]) {
      ({ session } = await connection.client.people.signIn(user));
      connection.setSession(session);
    },
    kill: () => data.kill('SIGKILL'),
    async restart() {
      data.kill('SIGKILL');
      await data.exited;
      data = await forkDataProcess({ folder, autosync: false });
      connection = data.connect();
      connection.setSession(session);
    },
  };
}

/** One sale, every step of which can be asked for again. */
async function sell(client: TillClient, ticket_id: TicketId, lines: ReturnType<typeof newLineId>[]) {
  await client.sales.startCart({ ticket_id, kind: 'sale' });
  for (const line_id of lines) {
    await client.sales.addLine({
      ticket_id,
      line_id,
      item: { code: '85123A' },
      quantity_milli: milli(1000),
    });
  }
  return client.sales.completeTicket({
    ticket_id,
    tenders: [{ payment_type: 'CASH', amount_minor: minor(1000) }],
  });
}

test('a till that is killed at any moment has every sale that it answered, once', async () => {
  const shop = openShop();
  beginDay(shop);
  closeTill(shop.till);
  const till = await forkTill(shop.folder);
  await till.signIn({ user_id: shop.cashier.user_id, pin: CASHIER_PIN });

  const sold: TicketId[] = [];
  for (let round = 0; round < 12; round += 1) {
    const [ticket_id, lines] = [newTicketId(), [newLineId(), newLineId(), newLineId()]];
    const first = sell(till.client, ticket_id, lines).catch(() => null);
    await wait(round * 1.5);
    till.kill();
    const answer = await first;
    await till.restart();
    // The screen asks again from where it stood; a cart that became a ticket is known by its id.
    const done = await till.client.sales.ticket({ ticket_id });
    if (answer) expect(done).toEqual(answer);
    const ticket = done ?? (await sell(till.client, ticket_id, lines));
    expect(ticket.lines).toHaveLength(3);
    sold.push(ticket_id);
  }
  till.kill();
  await wait(50);
  const { ledger } = openTill(shop.folder);
  expect(auditLedger(ledger).map((ticket) => ticket.ticket_id)).toEqual(sold);
  ledger.close();
});

test('a call to a process that dies fails, and does not hang', async () => {
  const shop = openShop();
  closeTill(shop.till);
  const till = await forkTill(shop.folder);
  const call = till.client.people.signIn({ user_id: shop.cashier.user_id, pin: CASHIER_PIN });
  till.kill();
  await expect(call).rejects.toThrow();
});

test('a process over a damaged ledger stays up and refuses every call in plain words', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'ledger.db'), 'not a ledger '.repeat(1000));
  const data = await forkDataProcess({ folder, autosync: false });
  onTestFinished(() => data.kill());
  expect(data.state).toBe('recovery');
  const { client } = data.connect();
  expect(await refusalOf(() => client.terminal.state())).toBe('ledger_damaged');
  expect(await refusalOf(() => client.sales.heldCarts())).toBe('ledger_damaged');
});

test('what is no valid question is told apart from a refusal, and names the field', async () => {
  const shop = openShop();
  closeTill(shop.till);
  const till = await forkTill(shop.folder);
  expect(await refusalOf(() => till.client.sales.heldCarts())).toBe('signed_out');
  await till.signIn({ user_id: shop.cashier.user_id, pin: CASHIER_PIN });
  const malformed = till.client.catalogue.search({ text: 'x', limit: 0 });
  await expect(malformed).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    data: { issues: [{ path: ['limit'] }] },
  });
});

test('the process ends when its folder is not said, or an argument is unknown', async () => {
  await expect(forkDataProcess({ folder: '' })).rejects.toThrow('ended before it was ready');
});

test('the process ends by itself when its parent is gone, and leaves whole files', async () => {
  const folder = newFolder();
  const entry = fileURLToPath(new URL('../../../src-main/data/process.ts', import.meta.url));
  const child = fork(entry, [`--folder=${folder}`], { serialization: 'advanced', execArgv: [] });
  await once(child, 'message');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(readdirSync(folder).sort()).toEqual([
    'catalog.db',
    'ledger.db',
    'ledger.exists',
    'ledger.head',
    'till.lock',
  ]);
});
