import type { Cashier } from '../cashier.ts';
import { checkApart, hasPast } from './apart.ts';
import type { CentreView } from './centre-view.ts';
import { checkEffects } from './effects.ts';
import { type Arrived, appliedOf, checkJournal, readJournal } from './journal.ts';
import { type LedgerView, levelsOf, ticketsOf } from './ledger.ts';
import { type Find, same } from './names.ts';

/** A till's ledger beside what the centre has of its terminal. */
export type Pair = { readonly cashier: Cashier; readonly ledger: LedgerView };

/** Holds the centre against the ledgers of a company's tills: every operation arrived, and took effect once. */
export function checkCentre(pairs: readonly Pair[], centre: CentreView, find: Find): void {
  const names = new Map(pairs.map(({ cashier }) => [cashier.terminal_id, cashier.till.name]));
  for (const { terminal_id } of centre.terminals) {
    const name = names.get(terminal_id) ?? 'the stranger';
    const arrived = readJournal(terminal_id, centre);
    checkJournal(arrived, name, find);
    checkEffects(name, terminal_id, appliedOf(arrived), centre, find);
  }
  for (const { cashier, ledger } of pairs) {
    const arrived = readJournal(ledger.terminal_id, centre);
    if (hasPast(cashier)) checkApart(cashier, ledger, arrived, centre, find);
    else checkInStep(cashier.till.name, ledger, arrived, centre, find);
  }
  checkTotals(pairs, centre, find);
  checkStock(centre, find);
  checkReceipts(centre, find);
}

/** The journal has what the ledger has, in order and word for word, and the till has every verdict. */
function checkInStep(
  name: string,
  ledger: LedgerView,
  arrived: readonly Arrived[],
  centre: CentreView,
  find: Find,
): void {
  const short = ({ seq, hash }: { seq: number; hash: string }) => [seq, hash];
  same(find, 1, `${name}: journal`, arrived.map(short), ledger.operations.map(short));
  const terminal = centre.terminals.find((row) => row.terminal_id === ledger.terminal_id);
  const last = ledger.operations.at(-1);
  if (last) same(find, 2, `${name}: head`, [terminal?.last_seq, terminal?.last_hash], short(last));
  const words = new Map(arrived.map(({ seq, content }) => [seq, content]));
  for (const { seq, content } of ledger.operations) {
    if (words.get(seq) !== content) find(2, `${name}: the journal tells ${seq} in other words`);
  }
  const aside = arrived.some(({ verdict }) => verdict === 'quarantined');
  for (const { terminal_id, day_id, z_agrees } of centre.days) {
    if (!aside && terminal_id === ledger.terminal_id && z_agrees === false) {
      find(8, `${name}: Z of ${day_id} differs`);
    }
  }
  checkVerdicts(name, ledger, arrived, find);
}

/** The till keeps every verdict that somebody must look at, and no other. */
function checkVerdicts(name: string, ledger: LedgerView, arrived: readonly Arrived[], find: Find): void {
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
  const inStep = pairs.filter(({ cashier }) => !hasPast(cashier));
  const key = (row: { terminal_id: string; seq: number }) => `${row.terminal_id} ${row.seq}`;
  const aside = new Set(centre.journal.filter(({ verdict }) => verdict === 'quarantined').map(key));
  const sums = (tickets: readonly { currency: string; total_minor: number; rounding_minor: number }[]) => {
    const totals = new Map<string, [number, number]>();
    for (const { currency, total_minor, rounding_minor } of tickets) {
      const [total, rounding] = totals.get(currency) ?? [0, 0];
      totals.set(currency, [total + total_minor, rounding + rounding_minor]);
    }
    return [...totals].sort();
  };
  const sold = inStep.flatMap(({ ledger: { terminal_id, operations } }) =>
    ticketsOf(
      operations.filter(({ seq }) => !aside.has(key({ terminal_id, seq }))).map(({ operation }) => operation),
    ),
  );
  const known = new Set(inStep.map(({ ledger }) => ledger.terminal_id));
  const central = centre.tickets.filter((ticket) => known.has(ticket.terminal_id));
  same(find, 8, 'totals of all tills', sums(central), sums(sold));
}

/** Levels are the sum of all moves, per location and variant. */
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
