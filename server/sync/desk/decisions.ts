import type { DecisionId, OpId, TerminalId, UserId } from '#shared/ids.ts';
import type { DecisionAction } from '#shared/sync/decision.ts';
import { rows, type Tx } from '../../db.ts';

/** A decision as it is written down; who and where are null for a command on the server, and in the office. */
export type Decided = {
  readonly decision_id: DecisionId;
  readonly action: DecisionAction;
  readonly settles: boolean;
  readonly note: string;
  readonly user_id: UserId | null;
  readonly by_op_id?: OpId | null;
  readonly by_receipt_number?: string | null;
};

/** Writes down what was decided in the office, or by a command, about one exception. */
export const writeDecision = (tx: Tx, exceptionId: number, decided: Decided): Promise<unknown> =>
  rows(
    tx,
    `insert into exception_decision (company_id, exception_id, decision_id, action, settles, note, user_id, by_op_id,
       by_receipt_number, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())`,
    [
      ...[tx.company_id, exceptionId, decided.decision_id, decided.action, decided.settles, decided.note],
      ...[decided.user_id, decided.by_op_id ?? null, decided.by_receipt_number ?? null],
    ],
  );

/** An operation of a terminal, by its place in the journal. */
export type Subject = {
  readonly terminal_id: TerminalId;
  readonly epoch: number;
  readonly seq: number;
};

/** The terminals hear that what was said of these operations is not so any more. */
export async function tellAgain(tx: Tx, subjects: readonly Subject[]): Promise<void> {
  for (const { terminal_id, epoch, seq } of subjects) {
    await rows(tx, 'select tell_verdict_again($1, $2, $3)', [terminal_id, epoch, seq]);
  }
}
