import { sql } from '../../../src-main/data/statement.ts';
import type { Run } from '../till.ts';
import type { Find } from './names.ts';

type Position = { acked_seq: number; safe_seq: number; server_epoch: string | null; last_seq: number };

const positionOf = sql<Position>(
  `SELECT acked_seq, safe_seq, server_epoch, (SELECT coalesce(max(seq), 0) FROM operation) AS last_seq FROM sync_state`,
);

/** Watches how far a till knows that the server has its operations: after everything that a till does. */
export function newWatch(name: string, find: Find): { look: (run: Run) => void; forget: () => void } {
  let before: Position | null = null;
  return {
    look: ({ files }) => {
      const now = positionOf(files.ledger).get();
      if (!now) throw new Error('sync_state has no row');
      const { safe_seq, acked_seq, last_seq } = now;
      if (safe_seq > acked_seq || acked_seq > last_seq) {
        find(4, `${name}: safe ${safe_seq}, acknowledged ${acked_seq}, recorded ${last_seq}`);
      }
      if (before && before.last_seq > last_seq) {
        find(3, `${name}: ${before.last_seq} operations became ${last_seq}`);
      }
      const sameLife = before?.server_epoch === null || before?.server_epoch === now.server_epoch;
      if (before && sameLife && (before.acked_seq > acked_seq || before.safe_seq > safe_seq)) {
        find(4, `${name}: ${before.acked_seq} acknowledged became ${acked_seq}`);
      }
      before = now;
    },
    forget: () => {
      before = null;
    },
  };
}
