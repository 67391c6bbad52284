import type { Operation } from '#shared/sync/operation.ts';
import { type Cashier, hasPast } from '../cashier.ts';
import type { CentreView } from './centre-view.ts';
import { checkEffects } from './effects.ts';
import { checkJournal, countedIn, type Epoch, readJournal } from './journal.ts';
import { happenedOn, type LedgerView, levelsOf, ticketsOf } from './ledger.ts';
import { type Find, same } from './names.ts';

/** A till's ledger beside what the centre has of its terminal. */
export type Pair = { readonly cashier: Cashier; readonly ledger: LedgerView };

/** Holds the centre against the ledgers of a company's tills: every operation arrived, and took effect once. */
export function checkCentre(pairs: readonly Pair[], centre: CentreView, find: Find): void {
  const names = new Map(pairs.map(({ cashier, ledger }) => [ledger.terminal_id, cashier.till.name]));
  const epochs = readJournal(centre);
  checkJournal(epochs, (id) => names.get(id) ?? 'a terminal of before', find);
  const counted = countedIn(epochs);
  checkEffects(counted, centre, find);
  for (const { cashier, ledger } of pairs) {
    checkArrived(cashier, ledger, centre, find);
    checkInStep(cashier.till.name, ledger, epochs, centre, find);
    checkDays(cashier, ledger, centre, find);
  }
  checkTotals(pairs, counted, centre, find);
  checkStock(centre, find);
  checkReceipts(pairs, centre, find);
}

/** Whatever happened on a till counts at the centre, or is in quarantine there. */
function checkArrived(cashier: Cashier, ledger: LedgerView, { journal }: CentreView, find: Find): void {
  const verdicts = Map.groupBy(journal, ({ op_id }) => op_id);
  for (const { op_id, seq } of happenedOn(ledger)) {
    const rows = verdicts.get(op_id) ?? [];
    const counts = rows.filter(
      ({ verdict }) => verdict === 'applied' || verdict === 'applied_flagged',
    ).length;
    const waits = rows.some(({ verdict }) => verdict === 'quarantined');
    if (counts > 1 || (counts === 0 && !waits))
      find(1, `${cashier.till.name}: ${seq} counts ${counts} times`);
  }
}

/** The journal has what the ledger has under its epoch, in order and word for word, and the till has every verdict. */
function checkInStep(
  name: string,
  { terminal_id, epoch, after_seq, operations, verdicts }: LedgerView,
  epochs: readonly Epoch[],
  centre: CentreView,
  find: Find,
): void {
  const found = epochs.find((one) => one.terminal_id === terminal_id && one.epoch === epoch);
  const arrived = found?.arrived ?? [];
  const own = operations.filter(({ seq }) => seq > after_seq);
  const kept = arrived.filter(({ seq }) => seq >= (own[0]?.seq ?? Number.POSITIVE_INFINITY));
  const short = ({ seq, hash }: { seq: number; hash: string }) => [seq, hash];
  same(find, 1, `${name}: journal`, kept.map(short), own.map(short));
  const terminal = centre.terminals.find((row) => row.terminal_id === terminal_id);
  const last = own.at(-1);
  if (last) same(find, 2, `${name}: head`, [terminal?.last_seq, terminal?.last_hash], short(last));
  const words = new Map(arrived.map(({ seq, content }) => [seq, content]));
  for (const { seq, content } of own) {
    if (words.get(seq) !== content) find(2, `${name}: the journal tells ${seq} in other words`);
  }
  const wanted = arrived
    .filter(({ verdict }) => verdict === 'quarantined' || verdict === 'applied_flagged')
    .map(({ seq, verdict, code, detail, exceptions }) =>
      verdict === 'quarantined' ? { seq, verdict, code, detail } : { seq, verdict, exceptions },
    );
  const told = [...verdicts.values()].sort((left, right) => left.seq - right.seq);
  same(find, 1, `${name}: verdicts`, told, wanted);
}

/** The Z reports of a till of which there was only one agree with what the centre adds up. */
function checkDays(cashier: Cashier, ledger: LedgerView, centre: CentreView, find: Find): void {
  const aside = centre.journal.some(
    (row) => row.terminal_id === ledger.terminal_id && row.verdict === 'quarantined',
  );
  if (hasPast(cashier) || aside) return;
  for (const { terminal_id, day_id, z_agrees } of centre.days) {
    if (terminal_id === ledger.terminal_id && z_agrees === false) {
      find(8, `${cashier.till.name}: Z of ${day_id} differs`);
    }
  }
}

/** The tickets of all tills together, per currency, are what the centre adds up. */
function checkTotals(
  pairs: readonly Pair[],
  counted: readonly Operation[],
  centre: CentreView,
  find: Find,
): void {
  const counts = new Set(counted.map(({ op_id }) => op_id));
  const sums = (tickets: Iterable<{ currency: string; total_minor: number; rounding_minor: number }>) => {
    const totals = new Map<string, [number, number]>();
    for (const { currency, total_minor, rounding_minor } of tickets) {
      const [total, rounding] = totals.get(currency) ?? [0, 0];
      totals.set(currency, [total + total_minor, rounding + rounding_minor]);
    }
    return [...totals].sort();
  };
  // A ticket that two copies of a till know was sold once.
  const sold = new Map(
    pairs
      .flatMap(({ ledger }) => ticketsOf(happenedOn(ledger).filter(({ op_id }) => counts.has(op_id))))
      .map((ticket) => [ticket.ticket_id as string, ticket]),
  );
  // What a till no longer keeps, and what only an older life of its files had, is known to the centre alone.
  const isAlone = pairs.some(({ cashier, ledger }) => ledger.pruned_seq > 0 || cashier.copies > 0);
  const central = centre.tickets.filter(({ ticket_id }) => !isAlone || sold.has(ticket_id));
  same(find, 8, 'totals of all tills', sums(central), sums(sold.values()));
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

/** Receipts were printed with a number of their own, unless there were two copies of the till that printed them. */
function checkReceipts(pairs: readonly Pair[], centre: CentreView, find: Find): void {
  if (pairs.some(({ cashier }) => hasPast(cashier))) return;
  const seen = new Set<string>();
  for (const { receipt_number } of centre.tickets) {
    if (seen.has(receipt_number)) find(9, `${receipt_number} was given twice`);
    seen.add(receipt_number);
  }
}
