import type { CompanyId } from '#shared/ids.ts';
import type { Db } from '../../server/db.ts';
import { elapsed } from './measure.ts';

/** The tables that a ticket of four lines comes to, with the column that names its ticket. */
const TABLES: readonly [string, string][] = [
  ['ticket', 'ticket_id'],
  ['ticket_line', 'ticket_id'],
  ['ticket_tax', 'ticket_id'],
  ['tender', 'ticket_id'],
  ['stock_move', 'group_id'],
];

/**
 * Tickets a second that PostgreSQL takes when nothing but rows is asked of it: the rows that a push has written,
 * copied by `INSERT … SELECT` into tables with the same columns and keys, without row-level security, triggers,
 * journal or levels, so many tickets a transaction.
 */
export async function rawTickets(db: Db, companyId: CompanyId, batch: number): Promise<number> {
  const client = await db.connect();
  try {
    await client.query(`set tilldock.company_id = '${companyId}'`);
    const found = await client.query<{ ticket_id: string }>(
      'select ticket_id from ticket where company_id = $1 order by ticket_id limit 10000',
      [companyId],
    );
    const ids = found.rows.map((row) => row.ticket_id);
    for (const [table, key] of TABLES) {
      await client.query(`drop table if exists raw_${table}, source_${table}`);
      await client.query(`create table raw_${table} (like ${table} including indexes)`);
      await client.query(
        `create temp table source_${table} as select * from ${table} where company_id = '${companyId}'`,
      );
      await client.query(`create index on source_${table} (${key})`);
      await client.query(`analyze source_${table}`);
    }
    const ms = await elapsed(async () => {
      for (let from = 0; from < ids.length; from += batch) {
        const between = [ids[from], ids[Math.min(from + batch, ids.length) - 1]];
        await client.query('begin');
        for (const [table, key] of TABLES) {
          const copy = `insert into raw_${table} select * from source_${table} where ${key} between $1 and $2`;
          await client.query(copy, between);
        }
        await client.query('commit');
      }
    });
    const tickets = ids.length;
    return (tickets / ms) * 1000;
  } finally {
    await client.query('reset all');
    client.release();
  }
}
