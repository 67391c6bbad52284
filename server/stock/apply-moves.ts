import { movesOfAdjustment, type StockMove } from '#shared/stock/move.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { type Column, unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import { type Applying, checkPeople, type OperationOf, Unapplicable } from '../sync/applying.ts';

/** A move with the operation that tells of it. */
export type ReportedMove = StockMove & {
  readonly operation: Operation;
  readonly group_id: string;
  readonly reason?: string | undefined;
  readonly reference?: string | undefined;
};

const MOVE_COLUMNS: Readonly<Record<string, Column<ReportedMove>>> = {
  move_id: { type: 'uuid', of: (move) => move.move_id },
  group_id: { type: 'uuid', of: (move) => move.group_id },
  kind: { type: 'text', of: (move) => move.kind },
  variant_id: { type: 'uuid', of: (move) => move.variant_id },
  quantity_milli: { type: 'bigint', of: (move) => move.quantity_milli },
  seq: { type: 'bigint', of: (move) => move.operation.seq },
  user_id: { type: 'uuid', of: (move) => move.operation.user_id },
  approver_id: { type: 'uuid', of: (move) => move.operation.approver_id },
  occurred_at: { type: 'timestamptz', of: (move) => move.operation.occurred_at },
  reason: { type: 'text', of: (move) => move.reason },
  reference: { type: 'text', of: (move) => move.reference },
};

/**
 * Writes moves to the log and carries the levels along, in the same transaction. Levels are locked in the
 * order of their variants, so that two terminals of one shop cannot wait for each other in a circle.
 */
export async function applyMoves(tx: Tx, applying: Applying, moves: readonly ReportedMove[]): Promise<void> {
  if (moves.length === 0) return;
  const { terminal } = applying;
  const given = unnest(moves, MOVE_COLUMNS, 5);
  await rows(
    tx,
    `insert into stock_move (company_id, terminal_id, epoch, location_id, ${given.names})
     select $1, $2, $3, $4, ${given.names} from ${given.clause}`,
    [tx.company_id, terminal.terminal_id, terminal.epoch, terminal.location_id, ...given.values],
  );
  const changes = new Map<string, { variant_id: string; quantity_milli: number; seq: number }>();
  for (const move of moves) {
    const change = changes.get(move.variant_id);
    if (change) change.quantity_milli += move.quantity_milli;
    else {
      const { variant_id, quantity_milli, operation } = move;
      changes.set(variant_id, { variant_id, quantity_milli, seq: operation.seq });
    }
  }
  for (const change of changes.values()) {
    if (Number.isSafeInteger(change.quantity_milli)) continue;
    const detail = `the quantities of ${change.variant_id} are too large to be added`;
    throw new Unapplicable({ code: 'not_applicable', detail });
  }
  const ordered = [...changes.values()].sort((left, right) => (left.variant_id < right.variant_id ? -1 : 1));
  const sums = unnest(
    ordered,
    {
      variant_id: { type: 'uuid', of: (change) => change.variant_id },
      quantity_milli: { type: 'bigint', of: (change) => change.quantity_milli },
    },
    3,
  );
  // A level that is new here is the one moment at which a variant can be unknown.
  const unknown = await rows<{ variant_id: string }>(
    tx,
    `with changed as (
       insert into stock_level as level (company_id, location_id, ${sums.names})
       select $1, $2, ${sums.names} from ${sums.clause}
       on conflict (company_id, location_id, variant_id)
         do update set quantity_milli = level.quantity_milli + excluded.quantity_milli
       returning level.variant_id, level.xmax = 0 as is_new
     )
     select variant_id from changed
     where is_new and not exists
       (select from variant where variant.company_id = $1 and variant.variant_id = changed.variant_id)`,
    [tx.company_id, terminal.location_id, ...sums.values],
  );
  for (const { variant_id } of unknown) {
    applying.flag(changes.get(variant_id)?.seq ?? 0, 'unknown_variant', variant_id);
  }
}

/** `stock.adjusted`: each line is a move with the adjustment's reason. */
export function readAdjustments(
  applying: Applying,
  operations: readonly OperationOf<'stock.adjusted'>[],
): ReportedMove[] {
  for (const operation of operations) checkPeople(applying, operation, ['inventory.adjust']);
  return operations.flatMap((operation) =>
    movesOfAdjustment(operation.body).map((move) => ({
      ...move,
      operation,
      group_id: operation.body.adjustment_id,
      reason: operation.body.reason,
      reference: operation.body.reference,
    })),
  );
}
