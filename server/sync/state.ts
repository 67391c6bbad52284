import type { SyncState } from '#shared/sync/push.ts';
import { rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';

/** Where the server stands with a terminal: what it has, and under which epochs. */
export async function readState(tx: Tx, identity: TerminalIdentity): Promise<SyncState> {
  const [row] = await rows<{ epoch: number; last_seq: number; last_hash: string; server_epoch: string }>(
    tx,
    `select epoch, last_seq, last_hash, (select epoch from server_epoch) as server_epoch
     from terminal where company_id = $1 and terminal_id = $2`,
    [tx.company_id, identity.terminal_id],
  );
  if (!row) throw new Refusal(401, 'unauthorised', 'The terminal could not be recognised.');
  return {
    server_epoch: row.server_epoch,
    epoch: row.epoch,
    acked_seq: row.last_seq,
    safe_seq: row.last_seq,
    last_hash: row.last_hash,
    server_time: new Date().toISOString(),
  };
}
