import { linkHash } from '#shared/sync/chain.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Ledger } from '../open.ts';
import type { Terminal } from '../people/terminal.ts';
import type { SalvagedOperation } from '../salvage/known-rows.ts';
import { sql } from '../statement.ts';
import type { Till } from '../till.ts';
import { firstTold, lastSeq, operationAt } from './operation-store.ts';
import { sha256 } from './sha256.ts';
import { syncPosition } from './sync-state.ts';
import { headOf, readTold, takeOne } from './take-back.ts';
import { toldAgain } from './tell-again.ts';
import { keepSeries } from './told-series.ts';

/** One that waits for its place in this ledger. */
type Waiting = Omit<SalvagedOperation, 'kind' | 'occurred_at'>;

const KEEP = sql<never, [string, string, number, number, string, string, string]>(
  `INSERT INTO salvaged (hash, terminal_id, epoch, seq, op_id, content, prev_hash) VALUES (?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT DO NOTHING`,
);
const IN_ORDER = sql<Waiting>('SELECT * FROM salvaged ORDER BY seq, epoch, hash');
const DROP = sql<never, [string]>('DELETE FROM salvaged WHERE hash = ?');
const COUNT = sql<{ operations: number }>('SELECT count(*) AS operations FROM salvaged');

/** Keeps an operation of a damaged ledger until it has a place in this one. Inside the caller's transaction. */
export const keepSalvaged = (ledger: Ledger, operation: Waiting): void => {
  const { hash, terminal_id, epoch, seq, op_id, content, prev_hash } = operation;
  KEEP(ledger).run(hash, terminal_id, epoch, seq, op_id, content, prev_hash);
};

/** Salvaged operations that have no place in this ledger yet. */
export const salvagedCount = (ledger: Ledger): number => COUNT(ledger).get()?.operations ?? 0;

/**
 * Appends the salvaged operations that follow on the end of this ledger, with what they did: as if nothing had happened
 * to them. Those that it has already are let go of. Inside the caller's transaction.
 * @returns how many were appended
 */
export function joinSalvaged(
  till: Till,
  { terminal_id, epoch }: Pick<Terminal, 'terminal_id' | 'epoch'>,
): number {
  const { ledger } = till;
  let joined = 0;
  for (const waiting of IN_ORDER(ledger).all()) {
    const last = lastSeq(ledger);
    const isHere =
      waiting.seq <= syncPosition(ledger).pruned_seq ||
      operationAt(ledger, waiting.seq)?.hash === waiting.hash;
    const follows =
      waiting.terminal_id === terminal_id &&
      waiting.epoch === epoch &&
      waiting.seq === last + 1 &&
      waiting.prev_hash === headOf(ledger, last);
    const told = follows ? readTold(onTheWire(waiting)) : null;
    if (told) {
      takeOne(till, told);
      joined += 1;
    }
    if (told || isHere) DROP(ledger).run(waiting.hash);
  }
  return joined;
}

/**
 * Tells the salvaged operations that follow on nothing once more, as operations of this terminal that were recorded
 * elsewhere first: whatever the server has of them counts once. What they did is written down where it fits what
 * is there. One that this version cannot read waits on. Inside the caller's transaction.
 * @returns how many are told
 */
export function tellSalvaged(
  till: Till,
  { terminal_id, epoch }: Pick<Terminal, 'terminal_id' | 'epoch'>,
): number {
  const { ledger } = till;
  let told = 0;
  for (const waiting of IN_ORDER(ledger).all()) {
    if (firstTold(ledger, waiting.op_id) === undefined) {
      const last = lastSeq(ledger);
      const prev_hash = headOf(ledger, last);
      const content = toldAgain(waiting.content, { terminal_id, epoch, seq: last + 1 });
      const read = readTold(onTheWire({ content, prev_hash, hash: linkHash(prev_hash, content, sha256) }));
      if (!read) continue;
      takeOne(till, read);
      keepNumber(ledger, read.operation);
      told += 1;
    }
    DROP(ledger).run(waiting.hash);
  }
  return told;
}

const onTheWire = ({
  content,
  prev_hash,
  hash,
}: Pick<Waiting, 'content' | 'prev_hash' | 'hash'>): unknown => ({
  ...JSON.parse(content),
  prev_hash,
  hash,
});

/** A receipt was printed with this number, whether or not its ticket has a place here. */
function keepNumber(ledger: Ledger, operation: Operation): void {
  if (operation.kind !== 'ticket.completed') return;
  const { ticket, ticket_hash } = operation.body;
  keepSeries(ledger, [{ series: ticket.series, last_number: ticket.number, last_hash: ticket_hash }]);
}
