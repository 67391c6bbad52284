import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany, rows } from '../server/db.ts';

/** What one side's books say, read from its own files and by nothing that wrote them. */
export type Books = {
  /** Ticket ids with their totals in minor units. */
  readonly tickets: ReadonlyMap<string, { total_minor: number; currency: string; receipt_number: string }>;
  readonly moves: ReadonlyMap<string, number>;
  /** Thousandths in stock per variant. */
  readonly levels: ReadonlyMap<string, number>;
};

type TicketRow = { ticket_id: string; total_minor: number; currency: string; receipt_number: string };
type MoveRow = { move_id: string; quantity_milli: number };
type LevelRow = { variant_id: string; quantity_milli: number };

/** The till's books, from its ledger file. */
export function readTillBooks(folder: string): Books {
  const ledger = new Database(join(folder, 'ledger.db'), { readonly: true, fileMustExist: true });
  try {
    return books(
      ledger
        .prepare<[], TicketRow>('SELECT ticket_id, total_minor, currency, receipt_number FROM ticket')
        .all(),
      ledger.prepare<[], MoveRow>('SELECT move_id, quantity_milli FROM stock_move').all(),
      ledger.prepare<[], LevelRow>('SELECT variant_id, quantity_milli FROM stock_level').all(),
    );
  } finally {
    ledger.close();
  }
}

/** The centre's books, from PostgreSQL. */
export const readCentralBooks = (db: Db, companyId: CompanyId): Promise<Books> =>
  inCompany(db, companyId, async (tx) =>
    books(
      await rows<TicketRow>(tx, 'select ticket_id, total_minor, currency, receipt_number from ticket'),
      await rows<MoveRow>(tx, 'select move_id, quantity_milli from stock_move'),
      await rows<LevelRow>(tx, 'select variant_id, quantity_milli::bigint from stock_level'),
    ),
  );

/** Closed days at the centre, and those whose Z report it could not confirm. */
export const readDays = (db: Db, companyId: CompanyId): Promise<{ closed: number; z_mismatches: number }> =>
  inCompany(db, companyId, async (tx) => {
    const [row] = await rows<{ closed: number; z_mismatches: number }>(
      tx,
      `select count(*) filter (where closed_at is not null)::integer as closed,
         count(*) filter (where not z_agrees)::integer as z_mismatches
       from sales_day`,
    );
    return row ?? { closed: 0, z_mismatches: 0 };
  });

/** Keys of either side whose values differ, or that only one side has. */
export function mismatches(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number {
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].filter((key) => (left.get(key) ?? 0) !== (right.get(key) ?? 0)).length;
}

/** Sums of all tickets per currency, refunds being negative. */
export function totalsOf(side: Books): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { currency, total_minor } of side.tickets.values()) {
    totals.set(currency, (totals.get(currency) ?? 0) + total_minor);
  }
  return totals;
}

const books = (tickets: TicketRow[], moves: MoveRow[], levels: LevelRow[]): Books => ({
  tickets: new Map(tickets.map((row) => [row.ticket_id, row])),
  moves: new Map(moves.map((row) => [row.move_id, row.quantity_milli])),
  levels: new Map(levels.map((row) => [row.variant_id, row.quantity_milli])),
});
