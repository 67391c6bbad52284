import type { TerminalId } from '#shared/ids.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import { type Push, type Verdict, verdictSchema } from '#shared/sync/push.ts';
import { rows, type Tx } from '../db.ts';
import type { Received } from './received.ts';
import type { TerminalRow } from './terminal-row.ts';
import { TOLD_FROM, TOLD_VERDICT } from './told-verdict.ts';

/** What the journal has of a batch: verdicts and hashes from its first operation on, and the hash before it. */
export type Stored = {
  readonly verdicts: readonly Verdict[];
  readonly hashes: readonly string[];
  readonly before: string;
};

/** Reads from the journal what a batch repeats. It must not begin behind the operation that is wanted next. */
export async function readStored(
  tx: Tx,
  terminalId: TerminalId,
  terminal: Pick<TerminalRow, 'epoch' | 'after_seq' | 'last_seq' | 'last_hash'>,
  batch: Push,
): Promise<Stored> {
  if (batch.from_seq > terminal.last_seq) return { verdicts: [], hashes: [], before: terminal.last_hash };
  const last = batch.from_seq + batch.operations.length - 1;
  const stored = await rows<JournalRow & { hash: string }>(
    tx,
    `select ${TOLD_VERDICT}, j.hash from ${TOLD_FROM}
     where j.company_id = $1 and j.terminal_id = $2 and j.epoch = $3 and j.seq between $4 and $5 order by j.seq`,
    [tx.company_id, terminalId, terminal.epoch, batch.from_seq - 1, last],
  );
  const before = batch.from_seq === terminal.after_seq + 1 ? GENESIS : (stored.shift()?.hash ?? '');
  return { verdicts: stored.map(verdictOfRow), hashes: stored.map((row) => row.hash), before };
}

/**
 * Where a batch tells another history than the journal: the operation, and what each side has there, in words. Null
 * where it tells the same and goes on where that ends.
 */
export function differenceFrom(
  stored: Stored,
  batch: Pick<Push, 'from_seq' | 'prev_hash'>,
  received: readonly Received[],
): { seq: number; detail: string } | null {
  if (stored.before !== batch.prev_hash) {
    return differing(batch.from_seq - 1, stored.before, batch.prev_hash);
  }
  const index = stored.hashes.findIndex((hash, at) => received[at] && received[at].hash !== hash);
  const [here, there] = [stored.hashes[index], received[index]?.hash];
  return here === undefined || there === undefined ? null : differing(batch.from_seq + index, here, there);
}

const differing = (seq: number, here: string, there: string) => ({
  seq,
  detail: `operation ${seq} is ${short(here)} here, and ${short(there)} in what another copy told`,
});

const short = (hash: string): string => hash.slice(0, 12);

/** The columns of the journal that make a verdict. */
export type JournalRow = {
  readonly seq: number;
  readonly verdict: string;
  readonly code: string | null;
  readonly detail: string | null;
  readonly exceptions: string[] | null;
  /** Somebody has decided that it stays set aside. */
  readonly settled: boolean;
};

/** A verdict as the journal has it. */
export const verdictOfRow = (row: JournalRow): Verdict =>
  verdictSchema.parse({
    seq: row.seq,
    verdict: row.verdict,
    ...(row.verdict === 'quarantined' ? quarantinedOf(row) : {}),
    ...(row.verdict === 'applied_flagged' ? { exceptions: row.exceptions } : {}),
  });

const quarantinedOf = ({ code, detail, settled }: JournalRow) => ({
  ...{ code, detail },
  ...(settled ? { settled } : {}),
});
