import { expect } from 'vitest';
import { openLedger } from '../../src-main/data/open.ts';
import { auditLedger } from '../unit/data/audit.ts';
import type { Promises } from './trader.ts';

/** Asks the centre of one company; ids of terminals are all of that company's. */
export type Query = <Row extends Record<string, unknown>>(sql: string) => Promise<Row[]>;

/**
 * Compares the whole of a till's books with the centre's and with what replies said: every operation once and in one
 * chain, every ticket, every move, every level, every Z report; nothing flagged and nothing set aside.
 * @param folder of the till, whose process is not running
 */
export async function compareBooks(folder: string, query: Query, promises: Promises): Promise<void> {
  const opened = openLedger(folder, new Date().toISOString());
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  const { ledger } = opened;
  try {
    const tickets = auditLedger(ledger);
    const told = [...promises.tickets.values()];
    expect(tickets.map((ticket) => ticket.ticket_id).sort()).toEqual(
      told.map((ticket) => ticket.ticket_id).sort(),
    );
    const of = <Row>(sql: string) => ledger.prepare<[], Row>(sql).all();
    expect(await query('select seq, op_id::text, kind, hash from journal order by seq')).toEqual(
      of('SELECT seq, op_id, kind, hash FROM operation ORDER BY seq'),
    );
    expect(await query('select ticket_id, hash, total_minor, receipt_number from ticket order by 1')).toEqual(
      told
        .map(({ ticket_id, ticket_hash, total_minor, receipt_number }) => ({
          ...{ ticket_id, hash: ticket_hash, total_minor, receipt_number },
        }))
        .sort((left, right) => (left.ticket_id < right.ticket_id ? -1 : 1)),
    );
    const moves = 'select move_id, kind, variant_id, quantity_milli from stock_move order by move_id';
    expect(await query(moves)).toEqual(of(moves));
    const levels = 'select variant_id, quantity_milli from stock_level order by variant_id';
    const kept = of<{ variant_id: string; quantity_milli: number }>(levels);
    expect(await query(levels.replace('quantity_milli', 'quantity_milli::bigint'))).toEqual(kept);
    expect(
      await query(
        'select variant_id, sum(quantity_milli)::bigint as quantity_milli from stock_move group by 1 order by 1',
      ),
    ).toEqual(kept);
    const aborted = of<{ ticket_id: string }>('SELECT ticket_id FROM ticket_aborted ORDER BY 1');
    expect(aborted.map((row) => row.ticket_id)).toEqual([...promises.aborted].sort());
    const adjusted = of<{ adjustment_id: string }>('SELECT adjustment_id FROM adjustment ORDER BY 1');
    expect(adjusted.map((row) => row.adjustment_id)).toEqual([...promises.adjusted].sort());
    await compareDays(query, promises);
    await nothingAmiss(query);
  } finally {
    ledger.close();
  }
}

async function compareDays(query: Query, { opened, closed }: Promises): Promise<void> {
  const days = await query<{ day_id: string; z: unknown; z_agrees: boolean | null }>(
    'select day_id, z, z_agrees from sales_day order by day_id',
  );
  expect(days.map((day) => day.day_id)).toEqual([...opened].sort());
  for (const [day_id, z] of closed) {
    expect(days.find((day) => day.day_id === day_id)).toEqual({ day_id, z, z_agrees: true });
  }
}

/** Nothing was flagged, set aside or handed in as another history. */
export async function nothingAmiss(query: Query): Promise<void> {
  expect(await query("select seq, verdict, code, detail from journal where verdict <> 'applied'")).toEqual(
    [],
  );
  expect(await query('select code, seq, detail from exception')).toEqual([]);
  expect(await query('select first_seq from journal_branch')).toEqual([]);
}
