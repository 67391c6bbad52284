import type { Verdict } from '#shared/sync/push.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';
import { lastSeq } from './operation-store.ts';

/** How far the server knows this terminal's operations, as the ledger remembers it. */
export type SyncPosition = {
  acked_seq: number;
  safe_seq: number;
  server_epoch: string | null;
  contact_at: string | null;
  /** Why nothing may be sent any more, in plain words; null where all is well. */
  stopped: string | null;
};

const SELECT = sql<SyncPosition>(
  'SELECT acked_seq, safe_seq, server_epoch, contact_at, stopped FROM sync_state',
);
const UPDATE = sql<never, [number, number, string | null, string | null, string | null]>(
  'UPDATE sync_state SET acked_seq = ?, safe_seq = ?, server_epoch = ?, contact_at = ?, stopped = ?',
);
const PUT_VERDICT = sql<never, [number, string, string]>(
  `INSERT INTO verdict (seq, verdict, document) VALUES (?, ?, ?)
   ON CONFLICT (seq) DO UPDATE SET verdict = excluded.verdict, document = excluded.document`,
);
const DROP_VERDICT = sql<never, [number]>('DELETE FROM verdict WHERE seq = ?');
const TROUBLES = sql<{ document: string }>('SELECT document FROM verdict ORDER BY seq DESC LIMIT 1000');
const COUNTS = sql<{ quarantined: number; flagged: number }>(
  `SELECT (SELECT count(*) FROM verdict WHERE verdict = 'quarantined') AS quarantined,
          (SELECT count(*) FROM verdict WHERE verdict = 'applied_flagged') AS flagged`,
);

export function syncPosition(ledger: Ledger): SyncPosition {
  const position = SELECT(ledger).get();
  if (!position) throw new Error('sync_state has no row');
  return position;
}

export const saveSyncPosition = (ledger: Ledger, position: SyncPosition): void => {
  const { acked_seq, safe_seq, server_epoch, contact_at, stopped } = position;
  UPDATE(ledger).run(acked_seq, safe_seq, server_epoch, contact_at, stopped);
};

/** Operations that the server has not acknowledged. */
export const unsentCount = (ledger: Ledger): number => lastSeq(ledger) - syncPosition(ledger).acked_seq;

/** Keeps what somebody must look at; a verdict that became plain removes what was kept. */
export function storeVerdict(ledger: Ledger, verdict: Verdict): void {
  if (verdict.verdict === 'applied') DROP_VERDICT(ledger).run(verdict.seq);
  else PUT_VERDICT(ledger).run(verdict.seq, verdict.verdict, JSON.stringify(verdict));
}

/** What was flagged or set aside, newest first, at most a thousand. */
export const troubles = (ledger: Ledger): Verdict[] =>
  TROUBLES(ledger)
    .all()
    .map((row) => JSON.parse(row.document) as Verdict);

export const verdictCounts = (ledger: Ledger): { quarantined: number; flagged: number } =>
  COUNTS(ledger).get() ?? { quarantined: 0, flagged: 0 };
