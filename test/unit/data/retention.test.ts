import { describe, expect, test } from 'vitest';
import { endOfSeries, recentTickets, ticketById } from '../../../src-main/data/sales/ticket-store.ts';
import { lastSeq, operationAt } from '../../../src-main/data/sync/operation-store.ts';
import { pruneOperations } from '../../../src-main/data/sync/prune.ts';
import { noteSafe, saveSyncPosition, syncPosition } from '../../../src-main/data/sync/sync-state.ts';
import { beginDay, sellHearts } from './sell.ts';
import { openShop, type Shop } from './shop.ts';

/** The server says on a day of its own how far operations are safe there. */
function hear({ till: { ledger } }: Shop, date: string, safe_seq: number): void {
  saveSyncPosition(ledger, { acked_seq: safe_seq, safe_seq });
  noteSafe(ledger, `${date}T12:00:00.000Z`, safe_seq);
}

function prune({ till: { ledger } }: Shop): void {
  while (pruneOperations(ledger));
}

const kept = ({ till: { ledger } }: Shop) =>
  ledger
    .prepare<[], { seq: number }>('SELECT seq FROM operation ORDER BY seq')
    .all()
    .map(({ seq }) => seq);

function shopWith(tickets: number): Shop {
  const shop = openShop();
  beginDay(shop);
  for (let sale = 0; sale < tickets; sale += 1) sellHearts(shop);
  return shop;
}

describe('an operation', () => {
  test('is kept for 35 days after it was safe at the server, by the days of the server', () => {
    const shop = shopWith(5);
    hear(shop, '2026-03-01', 3);
    hear(shop, '2026-03-02', 6);
    prune(shop);
    hear(shop, '2026-04-05', 6);
    prune(shop);
    expect(kept(shop)).toEqual([1, 2, 3, 4, 5, 6]);
    hear(shop, '2026-04-06', 6);
    prune(shop);
    expect(kept(shop)).toEqual([4, 5, 6]);
    // The last one stays: the chain goes on behind it.
    hear(shop, '2026-04-07', 6);
    prune(shop);
    expect(kept(shop)).toEqual([6]);
  });

  test('is kept whatever the clock of the till says, and whatever was not safe is kept for ever', () => {
    const shop = shopWith(5);
    hear(shop, '2026-03-01', 2);
    shop.clock.set('2036-03-01T09:00:00.000Z');
    sellHearts(shop);
    prune(shop);
    expect(kept(shop)).toHaveLength(8);
    hear(shop, '2026-09-01', 2);
    prune(shop);
    expect(kept(shop)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  test('goes a few at a time, as often as there are more', () => {
    const shop = shopWith(450);
    hear(shop, '2026-03-01', 451);
    hear(shop, '2026-05-01', 451);
    expect(pruneOperations(shop.till.ledger)).toBe(true);
    expect(kept(shop)).toHaveLength(251);
    prune(shop);
    expect(kept(shop)).toEqual([451]);
  });

  test('cannot be removed by anything else', () => {
    const shop = shopWith(3);
    hear(shop, '2026-03-01', 4);
    hear(shop, '2026-05-01', 4);
    prune(shop);
    expect(() => shop.till.ledger.exec('DELETE FROM operation')).toThrow(/append-only/);
    expect(() => shop.till.ledger.exec('DELETE FROM old_ticket')).toThrow(/append-only/);
    expect(() => saveSyncPosition(shop.till.ledger, { safe_seq: 1 })).toThrow(/CHECK/);
  });
});

describe('a ticket', () => {
  test('stays when its operation goes, word for word, and its series goes on', () => {
    const shop = shopWith(0);
    const tickets = [sellHearts(shop), sellHearts(shop, 3), sellHearts(shop)];
    hear(shop, '2026-03-01', 4);
    hear(shop, '2026-05-01', 4);
    prune(shop);
    const { ledger } = shop.till;
    expect(operationAt(ledger, 2)).toBeUndefined();
    for (const ticket of tickets) expect(ticketById(ledger, ticket.ticket_id)).toEqual(ticket);
    expect(recentTickets(ledger, 10)).toEqual(tickets.toReversed());
    expect(endOfSeries(ledger, 'T')).toMatchObject({ number: 3, hash: tickets[2]?.ticket_hash });
    expect(sellHearts(shop)).toMatchObject({ number: 4, perpetual_minor: 255 * 6 });
    expect(lastSeq(ledger)).toBe(5);
    expect(operationAt(ledger, 5)?.prev_hash).toBe(operationAt(ledger, 4)?.hash);
    expect(syncPosition(ledger)).toMatchObject({ pruned_seq: 3, safe_seq: 4 });
    expect(ledger.pragma('foreign_key_check')).toEqual([]);
  });
});
