import { describe, expect, test } from 'vitest';
import { minor, unitPrice } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, type Link, verifyChain } from '#shared/sync/chain.ts';
import { envelopeSchema, isOperationKind, OPERATION_KINDS } from '#shared/sync/operation.ts';
import type { Ledger } from '../../../src-main/data/open.ts';
import { addLine } from '../../../src-main/data/sales/cart-lines.ts';
import { completeTicket } from '../../../src-main/data/sales/complete-ticket.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { sha256 } from '../../../src-main/data/sync/sha256.ts';
import { beginDay, sellHearts } from './sell.ts';
import { newLineId, newTicketId, openShop } from './shop.ts';

type Row = { seq: number; kind: string; content: string; prev_hash: string; hash: string };
const operations = (ledger: Ledger) =>
  ledger.prepare<[], Row>('SELECT seq, kind, content, prev_hash, hash FROM operation ORDER BY seq').all();
const links = (rows: Row[]): Link[] =>
  rows.map(({ content, prev_hash, hash }) => ({ canonical: content, prev_hash, hash }));

describe('what happened on the till', () => {
  test('is a chain of operations, dense and well formed, each as its schema wants it', () => {
    const shop = openShop();
    beginDay(shop);
    sellHearts(shop);
    sellHearts(shop, 3);
    const rows = operations(shop.till.ledger);
    expect(rows.map((row) => [row.seq, row.kind])).toEqual([
      [1, 'day.opened'],
      [2, 'ticket.completed'],
      [3, 'ticket.completed'],
    ]);
    expect(verifyChain(links(rows), GENESIS, sha256).intact).toBe(true);
    for (const row of rows) {
      const envelope = envelopeSchema.parse(JSON.parse(row.content));
      if (!isOperationKind(envelope.kind)) throw new Error(envelope.kind);
      expect(OPERATION_KINDS[envelope.kind].body.safeParse(envelope.body).success).toBe(true);
    }
  });

  test('shows an edit, wherever it was made', () => {
    const shop = openShop();
    beginDay(shop);
    for (let count = 0; count < 5; count += 1) sellHearts(shop);
    const rows = operations(shop.till.ledger);
    rows.forEach((_, index) => {
      const edited = rows.map((row, at) =>
        at === index ? { ...row, content: row.content.replace('"seq":', '"seq": ') } : row,
      );
      expect(verifyChain(links(edited), GENESIS, sha256)).toEqual({ intact: false, index });
    });
  });

  test.each([
    'UPDATE operation SET kind = kind',
    'DELETE FROM operation',
    'UPDATE ticket SET total_minor = 0',
    'DELETE FROM ticket',
    'DELETE FROM ticket_line',
    'DELETE FROM tender',
    'UPDATE stock_move SET quantity_milli = 0',
    'DELETE FROM day',
  ])('cannot be undone behind its back: %s', (statement) => {
    const shop = openShop();
    beginDay(shop);
    sellHearts(shop);
    expect(() => shop.till.ledger.exec(statement)).toThrow(/append-only|never deleted/);
  });

  test('links each ticket to the one before it in its series', () => {
    const shop = openShop();
    beginDay(shop);
    const tickets = [sellHearts(shop), sellHearts(shop, 2)];
    const bodies = operations(shop.till.ledger)
      .slice(1)
      .map((row) => JSON.parse(row.content).body);
    expect(bodies[0].ticket_prev_hash).toBe(GENESIS);
    expect(bodies[1].ticket_prev_hash).toBe(bodies[0].ticket_hash);
    expect(tickets.map((ticket) => ticket.ticket_hash)).toEqual(
      bodies.map((body: { ticket_hash: string }) => body.ticket_hash),
    );
    expect(tickets.map((ticket) => ticket.perpetual_minor)).toEqual([255, 765]);
  });
});

describe('a ticket', () => {
  test('is made in the order in which it is hashed, whatever it carries, so that nothing is sorted', () => {
    const shop = openShop();
    beginDay(shop);
    const manager = { user: shop.cashier, approver: shop.manager };
    const original = { receipt_number: 'OLD-T1-T-000007' };
    const words = { customer: 'Ann', reference: 'call 7', note: 'as a favour' };
    const ticket_id = newTicketId();
    startCart(shop.till, manager, { ticket_id, kind: 'refund', original, ...words });
    const { variant_id } = shop.heart;
    const line = { line_id: newLineId(), quantity_milli: milli(-1000), note: 'chipped' };
    const price = unitPrice(200_000_000);
    addLine(shop.till, manager, { ticket_id, item: { variant_id }, ...line, unit_price_micro: price });
    const tenders = [{ payment_type: 'CASH', amount_minor: minor(-200), reference: 'from the drawer' }];
    const { ticket_hash: _hash, ...ticket } = completeTicket(shop.till, manager, { ticket_id, tenders });
    expect(ticket).toMatchObject({
      ...words,
      original,
      lines: [{ note: 'chipped', list_price_micro: 255_000_000 }],
    });
    expect(JSON.stringify(ticket)).toBe(canonicalJson(ticket));
  });
});

describe('a clock that jumps', () => {
  const jumps = (ledger: Ledger) =>
    operations(ledger)
      .filter((row) => row.kind === 'clock.jumped')
      .map((row) => JSON.parse(row.content).body);

  test('by an hour is recorded before what follows, and refuses nothing', () => {
    const shop = openShop();
    beginDay(shop);
    shop.clock.pass(60_000);
    shop.clock.set('2026-03-01T10:01:00.000Z');
    sellHearts(shop);
    expect(operations(shop.till.ledger).map((row) => row.kind)).toEqual([
      'day.opened',
      'clock.jumped',
      'ticket.completed',
    ]);
    expect(jumps(shop.till.ledger)).toEqual([
      { before: '2026-03-01T09:01:00.000Z', after: '2026-03-01T10:01:00.000Z', jump_ms: 3_600_000 },
    ]);
  });

  test('ten years back in mid-sale still sells', () => {
    const shop = openShop();
    beginDay(shop);
    shop.clock.set('2016-03-01T09:00:00.000Z');
    const ticket = sellHearts(shop);
    expect(ticket.business_date).toBe('2026-03-01');
    expect(jumps(shop.till.ledger)).toHaveLength(1);
  });

  test('by a minute, as clocks are set every day, is not worth a word', () => {
    const shop = openShop();
    beginDay(shop);
    shop.clock.set('2026-03-01T09:01:00.000Z');
    sellHearts(shop);
    expect(jumps(shop.till.ledger)).toEqual([]);
  });
});
