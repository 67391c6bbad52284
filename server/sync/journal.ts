import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { TerminalId } from '#shared/ids.ts';
import { PUSH_LIMIT, pushSchema, type Verdict } from '#shared/sync/push.ts';
import { type Column, unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { Flag } from './applying.ts';
import { dayIn, type Quarantined, type Received } from './received.ts';

const decompress = promisify(zstdDecompress);

/** An operation with its verdict, as the journal keeps it. */
export type Judged = Received & { readonly verdict: Verdict };

/** What becomes of an operation that was set aside, or applied with or without a flag. */
export function verdictOf(
  seq: number,
  reason: Quarantined | undefined,
  flags: readonly Flag[] | undefined,
): Verdict {
  if (reason) return { seq, verdict: 'quarantined', ...reason };
  if (!flags || flags.length === 0) return { seq, verdict: 'applied' };
  return { seq, verdict: 'applied_flagged', exceptions: [...new Set(flags.map((flag) => flag.code))] };
}

const JOURNAL: Readonly<Record<string, Column<Judged>>> = {
  seq: { type: 'bigint', of: (entry) => entry.seq },
  op_id: {
    type: 'uuid',
    of: (entry) => (entry.op_id !== null && UUID.test(entry.op_id) ? entry.op_id : null),
  },
  kind: { type: 'text', of: (entry) => entry.kind },
  hash: { type: 'text', of: (entry) => entry.hash },
  verdict: { type: 'text', of: (entry) => entry.verdict.verdict },
  code: { type: 'text', of: ({ verdict }) => (verdict.verdict === 'quarantined' ? verdict.code : null) },
  detail: { type: 'text', of: ({ verdict }) => (verdict.verdict === 'quarantined' ? verdict.detail : null) },
  day_id: {
    type: 'uuid',
    of: (entry) => (entry.verdict.verdict === 'quarantined' ? dayOpenedBy(entry) : null),
  },
  // Codes are plain words; joined here, split by the statement, since an array of arrays must be rectangular.
  flags: {
    type: 'text',
    of: ({ verdict }) => (verdict.verdict === 'applied_flagged' ? verdict.exceptions.join(' ') : null),
  },
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The sales day that a `day.opened` opens, as far as it can be read; null for other kinds. */
export const dayOpenedBy = ({ kind, content }: Received): string | null =>
  kind === 'day.opened' ? dayIn(content) : null;

/** Writes the rows of a push's new operations. */
export async function writeJournal(
  tx: Tx,
  terminal: { readonly terminal_id: TerminalId; readonly epoch: number },
  judged: readonly Judged[],
): Promise<void> {
  const given = unnest(judged, JOURNAL, 4);
  await rows(
    tx,
    `insert into journal (company_id, terminal_id, epoch, seq, op_id, kind, hash, verdict, code, detail, day_id,
       exceptions)
     select $1, $2, $3, seq, op_id, kind, hash, verdict, code, detail, day_id, string_to_array(flags, ' ')
     from ${given.clause}`,
    [tx.company_id, terminal.terminal_id, terminal.epoch, ...given.values],
  );
}

/** The operations that one push brought anew, as they came. */
export type JournalBatch = { readonly first_seq: number; readonly operations: readonly unknown[] };

/** The push that brought an operation, out of the body that the journal kept. It must be in the journal. */
export async function readBatch(
  tx: Tx,
  terminal: { readonly terminal_id: TerminalId; readonly epoch: number },
  seq: number,
): Promise<JournalBatch> {
  const [batch] = await rows<{ first_seq: number; skipped: number; body: Buffer }>(
    tx,
    `select first_seq, skipped, body from journal_batch
     where company_id = $1 and terminal_id = $2 and epoch = $3 and first_seq <= $4
     order by first_seq desc limit 1`,
    [tx.company_id, terminal.terminal_id, terminal.epoch, seq],
  );
  if (!batch) throw new Error(`the journal has lost operation ${seq} of ${terminal.terminal_id}`);
  const text = await decompress(batch.body, { maxOutputLength: PUSH_LIMIT.inflated });
  const { operations } = pushSchema.parse(JSON.parse(text.toString('utf8')));
  return { first_seq: batch.first_seq, operations: operations.slice(batch.skipped) };
}

/** Gives operations by their place. */
export type JournalReader = (
  terminal: { readonly terminal_id: TerminalId; readonly epoch: number },
  seq: number,
) => Promise<unknown>;

/** Reads operations in order; the push that an operation came in is unpacked once for all of its operations. */
export function journalReader(tx: Tx): JournalReader {
  let from: { readonly terminal_id: TerminalId; readonly epoch: number } | undefined;
  let batch: JournalBatch | undefined;
  return async (terminal, seq) => {
    const same = from?.terminal_id === terminal.terminal_id && from.epoch === terminal.epoch;
    if (!same || !batch || seq < batch.first_seq || seq >= batch.first_seq + batch.operations.length) {
      batch = await readBatch(tx, terminal, seq);
      from = terminal;
    }
    return batch.operations[seq - batch.first_seq];
  };
}
