import type { AdjustmentId } from '#shared/ids.ts';
import { TICKET_LIMITS } from '#shared/sales/limits.ts';
import { movesOfAdjustment } from '#shared/stock/move.ts';
import type { StockAdjusted } from '#shared/stock/operations.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { nowOf } from '../clock.ts';
import type { Ledger } from '../open.ts';
import { type Actor, approverFor } from '../people/authorise.ts';
import { requireInService } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { storedLine } from '../sales/cart-store.ts';
import { hasTicketLine } from '../sales/ticket-store.ts';
import { sql } from '../statement.ts';
import { bodyOf } from '../sync/operation-store.ts';
import { record } from '../sync/record.ts';
import { commit, type Till } from '../till.ts';
import { hasMove, insertMoves } from './moves.ts';

const FIND = sql<{ seq: number }, [string]>('SELECT seq FROM adjustment WHERE adjustment_id = ?');
const INSERT = sql<never, [string, number]>('INSERT INTO adjustment (adjustment_id, seq) VALUES (?, ?)');

/** Corrects the book stock, with a reason. A repeated call changes nothing. */
export const adjustStock = (till: Till, actor: Actor, asked: StockAdjusted): { adjusted: true } =>
  commit(till, () => {
    if (isRepeated(till.ledger, asked)) return { adjusted: true };
    const terminal = requireInService(till);
    const approver = approverFor(till, actor, 'inventory.adjust');
    checkLines(till.ledger, asked);
    const seq = record(till.ledger, till.clock, terminal, {
      kind: 'stock.adjusted',
      user_id: actor.user.user_id,
      approver_id: approver,
      occurred_at: nowOf(till.clock),
      body: asked,
    });
    keepAdjustment(till.ledger, seq, asked);
    return { adjusted: true };
  });

/** Writes the rows of the correction that operation `seq` tells of. Inside the caller's transaction. */
export function keepAdjustment(ledger: Ledger, seq: number, adjusted: StockAdjusted): void {
  INSERT(ledger).run(adjusted.adjustment_id, seq);
  insertMoves(ledger, seq, movesOfAdjustment(adjusted));
}

function isRepeated(ledger: Ledger, asked: StockAdjusted): boolean {
  const seq = seqOf(ledger, asked.adjustment_id);
  if (seq === undefined) return false;
  const before = bodyOf(ledger, seq, 'stock.adjusted');
  if (before && canonicalJson(before) !== canonicalJson(asked)) throw reused();
  return true;
}

const seqOf = (ledger: Ledger, id: AdjustmentId): number | undefined => FIND(ledger).get(id)?.seq;

function checkLines(ledger: Ledger, { lines }: StockAdjusted): void {
  if (new Set(lines.map((line) => line.line_id)).size < lines.length) throw reused('lines');
  for (const { line_id, quantity_milli } of lines) {
    if (hasMove(ledger, line_id) || hasTicketLine(ledger, line_id) || storedLine(ledger, line_id)) {
      throw reused('lines');
    }
    if (Math.abs(quantity_milli) > TICKET_LIMITS.quantity_milli) {
      throw refused('amount_too_large', 'That quantity is too large.', 'lines');
    }
  }
}

const reused = (field = 'adjustment_id') =>
  refused('id_reused', 'This id was used before for another correction. Enter it again.', field);
