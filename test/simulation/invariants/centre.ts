import { zstdDecompressSync } from 'node:zlib';
import type { Ticket } from '#shared/sales/ticket.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import type { CentreView, JournalRow } from './centre-view.ts';
import { type LedgerView, levelsOf, movesOf, type Recorded, ticketsOf } from './ledger.ts';
import { type Find, same } from './names.ts';

/** A till's ledger beside what the centre has of its terminal. */
export type Pair = { readonly name: string; readonly ledger: LedgerView };

/** Holds the centre against the ledgers of a company's tills: every operation arrived, and took effect once. */
export function checkCentre(pairs: readonly Pair[], centre: CentreView, find: Find): void {
  for (const { name, ledger } of pairs) {
    const arrived = checkJournal(name, ledger, centre, find);
    checkEffects(name, ledger, arrived, centre, find);
    checkVerdicts(name, ledger, arrived, find);
  }
  checkTotals(pairs, centre, find);
  checkStock(centre, find);
  checkReceipts(centre, find);
}

/** The journal has what the ledger has, in order and word for word. Returns its rows. */
function checkJournal(name: string, ledger: LedgerView, centre: CentreView, find: Find): JournalRow[] {
  const { terminal_id } = ledger;
  const arrived = centre.journal.filter((row) => row.terminal_id === terminal_id);
  const short = ({ seq, hash }: { seq: number; hash: string }) => [seq, hash];
  same(find, 1, `${name}: journal`, arrived.map(short), ledger.operations.map(short));
  const terminal = centre.terminals.find((row) => row.terminal_id === terminal_id);
  const last = ledger.operations.at(-1);
  if (last) same(find, 2, `${name}: head`, [terminal?.last_seq, terminal?.last_hash], short(last));
  const bodies = bodiesOf(terminal_id, centre);
  for (const { seq, content } of ledger.operations) {
    if (bodies.get(seq) !== content) find(2, `${name}: the journal tells ${seq} in other words`);
  }
  return arrived;
}

/** Operations as the journal kept them, by number, without their hashes, in canonical form. */
function bodiesOf(terminalId: string, { batches }: CentreView): Map<number, string> {
  const bodies = new Map<number, string>();
  for (const { first_seq, skipped, body } of batches.filter((batch) => batch.terminal_id === terminalId)) {
    const text = zstdDecompressSync(Buffer.from(body, 'base64')).toString();
    const { operations } = JSON.parse(text) as { operations: Record<string, unknown>[] };
    for (const [index, { prev_hash: _prev, hash: _hash, ...content }] of operations
      .slice(skipped)
      .entries()) {
      bodies.set(first_seq + index, canonicalJson(content));
    }
  }
  return bodies;
}

/** What was applied took effect, once; what is in quarantine did not. */
function checkEffects(
  name: string,
  ledger: LedgerView,
  arrived: readonly JournalRow[],
  centre: CentreView,
  find: Find,
): void {
  const aside = new Set(arrived.filter((row) => row.verdict === 'quarantined').map((row) => row.seq));
  const applied = ledger.operations.filter(({ seq }) => !aside.has(seq));
  const own = <Row extends { terminal_id: string }>(rows: readonly Row[]): Row[] =>
    rows.filter((row) => row.terminal_id === ledger.terminal_id);
  const tickets = ticketsOf(applied);
  same(
    find,
    1,
    `${name}: tickets at the centre`,
    own(centre.tickets).map((row) => [
      row.ticket_id,
      row.number,
      row.total_minor,
      row.currency,
      row.line_count,
    ]),
    tickets.map((one) => [one.ticket_id, one.number, one.total_minor, one.currency, one.lines.length]),
  );
  same(
    find,
    7,
    `${name}: moves at the centre`,
    own(centre.moves).map((row) => [row.move_id, row.variant_id, row.quantity_milli]),
    movesOf(applied)
      .map((move) => [move.move_id, move.variant_id, move.quantity_milli])
      .sort(),
  );
  same(
    find,
    1,
    `${name}: days at the centre`,
    own(centre.days).map((row) => row.day_id),
    idsOf(applied, 'day.opened'),
  );
  same(
    find,
    1,
    `${name}: given up at the centre`,
    own(centre.aborted).map((row) => row.ticket_id),
    idsOf(applied, 'ticket.aborted'),
  );
  const seen = new Set(centre.seen);
  for (const { seq, operation } of applied)
    if (!seen.has(operation.op_id)) find(1, `${name}: ${seq} was not claimed`);
  if (aside.size === 0) {
    for (const day of own(centre.days))
      if (day.z_agrees === false) find(8, `${name}: Z of ${day.day_id} differs`);
  }
  checkParts(name, tickets, centre, find);
}

const idsOf = (operations: readonly Recorded[], kind: 'day.opened' | 'ticket.aborted'): string[] =>
  operations
    .flatMap(({ operation }) => {
      if (operation.kind !== kind) return [];
      return operation.kind === 'day.opened' ? operation.body.day_id : operation.body.ticket_id;
    })
    .sort();

/** Lines and tenders of each ticket, and that what was paid is what it came to. */
function checkParts(name: string, tickets: readonly Ticket[], centre: CentreView, find: Find): void {
  const lines = Map.groupBy(centre.lines, (line) => line.ticket_id);
  const tenders = Map.groupBy(centre.tenders, (tender) => tender.ticket_id);
  for (const { ticket_id, receipt_number: receipt, ...ticket } of tickets) {
    same(
      find,
      8,
      `${name}: lines of ${receipt}`,
      lines
        .get(ticket_id)
        ?.map((line) => [line.line_no, line.variant_id, line.quantity_milli, line.net_minor]),
      ticket.lines.map((line) => [line.line_no, line.variant_id, line.quantity_milli, line.net_minor]),
    );
    const paid = tenders.get(ticket_id) ?? [];
    const sum = paid.reduce((total, tender) => total + tender.amount_minor, 0);
    same(
      find,
      8,
      `${name}: tenders of ${receipt}`,
      sum - ticket.change_minor,
      ticket.total_minor + ticket.rounding_minor,
    );
  }
}

/** The till keeps every verdict that somebody must look at, and no other. */
function checkVerdicts(name: string, ledger: LedgerView, arrived: readonly JournalRow[], find: Find): void {
  const wanted = arrived
    .filter(({ verdict }) => verdict !== 'applied')
    .map(({ seq, verdict, code, detail, exceptions }) =>
      verdict === 'quarantined' ? { seq, verdict, code, detail } : { seq, verdict, exceptions },
    );
  const kept = [...ledger.verdicts.values()].sort((left, right) => left.seq - right.seq);
  same(find, 1, `${name}: verdicts`, kept, wanted);
}

/** The tickets of all tills together, per currency, are what the centre adds up. */
function checkTotals(pairs: readonly Pair[], centre: CentreView, find: Find): void {
  const aside = new Set(
    centre.journal
      .filter((row) => row.verdict === 'quarantined')
      .map((row) => `${row.terminal_id} ${row.seq}`),
  );
  const known = new Set(pairs.map(({ ledger }) => ledger.terminal_id));
  const sums = (tickets: readonly { currency: string; total_minor: number; rounding_minor: number }[]) => {
    const totals = new Map<string, [number, number]>();
    for (const { currency, total_minor, rounding_minor } of tickets) {
      const [total, rounding] = totals.get(currency) ?? [0, 0];
      totals.set(currency, [total + total_minor, rounding + rounding_minor]);
    }
    return [...totals].sort();
  };
  const sold = pairs.flatMap(({ ledger }) =>
    ticketsOf(ledger.operations.filter(({ seq }) => !aside.has(`${ledger.terminal_id} ${seq}`))),
  );
  const central = centre.tickets.filter((ticket) => known.has(ticket.terminal_id));
  same(find, 8, 'totals of all tills', sums(central), sums(sold));
}

/** Levels are the sum of all moves, per location and variant; moves are known by their ids once. */
function checkStock(centre: CentreView, find: Find): void {
  const locations = new Set([...centre.moves, ...centre.levels].map((row) => row.location_id));
  for (const location of locations) {
    same(
      find,
      7,
      'levels at the centre',
      centre.levels
        .filter((row) => row.location_id === location)
        .map((row) => [row.variant_id, Number(row.quantity_milli)]),
      levelsOf(centre.moves.filter((row) => row.location_id === location)),
    );
  }
}

function checkReceipts(centre: CentreView, find: Find): void {
  const seen = new Set<string>();
  for (const { receipt_number } of centre.tickets) {
    if (seen.has(receipt_number)) find(9, `${receipt_number} was given twice`);
    seen.add(receipt_number);
  }
}
