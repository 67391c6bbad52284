import { ticketFaults } from '#shared/sales/ticket-check.ts';
import { rows, type Tx, together } from '../db.ts';
import {
  type Applying,
  type ApplyingTerminal,
  checkPeople,
  type Flag,
  type OperationOf,
  requireDay,
} from '../sync/applying.ts';
import { followChains, moveSeries, readChains } from './chains.ts';
import { findUnknownLookups } from './unknown-lookups.ts';

type Completed = OperationOf<'ticket.completed'>;

/** What the database knows that tickets are judged by. */
export type KnownOfTickets = {
  readonly chains: Awaited<ReturnType<typeof readChains>>;
  readonly days: ReadonlyMap<string, { readonly closed: boolean }>;
  readonly unknownLookups: readonly Flag[];
};

/** Reads what tickets are judged by, before they are written. */
export async function readForTickets(
  tx: Tx,
  terminal: ApplyingTerminal,
  operations: readonly Completed[],
): Promise<KnownOfTickets> {
  const [chains, days, unknownLookups] = await together([
    readChains(tx, terminal, operations),
    readDays(tx, terminal, operations),
    findUnknownLookups(tx, operations),
  ]);
  return { chains, days, unknownLookups };
}

/**
 * Flags what is odd about `ticket.completed`, and moves its series on. Nothing of it keeps a ticket from being written, so
 * this is done while the database writes them: hashing them takes about as long.
 */
export async function judgeTickets(
  tx: Tx,
  applying: Applying,
  operations: readonly Completed[],
  known: KnownOfTickets,
): Promise<void> {
  const series = followChains(applying, operations, known.chains);
  for (const { seq, body } of operations) {
    const day = known.days.get(body.ticket.day_id);
    if (!day) applying.flag(seq, 'unknown_day', body.ticket.day_id);
    else if (day.closed) applying.flag(seq, 'day_already_closed', body.ticket.day_id);
  }
  for (const { seq, code, detail } of known.unknownLookups) applying.flag(seq, code, detail);
  for (const operation of operations) judgeTicket(applying, operation);
  await moveSeries(tx, applying.terminal, series);
}

/** Sets aside what was done on days that are set aside. @throws Unapplicable */
export function requireDays(
  applying: Applying,
  tickets: readonly Completed[],
  aborted: readonly OperationOf<'ticket.aborted'>[],
): void {
  for (const { body } of tickets) requireDay(applying, body.ticket.day_id);
  for (const { body } of aborted) requireDay(applying, body.day_id);
}

function judgeTicket(applying: Applying, operation: Completed): void {
  const { ticket } = operation.body;
  const faults = ticketFaults(ticket);
  if (faults.length > 0) applying.flag(operation.seq, 'ticket_sums_differ', faults.join(', '));
  const overridden = ticket.lines.some((line) => line.list_price_micro !== undefined);
  checkPeople(applying, operation, [
    'sale.ring',
    ...(ticket.kind === 'refund' ? (['sale.refund'] as const) : []),
    ...(ticket.discount_minor !== 0 ? (['sale.discount'] as const) : []),
    ...(overridden ? (['sale.override'] as const) : []),
  ]);
}

/** The days of tickets that this terminal opened, and whether they are closed already. */
async function readDays(
  tx: Tx,
  { terminal_id }: ApplyingTerminal,
  operations: readonly Completed[],
): Promise<KnownOfTickets['days']> {
  const ids = [...new Set(operations.map((operation) => operation.body.ticket.day_id))];
  const known = await rows<{ day_id: string; closed: boolean }>(
    tx,
    `select day_id, closed_at is not null as closed from sales_day
     where company_id = $1 and day_id = any($2::uuid[]) and terminal_id = $3`,
    [tx.company_id, ids, terminal_id],
  );
  return new Map(known.map((row) => [row.day_id, row]));
}
