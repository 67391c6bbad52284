import type { ToldSeries } from '#shared/sync/recovery.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';

const PUT = sql<never, [string, number, string]>(
  `INSERT INTO told_series (series, last_number, last_hash) VALUES (?, ?, ?)
   ON CONFLICT (series) DO UPDATE SET last_number = excluded.last_number, last_hash = excluded.last_hash
   WHERE excluded.last_number > told_series.last_number`,
);
const GET = sql<ToldSeries, [string]>(
  'SELECT series, last_number, last_hash FROM told_series WHERE series = ?',
);
const DROP = sql('DELETE FROM told_series');

/** Keeps how far the server says that numbered series of this terminal have gone. Inside the caller's transaction. */
export function keepSeries(ledger: Ledger, series: readonly ToldSeries[]): void {
  for (const { series: name, last_number, last_hash } of series)
    PUT(ledger).run(name, last_number, last_hash);
}

/** A terminal with another name has series of its own. Inside the caller's transaction. */
export const dropSeries = (ledger: Ledger): void => {
  DROP(ledger).run();
};

/** How far the server says that a series has gone, where it ever said so. */
export const toldSeries = (ledger: Ledger, series: string): ToldSeries | undefined => GET(ledger).get(series);
