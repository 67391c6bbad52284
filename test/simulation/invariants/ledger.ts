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
import { sql } from '../../../src-main/data/statement.ts';
import { sha256 } from '../../../src-main/data/sync/sha256.ts';
import { type Find, same } from './names.ts';

/** An operation as a ledger keeps it. */
type Recorded = {
  readonly seq: number;
  readonly epoch: number;
  readonly hash: string;
  /** What it tells again under another epoch or name; null for what happened. */
  readonly again_of: number | null;
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
  readonly after_seq: number;
  readonly acked_seq: number;
  readonly pruned_seq: number;
  readonly standstill: string | null;
};

export function readLedger(ledger: Database): LedgerView {
  const rows = <Row>(text: string): Row[] => ledger.prepare<[], Row>(text).all();
  const operations = rows<Omit<Recorded, 'operation'>>(
    'SELECT seq, epoch, hash, again_of, content FROM operation ORDER BY seq',
  );
  const verdicts = rows<{ seq: number; document: string }>('SELECT seq, document FROM verdict');
  const [terminal] = rows<{ terminal_id: string; epoch: number }>('SELECT terminal_id, epoch FROM terminal');
  const [position] = rows<Pick<LedgerView, 'after_seq' | 'acked_seq' | 'pruned_seq' | 'standstill'>>(
    'SELECT after_seq, acked_seq, pruned_seq, standstill FROM sync_state',
  );
  if (!position) throw new Error('sync_state has no row');
  return {
    ...(terminal ?? { terminal_id: '', epoch: 0 }),
    ...position,
    operations: operations.map((row) => ({ ...row, operation: JSON.parse(row.content) as Operation })),
    verdicts: new Map(verdicts.map(({ seq, document }) => [seq, JSON.parse(document) as Verdict])),
  };
}

/** As what a till is known; empty before the enrolment. */
export const terminalOf = ({ files }: { readonly files: { readonly ledger: Database } }): string =>
  terminalIn(files.ledger).get()?.terminal_id ?? '';

/** How far a till knows that the centre has its operations. */
export const ackedBy = ({ files }: { readonly files: { readonly ledger: Database } }): number =>
  ackedIn(files.ledger).get()?.acked_seq ?? 0;

const ackedIn = sql<{ acked_seq: number }>('SELECT acked_seq FROM sync_state');
const terminalIn = sql<{ terminal_id: string }>('SELECT terminal_id FROM terminal');

/** What happened on a till, as far as it still keeps it. */
export const happenedOn = ({ operations }: LedgerView): Operation[] =>
  operations.filter(({ again_of }) => again_of === null).map(({ operation }) => operation);

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
export function checkLedger(
  ledger: Database,
  view: LedgerView,
  name: string,
  hasPast: boolean,
  find: Find,
): void {
  const rows = (text: string): unknown[][] => ledger.prepare(text).raw().all() as unknown[][];
  checkChain(view, name, find);
  const operations = happenedOn(view);
  const tickets = ticketsOf(operations);
  const moves = movesOf(operations);
  // What was removed from the outbox after its time stays in the tables.
  const kept = `seq > ${view.pruned_seq}`;
  same(
    find,
    8,
    `${name}: tickets`,
    rows(
      `SELECT ticket_id, number, total_minor, rounding_minor, currency FROM ticket WHERE ${kept} ORDER BY seq`,
    ),
    tickets.map((one) => [one.ticket_id, one.number, one.total_minor, one.rounding_minor, one.currency]),
  );
  same(
    find,
    7,
    `${name}: moves`,
    rows(`SELECT move_id, quantity_milli FROM stock_move WHERE ${kept} ORDER BY move_id`),
    moves.map((move) => [move.move_id, move.quantity_milli]).sort(),
  );
  same(
    find,
    7,
    `${name}: levels`,
    rows('SELECT variant_id, quantity_milli FROM stock_level ORDER BY variant_id'),
    rows('SELECT variant_id, sum(quantity_milli) FROM stock_move GROUP BY variant_id ORDER BY variant_id'),
  );
  checkDays(ledger, view, tickets, name, find);
  checkTickets(tickets, name, hasPast || view.pruned_seq > 0, find);
}

/** Closings are kept as they were told, add up, and their drawers balance. */
function checkDays(
  ledger: Database,
  view: LedgerView,
  tickets: readonly Ticket[],
  name: string,
  find: Find,
): void {
  const closings = happenedOn(view).flatMap((operation) =>
    operation.kind === 'day.closed' ? operation.body.z : [],
  );
  const stored = ledger.prepare<[string], { z: string | null }>('SELECT z FROM day WHERE day_id = ?');
  for (const z of closings) {
    const kept = stored.get(z.day_id)?.z;
    same(find, 8, `${name}: closing of ${z.day_id}`, kept && JSON.parse(kept), z);
    const drawer = balanceDrawer(z.drawer.float_minor, z.sums, z.drawer.counted_minor);
    same(find, 8, `${name}: drawer of Z ${z.z_number}`, z.drawer, drawer);
    if (view.pruned_seq > 0) continue;
    const ofDay = tickets.filter((ticket) => ticket.day_id === z.day_id);
    const total = ofDay.reduce((sum, ticket) => sum + ticket.total_minor, 0);
    same(find, 8, `${name}: sum of Z ${z.z_number}`, z.sums.total_minor, total);
  }
}

/** Dense from one end to the other, and one unbroken chain for each epoch. */
function checkChain({ operations, pruned_seq }: LedgerView, name: string, find: Find): void {
  let last: Recorded | undefined;
  for (const one of operations) {
    const { seq, content, operation, hash } = one;
    if (seq !== (last?.seq ?? pruned_seq) + 1 || operation.seq !== seq)
      find(2, `${name}: ${seq} is out of place`);
    if (canonicalJson(operation) !== content) find(2, `${name}: ${seq} is not in canonical form`);
    const goesOn =
      last?.operation.epoch === operation.epoch && last.operation.terminal_id === operation.terminal_id;
    const before = goesOn && last ? last.hash : GENESIS;
    const isFirstKept = !last && pruned_seq > 0;
    if (!isFirstKept && linkHash(before, content, sha256) !== hash) {
      find(2, `${name}: the chain breaks at ${seq}`);
    }
    last = one;
  }
}

function checkTickets(tickets: readonly Ticket[], name: string, hasGaps: boolean, find: Find): void {
  let last: Ticket | undefined;
  for (const ticket of tickets) {
    const { receipt_number: receipt, number } = ticket;
    const faults = ticketFaults(ticket);
    if (faults.length > 0) find(8, `${name}: ${receipt} has ${faults.join(', ')}`);
    const next = (last?.number ?? 0) + 1;
    if (hasGaps ? number < next : number !== next)
      find(9, `${name}: ${receipt} follows ${last?.receipt_number}`);
    if (last || !hasGaps) {
      const total = minor((last?.perpetual_minor ?? 0) + ticket.total_minor);
      same(find, 8, `${name}: grand total at ${receipt}`, ticket.perpetual_minor, total);
    }
    last = ticket;
  }
}
