import { zstdCompressSync } from 'node:zlib';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';
import { lastSeq } from './operation-store.ts';
import { saveSyncPosition, syncPosition } from './sync-state.ts';

/**
 * Days for which an operation is kept here after the server said that it is safe there: so long may a backup be old
 * from which a server is put back, and everything since is sent again.
 */
const KEPT_DAYS = 35;

const DAY_MS = 86_400_000;
/** Operations that go in one commit: about 10 ms. */
const CHUNK = 200;

const TODAY = sql<{ today: string | null }>('SELECT max(server_date) AS today FROM safe_on');
const SAFE_BEFORE = sql<{ seq: number | null }, [string]>(
  'SELECT max(seq) AS seq FROM safe_on WHERE server_date < ?',
);
const FORGET_DATES = sql<never, [number]>('DELETE FROM safe_on WHERE seq <= ?');
const TICKETS = sql<{ seq: number; version: number; body: string }, [number, number]>(
  `SELECT seq, content ->> '$.kind_version' AS version, content ->> '$.body' AS body FROM operation
   WHERE seq BETWEEN ? AND ? AND kind = 'ticket.completed' AND again_of IS NULL`,
);
const KEEP_TICKET = sql<never, [number, number, Buffer]>(
  'INSERT INTO old_ticket (seq, kind_version, body) VALUES (?, ?, ?)',
);
const REMOVE = sql<never, [number]>('DELETE FROM operation WHERE seq <= ?');

/**
 * Removes operations that have been safe at the server for long enough, the oldest first, at most a few hundred; the
 * tickets in them stay, compressed. Days are counted by the server's clock, since this one may say anything.
 * @returns whether there are more
 */
export function pruneOperations(ledger: Ledger): boolean {
  return ledger
    .transaction(() => {
      const { safe_seq, pruned_seq } = syncPosition(ledger);
      const today = TODAY(ledger).get()?.today ?? null;
      if (today === null) return false;
      const cutoff = new Date(Date.parse(today) - KEPT_DAYS * DAY_MS).toISOString().slice(0, 10);
      const old = SAFE_BEFORE(ledger).get(cutoff)?.seq ?? 0;
      // The last one is where the chain goes on.
      const limit = Math.min(old, safe_seq, lastSeq(ledger) - 1);
      const to = Math.min(limit, pruned_seq + CHUNK);
      if (to <= pruned_seq) return false;
      for (const { seq, version, body } of TICKETS(ledger).all(pruned_seq + 1, to)) {
        KEEP_TICKET(ledger).run(seq, version, zstdCompressSync(body));
      }
      saveSyncPosition(ledger, { pruned_seq: to });
      REMOVE(ledger).run(to);
      FORGET_DATES(ledger).run(to);
      return to < limit;
    })
    .immediate();
}
