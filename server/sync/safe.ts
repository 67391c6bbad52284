import { type Config, ConfigError } from '../config.ts';
import { type Db, rows, type Tx, withoutCompany } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { lockTerminal, readTerminal, type TerminalRow } from './terminal-row.ts';

/**
 * What TILLDOCK_SAFE says makes an operation safe: that it is committed, that the archive has its WAL, or that so many
 * replicas have it.
 */
export type Safe = Config['TILLDOCK_SAFE'];

/**
 * The row of a terminal after a look at how far its operations are safe: never less than before in its epoch.
 *
 * A mark says: once the WAL is kept elsewhere up to this position, operations up to that one are. It is true because the
 * position is read by another transaction than the one that brought the operation, which had committed: the row, locked
 * here, shows nothing else. When a mark is reached the next one is made. Marks are rows, so it does not matter which
 * server looks, and a database that was put back or took over has none but those of its own past. One of another line of
 * history (a replica that took over, a restore) is made anew: its position means nothing there.
 */
export async function lookAtSafe(tx: Tx, identity: TerminalIdentity, safe: Safe): Promise<TerminalRow> {
  if (safe === 'committed') {
    const terminal = await readTerminal(tx, identity);
    return { ...terminal, safe_seq: terminal.last_seq };
  }
  const terminal = await lockTerminal(tx, identity);
  if (terminal.safe_seq === terminal.last_seq) return terminal;
  const [marked] = await rows<{ safe_seq: number }>(tx, MARK, [tx.company_id, identity.terminal_id, safe]);
  return { ...terminal, ...marked };
}

const MARK = `
  update terminal set
    safe_seq = case when marked_on = database_timeline() then marked_seq else safe_seq end,
    marked_seq = last_seq, marked_lsn = pg_current_wal_insert_lsn(), marked_on = database_timeline()
  where company_id = $1 and terminal_id = $2
    and (marked_on is distinct from database_timeline() or marked_lsn <= safe_lsn($3))
  returning safe_seq`;

/** Refuses to start with a policy that PostgreSQL cannot tell about. @throws ConfigError */
export async function requireSafe(db: Db, safe: Safe): Promise<void> {
  if (safe === 'committed') return;
  const [found] = await withoutCompany(db, async (client) => {
    const read = await client.query<{ archive_mode: string; owner: string; may_look: boolean }>(
      `select current_setting('archive_mode') as archive_mode, pg_get_userbyid(proowner) as owner,
         pg_has_role(proowner, 'pg_monitor', 'usage') as may_look
       from pg_proc where oid = 'safe_lsn(text)'::regprocedure`,
    );
    return read.rows;
  });
  if (!found?.may_look) {
    throw new ConfigError(
      `TILLDOCK_SAFE: ${safe} needs a superuser to say: grant pg_monitor to ${found?.owner}`,
    );
  }
  if (safe === 'archived' && found.archive_mode === 'off') {
    throw new ConfigError('TILLDOCK_SAFE: archived needs archive_mode = on in PostgreSQL');
  }
}

/** Bytes of WAL that are kept nowhere else; not a number where nobody can tell. */
export const measureUnsafe = (db: Db, safe: Safe): Promise<number> =>
  withoutCompany(db, async (client) => {
    const { rows: read } = await client.query<{ bytes: number | null }>(
      'select (pg_current_wal_insert_lsn() - safe_lsn($1))::float8 as bytes',
      [safe],
    );
    return read[0]?.bytes ?? Number.NaN;
  });
