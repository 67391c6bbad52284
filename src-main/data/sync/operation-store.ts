import type { ZodType } from 'zod';
import { readBody } from '#shared/sync/kind-versions.ts';
import { type BodyOf, OPERATION_KINDS, type OperationKind } from '#shared/sync/operation.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';

/** An operation as it lies in the outbox. */
export type StoredOperation = { seq: number; content: string; prev_hash: string; hash: string };

const BODY = sql<{ kind: string; version: number; body: string }, [number]>(
  `SELECT kind, content ->> '$.kind_version' AS version, content ->> '$.body' AS body
   FROM operation WHERE seq = ?`,
);
const LAST = sql<{ seq: number }>('SELECT seq FROM operation ORDER BY seq DESC LIMIT 1');
type Placed = { occurred_at: string; prev_hash: string; hash: string };
const AT = sql<Placed, [number]>('SELECT occurred_at, prev_hash, hash FROM operation WHERE seq = ?');
const INSERT = sql<
  never,
  [
    ...[
      seq: number,
      epoch: number,
      op_id: string,
      again_of: number | null,
      kind: string,
      occurred_at: string,
    ],
    ...[boot_id: string, monotonic_ms: number, content: string, prev_hash: string, hash: string],
  ]
>(
  `INSERT INTO operation
     (seq, epoch, op_id, again_of, kind, occurred_at, boot_id, monotonic_ms, content, prev_hash, hash)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
);
const FIRST_TOLD = sql<{ seq: number }, [string]>(
  'SELECT seq FROM operation WHERE op_id = ? AND again_of IS NULL',
);
const IDS_TO = sql<{ seq: number; op_id: string }, [number, number]>(
  'SELECT seq, op_id FROM operation WHERE seq <= ? ORDER BY seq DESC LIMIT ?',
);
const FROM = sql<StoredOperation, [number, number]>(
  'SELECT seq, content, prev_hash, hash FROM operation WHERE seq >= +? ORDER BY seq LIMIT ?',
);

/** An operation with what it is found by. `again_of` is the one that it tells again, if it does. */
export type OperationRow = StoredOperation & {
  epoch: number;
  op_id: string;
  again_of: number | null;
  kind: string;
  occurred_at: string;
  boot_id: string;
  monotonic_ms: number;
};

/** Appends an operation. Inside the caller's transaction. */
export const insertOperation = (ledger: Ledger, row: OperationRow): void => {
  const { seq, epoch, op_id, again_of, kind, occurred_at, boot_id, monotonic_ms } = row;
  INSERT(ledger).run(
    ...([seq, epoch, op_id, again_of, kind, occurred_at, boot_id, monotonic_ms] as const),
    ...([row.content, row.prev_hash, row.hash] as const),
  );
};

/** Where an operation was recorded first, if it still is there. */
export const firstTold = (ledger: Ledger, opId: string): number | undefined =>
  FIRST_TOLD(ledger).get(opId)?.seq;

/** The ids of the operations up to a sequence number, the last one first. */
export const idsUpTo = (ledger: Ledger, seq: number, most: number): { seq: number; op_id: string }[] =>
  IDS_TO(ledger).all(seq, most);

/** The sequence number of the last operation; 0 where there is none. */
export const lastSeq = (ledger: Ledger): number => LAST(ledger).get()?.seq ?? 0;

/** When an operation happened, and its place in the chain. */
export const operationAt = (ledger: Ledger, seq: number): Placed | undefined => AT(ledger).get(seq);

/** The operations from a sequence number on, in order. */
export const operationsFrom = (
  ledger: Ledger,
  seq: number,
  most: number,
): IterableIterator<StoredOperation> => FROM(ledger).iterate(seq, most);

/**
 * The body of the operation `seq`, which must be of that kind; undefined where it is no longer kept. It was checked
 * when it was recorded, or made of what was.
 */
export function bodyOf<Kind extends OperationKind>(
  ledger: Ledger,
  seq: number,
  kind: Kind,
): BodyOf<Kind> | undefined {
  const row = BODY(ledger).get(seq);
  if (!row) return undefined;
  if (row.kind !== kind) throw new Error(`operation ${seq} is not ${kind}`);
  return keptBody(kind, row.version, row.body);
}

/** A body that was sound when it was recorded, maybe by an earlier version, as it is now. */
export function keptBody<Kind extends OperationKind>(
  kind: Kind,
  version: number,
  text: string,
): BodyOf<Kind> {
  const body: unknown = JSON.parse(text);
  if (version === OPERATION_KINDS[kind].version) return body as BodyOf<Kind>;
  const read = readBody<ZodType>(OPERATION_KINDS[kind], version, body);
  if (read.is !== 'body') throw new Error(`${kind} of version ${version} cannot be read any more`);
  return read.body as BodyOf<Kind>;
}
