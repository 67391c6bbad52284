import type { StockMove } from '#shared/stock/move.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';

const INSERT = sql<never, [string, number, string, string, number]>(
  'INSERT INTO stock_move (move_id, seq, kind, variant_id, quantity_milli) VALUES (?, ?, ?, ?, ?)',
);
const ADD = sql<never, [string, number]>(
  `INSERT INTO stock_level (variant_id, quantity_milli) VALUES (?, ?)
   ON CONFLICT (variant_id) DO UPDATE SET quantity_milli = quantity_milli + excluded.quantity_milli`,
);
const EXISTS = sql<{ seq: number }, [string]>('SELECT seq FROM stock_move WHERE move_id = ?');

/** Writes the moves of operation `seq` and adds them to the levels, inside the caller's transaction. */
export function insertMoves(ledger: Ledger, seq: number, moves: readonly StockMove[]): void {
  for (const move of moves) {
    INSERT(ledger).run(move.move_id, seq, move.kind, move.variant_id, move.quantity_milli);
    ADD(ledger).run(move.variant_id, move.quantity_milli);
  }
}

export const hasMove = (ledger: Ledger, moveId: string): boolean => EXISTS(ledger).get(moveId) !== undefined;
