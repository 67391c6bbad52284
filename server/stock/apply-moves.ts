import type { LocationId } from '#shared/ids.ts';
import { movesOfAdjustment, type StockMove } from '#shared/stock/move.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { type Column, unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import {
  type Applying,
  type ApplyingTerminal,
  checkPeople,
  type Flag,
  type OperationOf,
  placeOf,
} from '../sync/applying.ts';

/** The moves that one operation made at one place. */
export type ReportedMoves = {
  readonly operation: Operation;
  readonly location_id: LocationId;
  readonly group_id: string;
  readonly reason?: string | undefined;
  readonly reference?: string | undefined;
  readonly moves: readonly StockMove[];
};

const REPORT: Readonly<Record<string, Column<ReportedMoves>>> = {
  seq: { type: 'bigint', of: ({ operation }) => operation.seq },
  group_id: { type: 'uuid', of: (report) => report.group_id },
  location_id: { type: 'uuid', of: (report) => report.location_id },
  user_id: { type: 'uuid', of: ({ operation }) => operation.user_id },
  approver_id: { type: 'uuid', of: ({ operation }) => operation.approver_id },
  occurred_at: { type: 'timestamptz', of: ({ operation }) => operation.occurred_at },
  reason: { type: 'text', of: (report) => report.reason },
  reference: { type: 'text', of: (report) => report.reference },
};

type Move = StockMove & { readonly seq: number };

const MOVE: Readonly<Record<string, Column<Move>>> = {
  seq: { type: 'bigint', of: (move) => move.seq },
  move_id: { type: 'uuid', of: (move) => move.move_id },
  kind: { type: 'text', of: (move) => move.kind },
  variant_id: { type: 'uuid', of: (move) => move.variant_id },
  quantity_milli: { type: 'bigint', of: (move) => move.quantity_milli },
};

/** Writes moves to the log. The levels follow once for the whole push, by `carryLevels`. */
export async function logMoves(
  tx: Tx,
  terminal: ApplyingTerminal,
  reports: readonly ReportedMoves[],
): Promise<void> {
  const moves = reports.flatMap(({ operation, moves }) =>
    moves.map((move) => ({ ...move, seq: operation.seq })),
  );
  if (moves.length === 0) return;
  const made = unnest(moves, MOVE, 4, 'made');
  const reported = unnest(reports, REPORT, 4 + made.values.length, 'reported');
  await rows(
    tx,
    `insert into stock_move (company_id, terminal_id, epoch, seq, move_id, kind, variant_id, quantity_milli,
       group_id, location_id, user_id, approver_id, occurred_at, reason, reference)
     select $1, $2, $3, seq, move_id, kind, variant_id, quantity_milli,
       group_id, location_id, user_id, approver_id, occurred_at, reason, reference
     from ${made.clause} join ${reported.clause} using (seq)`,
    [tx.company_id, terminal.terminal_id, terminal.epoch, ...made.values, ...reported.values],
  );
}

/** What a push did to one level. */
type Change = {
  readonly location_id: LocationId;
  readonly variant_id: string;
  quantity_milli: bigint;
  readonly seq: number;
};
/** By location, then by variant. */
type Changes = ReadonlyMap<LocationId, ReadonlyMap<string, Change>>;

/**
 * Carries the levels along with the moves that a push logged, in the same transaction. Once a push and in the order
 * of places and variants, so that two terminals of one shop cannot wait for each other in a circle.
 * @returns the variants that nobody knows
 */
export async function carryLevels(tx: Tx, reports: readonly ReportedMoves[]): Promise<Flag[]> {
  const changes = changesOf(reports);
  if (changes.size === 0) return [];
  const ordered = inOrder(changes).flatMap(inOrder);
  const sums = unnest(
    ordered,
    {
      location_id: { type: 'uuid', of: (change) => change.location_id },
      variant_id: { type: 'uuid', of: (change) => change.variant_id },
      quantity_milli: { type: 'numeric', of: (change) => String(change.quantity_milli) },
    },
    2,
  );
  // A level that is new here is the one moment at which a variant can be unknown.
  const unknown = await rows<{ location_id: LocationId; variant_id: string }>(
    tx,
    `with changed as (
       insert into stock_level as level (company_id, ${sums.names})
       select $1, ${sums.names} from ${sums.clause}
       on conflict (company_id, location_id, variant_id)
         do update set quantity_milli = level.quantity_milli + excluded.quantity_milli
       returning level.location_id, level.variant_id, level.xmax = 0 as is_new
     )
     select location_id, variant_id from changed
     where is_new and not exists
       (select from variant where variant.company_id = $1 and variant.variant_id = changed.variant_id)`,
    [tx.company_id, ...sums.values],
  );
  return unknown.map(({ location_id, variant_id }) => ({
    seq: changes.get(location_id)?.get(variant_id)?.seq ?? 0,
    code: 'unknown_variant',
    detail: variant_id,
  }));
}

function changesOf(reports: readonly ReportedMoves[]): Changes {
  const changes = new Map<LocationId, Map<string, Change>>();
  for (const { location_id, operation, moves } of reports) {
    if (moves.length === 0) continue;
    const here = changes.get(location_id) ?? new Map<string, Change>();
    changes.set(location_id, here);
    for (const { variant_id, quantity_milli } of moves) {
      const change = here.get(variant_id);
      if (change) change.quantity_milli += BigInt(quantity_milli);
      else {
        const first = { location_id, variant_id, quantity_milli: BigInt(quantity_milli), seq: operation.seq };
        here.set(variant_id, first);
      }
    }
  }
  return changes;
}

/** The values of a map in the order of its keys. */
const inOrder = <Value>(map: ReadonlyMap<string, Value>): Value[] =>
  [...map.keys()].sort().map((key) => map.get(key) as Value);

/** `stock.adjusted`: each line is a move with the adjustment's reason. */
export function readAdjustments(
  applying: Applying,
  operations: readonly OperationOf<'stock.adjusted'>[],
): ReportedMoves[] {
  for (const operation of operations) checkPeople(applying, operation, ['inventory.adjust']);
  return operations.map((operation) => ({
    operation,
    location_id: placeOf(applying.terminal, operation),
    group_id: operation.body.adjustment_id,
    reason: operation.body.reason,
    reference: operation.body.reference,
    moves: movesOfAdjustment(operation.body),
  }));
}
