import Database from 'better-sqlite3';
import type { DayId, UserId } from '#shared/ids.ts';
import { movesOfTicket } from '#shared/stock/move.ts';
import { pick, seededRandom } from '../../demo/random.ts';
import { catalogPath } from '../../src-main/data/catalog-files.ts';
import { systemClock } from '../../src-main/data/clock.ts';
import { openLedger } from '../../src-main/data/open.ts';
import { requireTerminal } from '../../src-main/data/people/terminal.ts';
import { insertDay } from '../../src-main/data/sales/day-store.ts';
import { insertTicket } from '../../src-main/data/sales/ticket-store.ts';
import { insertMoves } from '../../src-main/data/stock/moves.ts';
import { record } from '../../src-main/data/sync/record.ts';
import { shift } from './tickets.ts';

/** What waits in a ledger that was filled: one opening, and so many tickets. */
export type Backlog = { readonly day_id: DayId; readonly operations: number; readonly total_minor: number };

/**
 * Fills the ledger of an enrolled till, whose process is not running and which has no open day, with a day's opening and
 * tickets that wait to be sent: each through the till's own recording, with its rows and its place in both chains,
 * but not synced to the disk one by one. About 0.25 ms for a ticket of four lines.
 */
export function fillBacklog(
  folder: string,
  user: UserId,
  variants: readonly string[],
  { tickets, lines = 4 }: { tickets: number; lines?: number },
): Backlog {
  const opened = openLedger(folder, new Date().toISOString());
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  const { ledger } = opened;
  const catalog = new Database(catalogPath(folder), { readonly: true });
  const terminal = requireTerminal({ ledger, catalog: catalog as never });
  const random = seededRandom(3);
  const clock = systemClock();
  const at = new Date().toISOString();
  const day = shift(terminal, user);
  let total_minor = 0;
  ledger.transaction(() => {
    const about = { user_id: user, occurred_at: at };
    record(ledger, clock, terminal, { kind: 'day.opened', body: day.opened, ...about });
    insertDay(ledger, { ...day.opened, opened_at: at, opened_by: user }, null);
    for (let index = 0; index < tickets; index += 1) {
      const body = day.ticket({
        lines: Array.from({ length: lines }, () => ({
          variant_id: variants[pick(random, variants.length)] ?? '',
        })),
      });
      const seq = record(ledger, clock, terminal, { kind: 'ticket.completed', body, ...about });
      insertTicket(ledger, seq, body.ticket, body.ticket_hash);
      insertMoves(ledger, seq, movesOfTicket(body.ticket.lines));
      total_minor += body.ticket.total_minor;
    }
  })();
  catalog.close();
  ledger.close();
  return { day_id: day.day_id, operations: tickets + 1, total_minor };
}
