import { join } from 'node:path';
import Database from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import type { Item } from '#shared/catalogue/item.ts';
import { dayIdSchema, lineIdSchema, terminalIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { ONE } from '#shared/stock/quantity.ts';
import { insertTerminal } from '../../src-main/data/people/terminal.ts';
import { addLine } from '../../src-main/data/sales/cart-lines.ts';
import { completeTicket } from '../../src-main/data/sales/complete-ticket.ts';
import { openDay } from '../../src-main/data/sales/open-day.ts';
import { startCart } from '../../src-main/data/sales/start-cart.ts';
import { type Described, measure, percentile, timed } from './measure.ts';
import { type BenchTill, LOCATION } from './stage.ts';

const TICKETS = 1000;
const LINES = 4;
/** The tables that one ticket writes to, in the order in which it does. */
const TABLES = ['operation', 'ticket', 'ticket_line', 'ticket_tax', 'tender', 'stock_move'];

/**
 * Paying a ticket of four lines: everything that is on the disk when the drawer opens, in one durable commit,
 * against the same rows written by bare statements into bare tables, durable as well.
 */
export function benchCommit(bench: BenchTill, items: readonly Item[]): Described[] {
  const { till, folder, user } = bench;
  const at = new Date().toISOString();
  const terminal_id = terminalIdSchema.parse(uuid());
  const enrolled = { terminal_id, terminal_code: 'T1', epoch: 1, location: LOCATION };
  insertTerminal(till.ledger, { ...enrolled, name: 'Bench', server_url: 'http://127.0.0.1' }, at);
  const actor = { user, approver: null };
  openDay(till, actor, { day_id: dayIdSchema.parse(uuid()), float_minor: minor(0) });
  const paid: number[] = [];
  for (let index = 0; index < TICKETS; index += 1) {
    const ticket_id = ticketIdSchema.parse(uuid());
    let cart = startCart(till, actor, { ticket_id, kind: 'sale' });
    for (let line = 0; line < LINES; line += 1) {
      const item = items[(index * LINES + line) % items.length];
      if (!item) throw new Error('no items');
      const line_id = lineIdSchema.parse(uuid());
      cart = addLine(till, actor, {
        ticket_id,
        line_id,
        item: { variant_id: item.variant_id },
        quantity_milli: ONE,
      });
    }
    const tenders = [{ payment_type: 'CASH', amount_minor: cart.total_minor }];
    paid.push(...timed(1, () => completeTicket(till, actor, { ticket_id, tenders })));
  }
  return [
    measure(
      'ticket.commit.p50',
      'ms',
      { value: percentile(paid, 0.5), limit: percentile(rawCommits(bench, folder), 0.5) },
      { against: 'the same rows by bare statements, synchronous=FULL', goal: 'ratio ≤ 1.5' },
    ),
    measure(
      'ticket.commit.p99',
      'ms',
      { value: percentile(paid, 0.99), limit: percentile(rawCommits(bench, folder), 0.99) },
      { against: 'the same rows by bare statements, synchronous=FULL', goal: 'none set' },
    ),
  ];
}

/** Milliseconds of each ticket's rows, written again into tables with the same columns and indexes. */
function rawCommits({ till: { ledger } }: BenchTill, folder: string): number[] {
  const raw = new Database(join(folder, `raw-${uuid()}.db`));
  raw.pragma('journal_mode = WAL');
  raw.pragma('synchronous = FULL');
  const ddl = ledger
    .prepare<[], { sql: string }>(
      "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rootpage",
    )
    .all();
  for (const { sql } of ddl) raw.exec(sql);
  raw.pragma('foreign_keys = OFF');
  const writers = TABLES.map((table) => {
    const columns = ledger.prepare(`SELECT * FROM ${table} LIMIT 0`).columns().length;
    return {
      table,
      insert: raw.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')})`),
      rows: ledger.prepare<[number]>(`SELECT * FROM ${table} WHERE seq = ?`).raw(),
    };
  });
  const level = raw.prepare(
    'INSERT INTO stock_level VALUES (?, ?) ON CONFLICT DO UPDATE SET quantity_milli = quantity_milli + excluded.quantity_milli',
  );
  const tickets = ledger.prepare<[], { seq: number }>('SELECT seq FROM ticket ORDER BY seq').all();
  const prepared = tickets.map(({ seq }) => ({
    rows: writers.map(({ insert, rows }) => ({ insert, rows: rows.all(seq) as unknown[][] })),
    moves: ledger
      .prepare<[number], { variant_id: string; quantity_milli: number }>(
        'SELECT variant_id, quantity_milli FROM stock_move WHERE seq = ?',
      )
      .all(seq),
  }));
  const write = raw.transaction((ticket: (typeof prepared)[number]) => {
    for (const { insert, rows } of ticket.rows) for (const row of rows) insert.run(...row);
    for (const move of ticket.moves) level.run(move.variant_id, move.quantity_milli);
  });
  const samples = timed(prepared.length, (index) => {
    const ticket = prepared[index];
    if (ticket) write(ticket);
  });
  raw.close();
  return samples;
}
