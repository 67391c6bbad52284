import { type DeskItem, deskItemSchema } from '#shared/contract/desk.ts';
import { CAUSES, type DeskAction, kindOfTrouble, type TroubleCode } from '#shared/sync/exception.ts';
import type { Envelope } from '#shared/sync/operation.ts';
import { readFacts } from '#shared/sync/operation-facts.ts';
import type { Verdict } from '#shared/sync/push.ts';
import { referenceOf } from '../../catalogue/reference.ts';
import { sql } from '../../statement.ts';
import type { Till } from '../../till.ts';
import { type DecisionRow, newestDecisions, unsentDecisions } from './decision-store.ts';

/** More than a person looks through at a till. */
const MOST = 1000;

const TROUBLES = sql<{ seq: number; document: string; content: string | null }, [number]>(
  `SELECT v.seq, v.document, o.content FROM verdict v LEFT JOIN operation o ON o.seq = v.seq
   ORDER BY v.seq DESC LIMIT ?`,
);
const OPERATION = sql<{ seq: number; content: string }, [string]>(
  'SELECT seq, content FROM operation WHERE op_id = ? AND again_of IS NULL',
);

/** What somebody must still decide about, or what was decided here; the newest first. From the ledger alone. */
export const listTroubles = (till: Till, state: DeskItem['state']): DeskItem[] =>
  state === 'open' ? openTroubles(till) : settledTroubles(till);

function openTroubles(till: Till): DeskItem[] {
  const decided = new Set(
    [...unsentDecisions(till.ledger).values()].map(({ op_id, code }) => `${op_id} ${code}`),
  );
  return TROUBLES(till.ledger)
    .all(MOST)
    .flatMap(({ seq, document, content }) => {
      const operation = content === null ? null : (JSON.parse(content) as Envelope);
      return troublesOf(JSON.parse(document) as Verdict)
        .filter(({ code }) => !decided.has(`${operation?.op_id} ${code}`))
        .map(({ code, detail }) => itemOf(till, { seq, code, detail, operation, decision: null }));
    });
}

function settledTroubles(till: Till): DeskItem[] {
  const unsent = unsentDecisions(till.ledger);
  return newestDecisions(till.ledger, MOST).map((decision) => {
    const found = OPERATION(till.ledger).get(decision.op_id);
    return itemOf(till, {
      seq: found?.seq ?? decision.seq,
      code: decision.code as TroubleCode,
      detail: null,
      operation: found ? (JSON.parse(found.content) as Envelope) : null,
      decision: { ...decision, sent: !unsent.has(decision.seq) },
    });
  });
}

/** Each code by itself: one may be settled while another is open. */
function troublesOf(verdict: Verdict): { code: TroubleCode; detail: string | null }[] {
  switch (verdict.verdict) {
    case 'applied_flagged':
      return verdict.exceptions.map((code) => ({ code, detail: null }));
    case 'quarantined':
      return [{ code: verdict.code, detail: verdict.detail }];
    case 'applied':
    case 'applied_before':
      return [];
    default:
      return verdict satisfies never;
  }
}

type Found = {
  seq: number;
  code: TroubleCode;
  detail: string | null;
  operation: Envelope | null;
  decision: (DecisionRow & { sent: boolean }) | null;
};

function itemOf(till: Till, { seq, code, detail, operation, decision }: Found): DeskItem {
  const { about, sentence, advice, actions } = CAUSES[code];
  return deskItemSchema.parse({
    state: decision ? 'settled' : 'open',
    ...{ seq, op_id: operation?.op_id ?? decision?.op_id ?? null, kind: kindOfTrouble(code), code },
    ...{ about, cause: sentence, advice, detail },
    actions: decision || !operation ? [] : actions.filter(isDoneHere),
    occurred_at: operation?.occurred_at ?? null,
    operation_kind: operation?.kind ?? null,
    user: personOf(till, operation?.user_id),
    approver: personOf(till, operation?.approver_id),
    facts: readFacts(operation),
    decision: decision && decisionOf(till, decision),
  });
}

const isDoneHere = (action: DeskAction): boolean => action === 'accept' || action === 'correct';

const decisionOf = (till: Till, decision: DecisionRow & { sent: boolean }) => ({
  ...{ decision_id: decision.decision_id, action: decision.action, decided_at: decision.decided_at },
  user: personOf(till, decision.user_id),
  approver: personOf(till, decision.approver_id),
  note: decision.note,
  corrected_by:
    decision.action === 'corrected'
      ? { op_id: decision.by_op_id, receipt_number: decision.by_receipt_number }
      : null,
  sent: decision.sent,
});

/** Somebody by the name that the office gives them; whoever it never told of, or takes away, is an id. */
const personOf = (till: Till, userId: string | null | undefined) =>
  userId ? { user_id: userId, name: referenceOf(till.catalog, 'user', userId)?.name ?? null } : null;
