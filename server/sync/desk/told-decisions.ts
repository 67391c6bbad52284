import type { Operation } from '#shared/sync/operation.ts';
import { unnest } from '../../columns.ts';
import { rows, type Tx } from '../../db.ts';
import type { ApplyingTerminal, Flag, OperationOf } from '../applying.ts';
import { storableInstant } from '../exceptions.ts';
import type { Subject } from './decisions.ts';

type Told = OperationOf<'exception.accepted'> | OperationOf<'exception.corrected'>;

const isTold = (operation: Operation): operation is Told =>
  operation.kind === 'exception.accepted' || operation.kind === 'exception.corrected';

/**
 * Writes down what was decided at a terminal. It decides about what it told itself, and about what happened at its
 * location. A decision about something that was never raised here is written down and flagged all the same; one that
 * somebody else has made already stands beside theirs.
 * @returns what is to be flagged about the decisions, and the operations of which the terminals must hear again
 */
export async function takeDecisions(
  tx: Tx,
  terminal: ApplyingTerminal,
  operations: readonly Operation[],
): Promise<{ flags: Flag[]; subjects: Subject[] }> {
  const told = operations.filter(isTold);
  if (told.length === 0) return { flags: [], subjects: [] };
  const given = unnest(
    told,
    {
      at: { type: 'bigint', of: ({ seq }) => seq },
      decision_id: { type: 'uuid', of: ({ body }) => body.decision_id },
      op_id: { type: 'uuid', of: ({ body }) => body.op_id },
      code: { type: 'text', of: ({ body }) => body.code },
      note: { type: 'text', of: ({ body }) => body.note },
      action: { type: 'text', of: ({ kind }) => kind.slice('exception.'.length) },
      by_op_id: { type: 'uuid', of: correctionOf },
      by_receipt_number: { type: 'text', of: receiptOf },
      user_id: { type: 'uuid', of: ({ user_id }) => user_id },
      approver_id: { type: 'uuid', of: ({ approver_id }) => approver_id },
      decided_at: { type: 'timestamptz', of: ({ occurred_at }) => storableInstant(occurred_at) },
    },
    4,
  );
  const found = await rows<Found>(
    tx,
    `with given as (select * from ${given.clause}),
     about as (
       select given.*, e.exception_id, e.terminal_id, e.epoch, e.seq from given
       left join exception e on e.company_id = $1 and e.op_id = given.op_id and e.code = given.code
         and (e.terminal_id = $2 or e.location_id = $3)
     ),
     written as (
       insert into exception_decision (company_id, exception_id, decision_id, action, settles, note, by_op_id,
         by_receipt_number, user_id, approver_id, terminal_id, decided_at)
       select $1, exception_id, decision_id, action, true, note, by_op_id, by_receipt_number, user_id, approver_id,
         $2, coalesce(decided_at, now())
       from about order by at, exception_id
     )
     select at, exception_id, terminal_id, epoch, seq,
       by_op_id is null or exists (
         select from operation_seen s where s.company_id = $1 and s.op_id = about.by_op_id) as is_correction_known
     from about order by at, exception_id`,
    [tx.company_id, terminal.terminal_id, terminal.location_id, ...given.values],
  );
  return { flags: told.flatMap((operation) => flagsOf(operation, found)), subjects: subjectsOf(found) };
}

type Found = {
  at: number;
  exception_id: number | null;
  terminal_id: Subject['terminal_id'] | null;
  epoch: number | null;
  seq: number | null;
  is_correction_known: boolean;
};

const correctionOf = (operation: Told) =>
  operation.kind === 'exception.corrected' ? operation.body.by_op_id : null;
const receiptOf = (operation: Told) =>
  operation.kind === 'exception.corrected' ? operation.body.by_receipt_number : null;

function flagsOf({ seq, body }: Told, found: readonly Found[]): Flag[] {
  const about = found.filter(({ at }) => at === seq);
  const flags: Flag[] = [];
  if (about.every(({ exception_id }) => exception_id === null)) {
    flags.push({ seq, code: 'unknown_exception', detail: `${body.code} of operation ${body.op_id}` });
  }
  if (about.some(({ is_correction_known }) => !is_correction_known) && 'by_op_id' in body) {
    flags.push({ seq, code: 'unknown_correction', detail: `operation ${body.by_op_id}` });
  }
  return flags;
}

/** Each operation once, however many of its troubles were decided about. */
function subjectsOf(found: readonly Found[]): Subject[] {
  const subjects = new Map<string, Subject>();
  for (const { terminal_id, epoch, seq } of found) {
    if (terminal_id === null || epoch === null || seq === null) continue;
    subjects.set(`${terminal_id} ${epoch} ${seq}`, { terminal_id, epoch, seq });
  }
  return [...subjects.values()];
}
