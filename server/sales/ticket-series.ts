import type { TerminalId } from '#shared/ids.ts';
import type { ToldSeries } from '#shared/sync/recovery.ts';
import { rows, type Tx } from '../db.ts';

/** Where the numbered chains of a terminal's tickets stand: a terminal that lost some goes on above them. */
export const readSeries = (tx: Tx, terminalId: TerminalId): Promise<ToldSeries[]> =>
  rows<ToldSeries>(
    tx,
    `select series, last_number, last_hash from ticket_series
     where company_id = $1 and terminal_id = $2 order by series`,
    [tx.company_id, terminalId],
  );
