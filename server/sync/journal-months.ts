import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { type Db, sqlState, withoutCompany } from '../db.ts';

/** So many months of the journal are made before they begin: time to notice that nobody makes any. */
export const MONTHS_AHEAD = 3;
/** Each takes up to two seconds where others work with the table. */
const MOST_TRIES = 5;
/** lock_not_available and deadlock_detected: others work with the table. */
const IN_THE_WAY = new Set(['55P03', '40P01']);

/** The two tables that are partitioned, the bodies first: each is a transaction, so that nobody waits for both. */
const TABLES = ['journal_batch', 'journal'] as const;

/** How far the journal's months are made. */
export type JournalOutlook = {
  /** Months after this one; -1 where this one is missing. */
  readonly months_ahead: number;
  /** Rows that no month took; more than 2000 are not counted. */
  readonly rest_rows: number;
};

/** Whether months could not be made because others worked with the journal all the while. */
export const isInTheWay = (error: unknown): boolean => IN_THE_WAY.has(sqlState(error) ?? '');

type Run = (sql: string, values: unknown[]) => Promise<pg.QueryResult<{ made: number }>>;

/**
 * Makes the months that are missing, and takes rows of months that were made too late, or that a wrong clock named, to
 * where they belong. Any number of processes may, at any time. Returns how many partitions were made.
 * @throws what `isInTheWay` knows, where a table could not be had within ten seconds: try again later
 */
export async function keepJournalMonths(run: Run): Promise<number> {
  let made = 0;
  for (const table of TABLES) made += await tryOften(() => keep(run, table));
  return made;
}

/** The same as the server's role, which may do it by this function of the owner's alone. */
export const keepMonthsOf = (db: Db): Promise<number> =>
  keepJournalMonths((sql, values) => withoutCompany(db, (client) => client.query(sql, values)));

export const readJournalOutlook = (db: Db): Promise<JournalOutlook> =>
  withoutCompany(db, async (client) => {
    const { rows } = await client.query<JournalOutlook>('select * from journal_outlook()');
    const [outlook] = rows;
    if (!outlook) throw new Error('journal_outlook() has no row');
    return outlook;
  });

/** Whether somebody ought to see why nobody makes months, or why there are rows that no month took. */
export const isOutlookPoor = ({ months_ahead, rest_rows }: JournalOutlook): boolean =>
  months_ahead < MONTHS_AHEAD - 1 || rest_rows > 0;

async function keep(run: Run, table: (typeof TABLES)[number]): Promise<number> {
  const { rows } = await run('select keep_journal_months($1, $2) as made', [table, MONTHS_AHEAD]);
  return rows[0]?.made ?? 0;
}

async function tryOften<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === MOST_TRIES || !isInTheWay(error)) throw error;
      await pause(Math.random() * 100 * attempt);
    }
  }
}
