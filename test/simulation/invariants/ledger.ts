import type { Database } from 'better-sqlite3';
import { balanceDrawer } from '#shared/sales/day.ts';
import { minor } from '#shared/sales/money.ts';
import type { Ticket } from '#shared/sales/ticket.ts';
import { ticketFaults } from '#shared/sales/ticket-check.ts';
import { movesOfAdjustment, movesOfTicket, type StockMove } from '#shared/stock/move.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Verdict } from '#shared/sync/push.ts';
import { sha256 } from '../../../src-main/data/sync/sha256.ts';
import { type Find, same } from './names.ts';

/** An operation as a ledger keeps it. */
export type Recorded = {
  readonly seq: number;
  readonly hash: string;
  readonly content: string;
  readonly operation: Operation;
};

/** What a ledger says. */
export type LedgerView = {
  /** Empty before the enrolment. */
  readonly terminal_id: string;
  readonly epoch: number;
  readonly operations: readonly Recorded[];
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly acked_seq: number;
  readonly stopped: string | null;
};

export function readLedger(ledger: Database): LedgerView {
  const rows = <Row>(text: string): Row[] => ledger.prepare<[], Row>(text).all();
  const operations = rows<Omit<Recorded, 'operation'>>(
    'SELECT seq, hash, content FROM operation ORDER BY seq',
  );
  const verdicts = rows<{ seq: number; document: string }>('SELECT seq, document FROM verdict');
  const [terminal] = rows<{ terminal_id: string; epoch: number }>('SELECT terminal_id, epoch FROM terminal');
  const [position] = rows<{ acked_seq: number; stopped: string | null }>(
    'SELECT acked_seq, standstill AS stopped FROM sync_state',
  );
  if (!position) throw new Error('sync_state has no row');
  return {
    ...(terminal ?? { terminal_id: '', epoch: 0 }),
    ...position,
    operations: operations.map((row) => ({ ...row, operation: JSON.parse(row.content) as Operation })),
    verdicts: new Map(verdicts.map(({ seq, document }) => [seq, JSON.parse(document) as Verdict])),
  };
}

/** Tickets, in order. */
export const ticketsOf = (operations: readonly Operation[]): Ticket[] =>
  operations.flatMap((operation) => (operation.kind === 'ticket.completed' ? operation.body.ticket : []));

/** Stock moves, in order. */
export const movesOf = (operations: readonly Operation[]): StockMove[] =>
  operations.flatMap((operation) => {
    if (operation.kind === 'ticket.completed') return movesOfTicket(operation.body.ticket.lines);
    return operation.kind === 'stock.adjusted' ? movesOfAdjustment(operation.body) : [];
  });

/** Quantities by variant, in the order of their ids. */
export function levelsOf(
  moves: readonly { readonly variant_id: string; readonly quantity_milli: number }[],
): [string, number][] {
  const levels = new Map<string, number>();
  for (const { variant_id, quantity_milli } of moves) {
    levels.set(variant_id, (levels.get(variant_id) ?? 0) + quantity_milli);
  }
  return [...levels].sort();
}

/** Checks a ledger by itself: its chain, and that its tables say what its operations say. */
export function checkLedger(ledger: Database, view: LedgerView, name: string, find: Find): void {
  const rows = (text: string): unknown[][] =>
    ledger.prepare<[], Record<string, unknown>>(text).raw().all() as unknown as unknown[][];
  checkChain(view.operations, name, find);
  const operations = view.operations.map(({ operation }) => operation);
  const tickets = ticketsOf(operations);
  const moves = movesOf(operations);
  same(
    find,
    8,
    `${name}: tickets`,
    rows('SELECT ticket_id, number, total_minor, rounding_minor, currency FROM ticket ORDER BY seq'),
    tickets.map((one) => [one.ticket_id, one.number, one.total_minor, one.rounding_minor, one.currency]),
  );
  same(
    find,
    7,
    `${name}: moves`,
    rows('SELECT move_id, quantity_milli FROM stock_move ORDER BY move_id'),
    moves.map((move) => [move.move_id, move.quantity_milli]).sort(),
  );
  same(
    find,
    7,
    `${name}: levels`,
    rows('SELECT variant_id, quantity_milli FROM stock_level ORDER BY variant_id'),
    levelsOf(moves),
  );
  const closings = operations.flatMap((operation) =>
    operation.kind === 'day.closed' ? operation.body.z : [],
  );
  same(
    find,
    8,
    `${name}: closings`,
    rows('SELECT z FROM day WHERE z IS NOT NULL ORDER BY z_number').map(([z]) =>
      canonicalJson(JSON.parse(String(z))),
    ),
    closings.map((z) => canonicalJson(z)),
  );
  for (const z of closings) {
    const ofDay = tickets.filter((ticket) => ticket.day_id === z.day_id);
    const total = ofDay.reduce((sum, ticket) => sum + ticket.total_minor, 0);
    same(find, 8, `${name}: sum of Z ${z.z_number}`, z.sums.total_minor, total);
    const drawer = balanceDrawer(z.drawer.float_minor, z.sums, z.drawer.counted_minor);
    same(find, 8, `${name}: drawer of Z ${z.z_number}`, z.drawer, drawer);
  }
  checkTickets(tickets, name, find);
}

function checkChain(operations: readonly Recorded[], name: string, find: Find): void {
  let last = GENESIS;
  for (const [index, { seq, hash, content, operation }] of operations.entries()) {
    if (seq !== index + 1 || operation.seq !== seq) find(2, `${name}: ${seq} stands at ${index + 1}`);
    if (canonicalJson(operation) !== content) find(2, `${name}: ${seq} is not in canonical form`);
    if (linkHash(last, content, sha256) !== hash) find(2, `${name}: the chain breaks at ${seq}`);
    last = hash;
  }
}

function checkTickets(tickets: readonly Ticket[], name: string, find: Find): void {
  let perpetual = 0;
  for (const [index, ticket] of tickets.entries()) {
    const faults = ticketFaults(ticket);
    if (faults.length > 0) find(8, `${name}: ${ticket.receipt_number} has ${faults.join(', ')}`);
    if (ticket.number !== index + 1) find(9, `${name}: ${ticket.receipt_number} is ticket ${index + 1}`);
    perpetual += ticket.total_minor;
    same(
      find,
      8,
      `${name}: grand total at ${ticket.receipt_number}`,
      ticket.perpetual_minor,
      minor(perpetual),
    );
  }
}
