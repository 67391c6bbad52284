import type { z } from 'zod';
import type { acceptTroubleSchema, correctTroubleSchema } from '#shared/contract/desk.ts';
import type { OpId } from '#shared/ids.ts';
import { CAUSES, type DeskAction } from '#shared/sync/exception.ts';
import type { BodyOf } from '#shared/sync/operation.ts';
import { referenceOf } from '../../catalogue/reference.ts';
import { nowOf } from '../../clock.ts';
import { type Actor, approverFor } from '../../people/authorise.ts';
import { requireInService } from '../../people/terminal.ts';
import { refused } from '../../refusal.ts';
import { sql } from '../../statement.ts';
import { commit, type Till } from '../../till.ts';
import { record } from '../record.ts';
import { type DecisionRow, decisionAbout, decisionById, isOpen, keepDecision } from './decision-store.ts';

type Accepting = z.output<typeof acceptTroubleSchema>;
type Correcting = z.output<typeof correctTroubleSchema>;

type Made = { op_id: OpId; seq: number; receipt_number: string | null };
const TICKET = sql<Made, [string]>(
  `SELECT o.op_id, o.seq, t.receipt_number FROM ticket t JOIN operation o USING (seq) WHERE t.ticket_id = ?`,
);
const ADJUSTMENT = sql<Made, [string]>(
  `SELECT o.op_id, o.seq, NULL AS receipt_number FROM adjustment a JOIN operation o USING (seq)
   WHERE a.adjustment_id = ?`,
);

/** Settles a trouble as it is. Recorded here at once; the server hears of it like of everything else. */
export const acceptTrouble = (till: Till, actor: Actor, asked: Accepting): { decided: true } =>
  decide(till, actor, 'accept', asked, () => ({ kind: 'exception.accepted', body: asked }));

/**
 * Settles a trouble by what was posted here to make up for it: a ticket (a refund, a new sale) or a correction of stock.
 * @throws REFUSED `correction_unknown`
 */
export const correctTrouble = (till: Till, actor: Actor, { by, ...asked }: Correcting): { decided: true } =>
  decide(till, actor, 'correct', asked, () => {
    const made = findCorrection(till, by, asked.op_id);
    const { receipt_number } = made;
    const body = {
      ...asked,
      by_op_id: made.op_id,
      ...(receipt_number === null ? {} : { by_receipt_number: receipt_number }),
    };
    return { kind: 'exception.corrected', body };
  });

type Decision =
  | { kind: 'exception.accepted'; body: BodyOf<'exception.accepted'> }
  | { kind: 'exception.corrected'; body: BodyOf<'exception.corrected'> };

/**
 * Records a decision. A repeated call changes nothing.
 * @throws REFUSED `trouble_unknown`, `trouble_settled`, `not_possible`, `id_reused`, `approval_needed`, `terminal_revoked`,
 * `standstill`
 */
function decide(
  till: Till,
  actor: Actor,
  action: DeskAction & ('accept' | 'correct'),
  asked: Accepting,
  make: () => Decision,
): { decided: true } {
  return commit(till, () => {
    const before = decisionById(till.ledger, asked.decision_id);
    if (before) {
      if (!isSame(before, action, asked)) throw reused();
      return { decided: true };
    }
    const terminal = requireInService(till);
    const approver_id = approverFor(till, actor, 'exception.settle');
    requireOpen(till, asked);
    if (!CAUSES[asked.code].actions.includes(action)) throw notPossible();
    const { user_id } = actor.user;
    const occurred_at = nowOf(till.clock);
    const decision = make();
    const seq = record(till.ledger, till.clock, terminal, { ...decision, user_id, approver_id, occurred_at });
    keepDecision(till.ledger, { ...decision, seq, user_id, approver_id, occurred_at });
    return { decided: true };
  });
}

/** What was posted here to make up for an operation, after it. @throws REFUSED `correction_unknown` */
function findCorrection(till: Till, by: Correcting['by'], corrected: string): Made {
  const made =
    'ticket_id' in by ? TICKET(till.ledger).get(by.ticket_id) : ADJUSTMENT(till.ledger).get(by.adjustment_id);
  if (!made || made.op_id === corrected) {
    throw refused(
      'correction_unknown',
      'There is no such correction on this till. Post it first, then name it here.',
      'by',
    );
  }
  return made;
}

/** @throws REFUSED `trouble_settled`, `trouble_unknown` */
function requireOpen(till: Till, { op_id, code }: Accepting): void {
  if (isOpen(till.ledger, op_id, code)) return;
  const settled = decisionAbout(till.ledger, op_id, code);
  if (!settled) {
    throw refused(
      'trouble_unknown',
      'There is nothing to decide about this: the office may have settled it.',
    );
  }
  const who = referenceOf(till.catalog, 'user', settled.user_id)?.name ?? 'Somebody';
  throw refused('trouble_settled', `${who} has decided about this already, at this till.`);
}

/** Whether a call is the one that was answered before. A correction is the same if it is about the same. */
const isSame = (before: DecisionRow, action: DeskAction, asked: Accepting): boolean =>
  before.action === (action === 'accept' ? 'accepted' : 'corrected') &&
  before.op_id === asked.op_id &&
  before.code === asked.code &&
  before.note === asked.note;

const reused = () => refused('id_reused', 'This id was used before for another decision.', 'decision_id');

const notPossible = () => refused('not_possible', 'This cannot be done about it at a till.');
