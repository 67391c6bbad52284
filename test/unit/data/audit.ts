import { expect } from 'vitest';
import { ticketCompletedSchema } from '#shared/sales/operations.ts';
import { ticketFaults } from '#shared/sales/ticket-check.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, verifyChain } from '#shared/sync/chain.ts';
import { contentFault } from '../../../src-main/data/ledger-contents.ts';
import type { Ledger } from '../../../src-main/data/open.ts';
import { sha256 } from '../../../src-main/data/sync/sha256.ts';

type Row = { seq: number; kind: string; content: string; prev_hash: string; hash: string };

/**
 * Checks everything that must hold of a ledger at any time, and returns the tickets in it: dense operations in an
 * intact chain, tickets that add up in a chain of their own without a gap, stock that is the sum of its moves,
 * tenders that pay what was due.
 */
export function auditLedger(ledger: Ledger) {
  const rows = ledger
    .prepare<[], Row>('SELECT seq, kind, content, prev_hash, hash FROM operation ORDER BY seq')
    .all();
  expect(rows.map((row) => row.seq)).toEqual(rows.map((_, index) => index + 1));
  const links = rows.map(({ content, ...row }) => ({ ...row, canonical: content }));
  expect(verifyChain(links, GENESIS, sha256).intact).toBe(true);

  for (const { content } of rows) expect(canonicalJson(JSON.parse(content))).toBe(content);

  const completed = rows
    .filter((row) => row.kind === 'ticket.completed')
    .map((row) => ticketCompletedSchema.parse(JSON.parse(row.content).body));
  const tickets = completed.map((body) => body.ticket);
  for (const ticket of tickets) expect(ticketFaults(ticket)).toEqual([]);
  expect(tickets.map((ticket) => ticket.number)).toEqual(tickets.map((_, index) => index + 1));
  const ticketLinks = completed.map((body) => ({
    canonical: canonicalJson(body.ticket),
    prev_hash: body.ticket_prev_hash,
    hash: body.ticket_hash,
  }));
  expect(verifyChain(ticketLinks, GENESIS, sha256).intact).toBe(true);
  let perpetual = 0;
  for (const ticket of tickets) {
    perpetual += ticket.total_minor;
    expect(ticket.perpetual_minor).toBe(perpetual);
  }

  const rowsOf = (text: string) => ledger.prepare(text).all();
  expect(rowsOf('SELECT variant_id, quantity_milli FROM stock_level ORDER BY variant_id')).toEqual(
    rowsOf(
      'SELECT variant_id, sum(quantity_milli) AS quantity_milli FROM stock_move GROUP BY variant_id ORDER BY 1',
    ),
  );
  expect(
    rowsOf(
      `SELECT ticket.seq FROM ticket LEFT JOIN tender USING (seq) GROUP BY ticket.seq
       HAVING total_minor + rounding_minor <> coalesce(sum(amount_minor), 0)`,
    ),
  ).toEqual([]);
  expect(ledger.pragma('foreign_key_check')).toEqual([]);
  expect(contentFault(ledger)).toBeNull();
  return tickets;
}
