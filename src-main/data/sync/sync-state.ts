import type { Verdict } from '#shared/sync/push.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';
import { lastSeq } from './operation-store.ts';

/** How far the server knows this terminal's operations, as the ledger remembers it. */
export type SyncPosition = {
  /** The chain of this terminal's epoch begins behind it. */
  after_seq: number;
  acked_seq: number;
  safe_seq: number;
  /** Operations up to here are no longer kept. */
  pruned_seq: number;
  server_epoch: string | null;
  contact_at: string | null;
  /** For the next push; null before enrolment. */
  nonce: string | null;
  /** The file with the key of this epoch. */
  key_file: string;
  verdict_changes: number;
};

const SELECT = sql<SyncPosition>(
  `SELECT after_seq, acked_seq, safe_seq, pruned_seq, server_epoch, contact_at, nonce, key_file, verdict_changes
   FROM sync_state`,
);
const UPDATE = sql<never, [SyncPosition]>(
  `UPDATE sync_state SET after_seq = @after_seq, acked_seq = @acked_seq, safe_seq = @safe_seq,
     pruned_seq = @pruned_seq, server_epoch = @server_epoch, contact_at = @contact_at, nonce = @nonce,
     key_file = @key_file, verdict_changes = @verdict_changes`,
);
const PUT_VERDICT = sql<never, [number, string, string]>(
  `INSERT INTO verdict (seq, verdict, document) VALUES (?, ?, ?)
   ON CONFLICT (seq) DO UPDATE SET verdict = excluded.verdict, document = excluded.document`,
);
const DROP_VERDICT = sql<never, [number]>('DELETE FROM verdict WHERE seq = ?');
const DROP_VERDICTS = sql('DELETE FROM verdict');
const TROUBLES = sql<{ document: string }>('SELECT document FROM verdict ORDER BY seq DESC LIMIT 1000');
const COUNTS = sql<{ quarantined: number; flagged: number }>(
  `SELECT (SELECT count(*) FROM verdict WHERE verdict = 'quarantined') AS quarantined,
          (SELECT count(*) FROM verdict WHERE verdict = 'applied_flagged') AS flagged`,
);
const SAFE_ON = sql<never, [string, number]>(
  'INSERT INTO safe_on (server_date, seq) VALUES (?, ?) ON CONFLICT (server_date) DO NOTHING',
);

const NOT_SAFE = sql<never, [number]>('DELETE FROM safe_on WHERE seq > ?');

export function syncPosition(ledger: Ledger): SyncPosition {
  const position = SELECT(ledger).get();
  if (!position) throw new Error('sync_state has no row');
  return position;
}

/** Changes what is given of the position. Inside the caller's transaction. */
export const saveSyncPosition = (ledger: Ledger, change: Partial<SyncPosition>): void => {
  UPDATE(ledger).run({ ...syncPosition(ledger), ...change });
};

/** Operations that the server has not acknowledged. */
export const unsentCount = (ledger: Ledger): number => lastSeq(ledger) - syncPosition(ledger).acked_seq;

/** Keeps what somebody must look at; a verdict that became plain, or was settled, removes what was kept. */
export function storeVerdict(ledger: Ledger, verdict: Verdict): void {
  const isPlain = verdict.verdict === 'applied' || verdict.verdict === 'applied_before';
  if (isPlain || ('settled' in verdict && verdict.settled)) DROP_VERDICT(ledger).run(verdict.seq);
  else PUT_VERDICT(ledger).run(verdict.seq, verdict.verdict, JSON.stringify(verdict));
}

/** What was said of operations before does not hold any more: it is told anew, or to nobody here. */
export const dropVerdicts = (ledger: Ledger): void => {
  DROP_VERDICTS(ledger).run();
};

/** What was flagged or set aside, newest first, at most a thousand. */
export const troubles = (ledger: Ledger): Verdict[] =>
  TROUBLES(ledger)
    .all()
    .map((row) => JSON.parse(row.document) as Verdict);

export const verdictCounts = (ledger: Ledger): { quarantined: number; flagged: number } =>
  COUNTS(ledger).get() ?? { quarantined: 0, flagged: 0 };

/** Notes, once a day of the server's, how far operations were safe: from then on they are kept for so many days. */
export const noteSafe = (ledger: Ledger, serverTime: string, safeSeq: number): void => {
  SAFE_ON(ledger).run(serverTime.slice(0, 10), safeSeq);
};

/** The server was put back: what was safe above `safeSeq` is not any more, and its days are counted anew. */
export const forgetSafe = (ledger: Ledger, safeSeq: number): void => {
  NOT_SAFE(ledger).run(safeSeq);
};
