import { type BodyOf, OPERATION_KINDS, type OperationKind } from '#shared/sync/operation.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';

/** An operation as it lies in the outbox. */
export type StoredOperation = { seq: number; content: string; prev_hash: string; hash: string };

const BODY = sql<{ kind: string; body: string }, [number]>(
  "SELECT kind, content ->> '$.body' AS body FROM operation WHERE seq = ?",
);
const LAST = sql<{ seq: number }>('SELECT seq FROM operation ORDER BY seq DESC LIMIT 1');
const AT = sql<{ occurred_at: string; hash: string }, [number]>(
  'SELECT occurred_at, hash FROM operation WHERE seq = ?',
);
const FROM = sql<StoredOperation, [number, number]>(
  'SELECT seq, content, prev_hash, hash FROM operation WHERE seq >= ? ORDER BY seq LIMIT ?',
);

/** The sequence number of the last operation; 0 where there is none. */
export const lastSeq = (ledger: Ledger): number => LAST(ledger).get()?.seq ?? 0;

/** When an operation happened, and its hash. */
export const operationAt = (ledger: Ledger, seq: number): { occurred_at: string; hash: string } | undefined =>
  AT(ledger).get(seq);

/** The operations from a sequence number on, in order. */
export const operationsFrom = (
  ledger: Ledger,
  seq: number,
  most: number,
): IterableIterator<StoredOperation> => FROM(ledger).iterate(seq, most);

/** The body of the operation `seq`, which must be of that kind. It was checked when it was recorded. */
export function bodyOf<Kind extends OperationKind>(ledger: Ledger, seq: number, kind: Kind): BodyOf<Kind> {
  const row = BODY(ledger).get(seq);
  if (row?.kind !== kind)
    throw new Error(`operation ${seq} is not ${kind} v${OPERATION_KINDS[kind].version}`);
  return JSON.parse(row.body) as BodyOf<Kind>;
}
