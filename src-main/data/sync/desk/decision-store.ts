import type { BodyOf } from '#shared/sync/operation.ts';
import type { Verdict } from '#shared/sync/push.ts';
import type { Ledger } from '../../open.ts';
import { sql } from '../../statement.ts';
import { storeVerdict, syncPosition } from '../sync-state.ts';

/** A decision that was made here, as the ledger keeps it. */
export type DecisionRow = {
  readonly seq: number;
  readonly decision_id: string;
  readonly op_id: string;
  readonly code: string;
  readonly action: 'accepted' | 'corrected';
  readonly note: string;
  readonly by_op_id: string | null;
  readonly by_receipt_number: string | null;
  readonly user_id: string;
  readonly approver_id: string | null;
  readonly decided_at: string;
};

/** A decision as an operation tells it. */
type ToldDecision = {
  readonly seq: number;
  readonly user_id: string;
  readonly approver_id?: string | undefined;
  readonly occurred_at: string;
} & (
  | { readonly kind: 'exception.accepted'; readonly body: BodyOf<'exception.accepted'> }
  | { readonly kind: 'exception.corrected'; readonly body: BodyOf<'exception.corrected'> }
);

const COLUMNS = `seq, decision_id, op_id, code, action, note, by_op_id, by_receipt_number, user_id, approver_id,
  decided_at`;
const INSERT = sql<never, [DecisionRow]>(
  `INSERT INTO exception_decision (${COLUMNS})
   VALUES (@seq, @decision_id, @op_id, @code, @action, @note, @by_op_id, @by_receipt_number, @user_id, @approver_id,
     @decided_at)`,
);
const BY_ID = sql<DecisionRow, [string]>(`SELECT ${COLUMNS} FROM exception_decision WHERE decision_id = ?`);
const NEWEST = sql<DecisionRow, [number]>(
  `SELECT ${COLUMNS} FROM exception_decision ORDER BY seq DESC LIMIT ?`,
);
/** Under the number of this epoch, where they are told again. */
const TOLD_IN = sql<{ seq: number; first: number; op_id: string; code: string }, [number, number]>(
  `SELECT o.seq, d.seq AS first, d.op_id, d.code
   FROM operation o JOIN exception_decision d ON d.seq = coalesce(o.again_of, o.seq)
   WHERE o.seq BETWEEN ? AND ? AND o.kind IN ('exception.accepted', 'exception.corrected')`,
);
const VERDICT_AT = sql<{ verdict: string }, [number]>('SELECT verdict FROM verdict WHERE seq = ?');
const VERDICTS_ON = sql<{ document: string }, [string]>(
  'SELECT v.document FROM verdict v JOIN operation o ON o.seq = v.seq WHERE o.op_id = ?',
);
const AGAIN_AT = sql<{ seq: number }, [number]>(
  'SELECT seq FROM operation WHERE seq = ? AND again_of IS NOT NULL',
);
const SINCE = sql<{ first: number; op_id: string; code: string }, [number]>(
  'SELECT seq AS first, op_id, code FROM exception_decision WHERE seq >= ?',
);
const ABOUT = sql<DecisionRow, [string, string]>(
  `SELECT ${COLUMNS} FROM exception_decision WHERE op_id = ? AND code = ? ORDER BY seq DESC LIMIT 1`,
);

/** Keeps a decision that operation `seq` tells of. Inside the caller's transaction. */
export function keepDecision(
  ledger: Ledger,
  { seq, user_id, approver_id, occurred_at, ...told }: ToldDecision,
): void {
  INSERT(ledger).run({
    seq,
    ...{
      decision_id: told.body.decision_id,
      op_id: told.body.op_id,
      code: told.body.code,
      note: told.body.note,
    },
    action: told.kind === 'exception.accepted' ? 'accepted' : 'corrected',
    by_op_id: told.kind === 'exception.corrected' ? told.body.by_op_id : null,
    by_receipt_number: told.kind === 'exception.corrected' ? (told.body.by_receipt_number ?? null) : null,
    ...{ user_id, approver_id: approver_id ?? null, decided_at: occurred_at },
  });
}

/** The decision of that id, if it was made here. */
export const decisionById = (ledger: Ledger, decisionId: string): DecisionRow | undefined =>
  BY_ID(ledger).get(decisionId);

/** What was decided here last, the newest first. */
export const newestDecisions = (ledger: Ledger, most: number): DecisionRow[] => NEWEST(ledger).all(most);

/**
 * The decisions that the server has not acknowledged, by their first sequence numbers. What is told again stands at the
 * beginning of its epoch: where that has been sent, nobody looks through a long queue for it.
 */
export function unsentDecisions(ledger: Ledger): Map<number, { op_id: string; code: string }> {
  const next = syncPosition(ledger).acked_seq + 1;
  const waiting =
    AGAIN_AT(ledger).get(next) === undefined
      ? SINCE(ledger).all(next)
      : TOLD_IN(ledger).all(next, Number.MAX_SAFE_INTEGER);
  return new Map(waiting.map(({ first, op_id, code }) => [first, { op_id, code }]));
}

/** Whether somebody must still decide about an operation for that reason. */
export const isOpen = (ledger: Ledger, opId: string, code: string): boolean =>
  VERDICTS_ON(ledger)
    .all(opId)
    .some(({ document }) => codesOf(JSON.parse(document) as Verdict).includes(code)) &&
  ![...unsentDecisions(ledger).values()].some((decided) => decided.op_id === opId && decided.code === code);

function codesOf(verdict: Verdict): readonly string[] {
  if (verdict.verdict === 'applied_flagged') return verdict.exceptions;
  return verdict.verdict === 'quarantined' ? [verdict.code] : [];
}

/** The last decision that was made here about an operation for that reason. */
export const decisionAbout = (ledger: Ledger, opId: string, code: string): DecisionRow | undefined =>
  ABOUT(ledger).get(opId, code);

/**
 * The server has taken these operations: what the decisions among them settle is no trouble here any more, which it
 * will say itself. One that it set aside settles nothing. Inside the caller's transaction, behind the verdicts.
 */
export function settleDecided(ledger: Ledger, from: number, to: number): void {
  for (const { seq, op_id, code } of TOLD_IN(ledger).all(from, to)) {
    if (VERDICT_AT(ledger).get(seq)?.verdict === 'quarantined') continue;
    for (const { document } of VERDICTS_ON(ledger).all(op_id)) {
      storeVerdict(ledger, without(JSON.parse(document) as Verdict, code));
    }
  }
}

/** A verdict as it is when one of its troubles is settled. */
function without(verdict: Verdict, code: string): Verdict {
  if (verdict.verdict === 'quarantined' && verdict.code === code) return { ...verdict, settled: true };
  if (verdict.verdict !== 'applied_flagged') return verdict;
  const exceptions = verdict.exceptions.filter((exception) => exception !== code);
  return exceptions.length === 0 ? { seq: verdict.seq, verdict: 'applied' } : { ...verdict, exceptions };
}
