import type { z } from 'zod';
import type { exceptionsContract } from '#shared/contract/office/exceptions.ts';
import { exceptionSchema, type OfficeException } from '#shared/contract/office/exceptions.ts';
import { type Decision, decisionSchema } from '#shared/sync/decision.ts';
import { CAUSES, type DeskAction, type TroubleCode } from '#shared/sync/exception.ts';
import { rows, type Tx } from '../../db.ts';
import { type Condition, contains, inWords, is, readPage, where } from '../../page.ts';
import type { Actor } from '../../people/actor.ts';
import { placesOf } from '../../people/places.ts';
import { SETTLED } from './settled.ts';

type Query = z.output<NonNullable<(typeof exceptionsContract.list)['~orpc']['inputSchema']>>;

const STATE = `case when ${SETTLED} then 'settled' else 'open' end`;
const COLUMNS = `e.exception_id, e.kind, e.code, e.detail, e.raised_at, e.occurred_at, e.epoch, e.seq, e.op_id,
  e.operation_kind, e.receipt_number, e.amount_minor, e.currency, e.terminal_id, t.code as terminal_code,
  t.name as terminal_name, e.location_id, l.code as location_code, l.name as location_name, e.user_id,
  u.name as user_name, e.approver_id, a.name as approver_name`;
const FROM = `exception e
  join terminal t on t.company_id = e.company_id and t.terminal_id = e.terminal_id
  join location l on l.company_id = e.company_id and l.location_id = e.location_id
  left join app_user u on u.company_id = e.company_id and u.user_id = e.user_id
  left join app_user a on a.company_id = e.company_id and a.user_id = e.approver_id`;

const SORTS: Readonly<Record<Query['sort'], string>> = {
  raised_at: 'e.raised_at',
  occurred_at: 'e.occurred_at',
  code: 'e.code',
  terminal: inWords('t.code'),
};

type Row = {
  readonly [Column in
    | 'exception_id'
    | 'kind'
    | 'detail'
    | 'epoch'
    | 'seq'
    | 'op_id'
    | 'operation_kind'
    | 'receipt_number'
    | 'amount_minor'
    | 'currency'
    | 'terminal_id'
    | 'terminal_code'
    | 'terminal_name'
    | 'location_id'
    | 'location_code'
    | 'location_name'
    | 'user_id'
    | 'user_name'
    | 'approver_id'
    | 'approver_name']: unknown;
} & {
  readonly exception_id: number;
  readonly code: TroubleCode;
  readonly raised_at: Date;
  readonly occurred_at: Date | null;
};

const seenBy = (tx: Tx, actor: Actor): Condition[] => {
  const places = placesOf(actor, 'e.location_id');
  return [is('e.company_id', tx.company_id), ...(places ? [places] : [])];
};

/** What was flagged or set aside at the locations that the actor sees. */
export async function listExceptions(
  tx: Tx,
  actor: Actor,
  query: Query,
): Promise<{ items: OfficeException[]; total_count: number }> {
  const page = await readPage<Row>(
    tx,
    {
      columns: COLUMNS,
      from: FROM,
      where: [...seenBy(tx, actor), ...narrowed(query)],
      sort: SORTS[query.sort],
      thenBy: `e.exception_id ${query.order}`,
      emptyLast: true,
    },
    query,
  );
  const decisions = await readDecisions(
    tx,
    page.items.map(({ exception_id }) => exception_id),
  );
  return { ...page, items: page.items.map((row) => exceptionOf(row, decisions.get(row.exception_id) ?? [])) };
}

const narrowed = ({ text, state, kind, code, location_id, terminal_id }: Query): Condition[] => [
  ...(text === undefined
    ? []
    : [contains(['e.receipt_number', 'e.code', 'e.detail', 't.code', 't.name', 'u.name', 'a.name'], text)]),
  ...(state === undefined ? [] : [is(STATE, state)]),
  ...(kind === undefined ? [] : [is('e.kind', kind)]),
  ...(code === undefined ? [] : [is('e.code', code)]),
  ...(location_id === undefined ? [] : [is('e.location_id', location_id)]),
  ...(terminal_id === undefined ? [] : [is('e.terminal_id', terminal_id)]),
];

/** One exception as it is now, with all that was decided; undefined where the actor sees none of that number. */
export async function readException(
  tx: Tx,
  actor: Actor,
  exceptionId: number,
): Promise<{ exception: OfficeException; decisions: Decision[] } | undefined> {
  const { clause, values } = where([...seenBy(tx, actor), is('e.exception_id', exceptionId)]);
  const [row] = await rows<Row>(tx, `select ${COLUMNS} from ${FROM} ${clause}`, values);
  if (!row) return undefined;
  const decisions = (await readDecisions(tx, [exceptionId])).get(exceptionId) ?? [];
  return { exception: exceptionOf(row, decisions), decisions };
}

function exceptionOf(row: Row, decisions: readonly Decision[]): OfficeException {
  const { about, sentence, advice, actions } = CAUSES[row.code];
  const decision = decisions.at(-1) ?? null;
  const isSettled = decision?.settles ?? false;
  return exceptionSchema.parse({
    exception_id: row.exception_id,
    version: 1 + decisions.length,
    state: isSettled ? 'settled' : 'open',
    ...{ kind: row.kind, code: row.code, about, cause: sentence, advice, detail: row.detail },
    actions: isSettled ? afterwards(decision) : actions,
    raised_at: row.raised_at.toISOString(),
    occurred_at: row.occurred_at?.toISOString() ?? null,
    location: { location_id: row.location_id, code: row.location_code, name: row.location_name },
    terminal: { terminal_id: row.terminal_id, code: row.terminal_code, name: row.terminal_name },
    ...{ epoch: row.epoch, seq: row.seq, op_id: row.op_id, operation_kind: row.operation_kind },
    user: personOf(row.user_id, row.user_name),
    approver: personOf(row.approver_id, row.approver_name),
    ...{ receipt_number: row.receipt_number, amount_minor: row.amount_minor, currency: row.currency },
    decision,
  });
}

/** What counts since a replay cannot be made not to count; everything else may have been a mistake. */
const afterwards = (decision: Decision | null): DeskAction[] =>
  decision?.action === 'accepted' || decision?.action === 'corrected' ? ['reopen'] : [];

const personOf = (user_id: unknown, name: unknown) => (user_id === null ? null : { user_id, name });

type DecisionRow = Omit<Decision, 'decided_at' | 'user' | 'approver' | 'terminal' | 'corrected_by'> & {
  readonly exception_id: number;
  readonly decided_at: Date;
} & Readonly<
    Record<
      | 'user_id'
      | 'user_name'
      | 'approver_id'
      | 'approver_name'
      | 'terminal_id'
      | 'terminal_code'
      | 'by_op_id'
      | 'by_receipt_number',
      string | null
    >
  >;

/** What was decided about each of them, in the order in which it was taken in. By the index `exception_decision_of`. */
async function readDecisions(tx: Tx, exceptionIds: readonly number[]): Promise<Map<number, Decision[]>> {
  if (exceptionIds.length === 0) return new Map();
  const found = await rows<DecisionRow>(
    tx,
    `select d.exception_id, d.decision_id, d.action, d.settles, d.decided_at, d.note, d.user_id, u.name as user_name,
       d.approver_id, a.name as approver_name, d.terminal_id, t.code as terminal_code, d.by_op_id, d.by_receipt_number
     from exception_decision d
     left join app_user u on u.company_id = d.company_id and u.user_id = d.user_id
     left join app_user a on a.company_id = d.company_id and a.user_id = d.approver_id
     left join terminal t on t.company_id = d.company_id and t.terminal_id = d.terminal_id
     where d.company_id = $1 and d.exception_id = any($2::bigint[]) order by d.decision_no`,
    [tx.company_id, exceptionIds],
  );
  const grouped = Map.groupBy(found, ({ exception_id }) => exception_id);
  return new Map([...grouped].map(([id, decisions]) => [id, decisions.map(decisionOf)]));
}

const decisionOf = (row: DecisionRow): Decision =>
  decisionSchema.parse({
    ...{ decision_id: row.decision_id, action: row.action, settles: row.settles, note: row.note },
    decided_at: row.decided_at.toISOString(),
    user: personOf(row.user_id, row.user_name),
    approver: personOf(row.approver_id, row.approver_name),
    terminal: row.terminal_id === null ? null : { terminal_id: row.terminal_id, code: row.terminal_code },
    corrected_by:
      row.action === 'corrected' ? { op_id: row.by_op_id, receipt_number: row.by_receipt_number } : null,
  });
