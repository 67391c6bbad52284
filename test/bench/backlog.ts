import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { UserId } from '#shared/ids.ts';
import { movesOfTicket } from '#shared/stock/move.ts';
import { pick, seededRandom } from '../../demo/random.ts';
import { systemClock } from '../../src-main/data/clock.ts';
import { openLedger } from '../../src-main/data/open.ts';
import { requireTerminal } from '../../src-main/data/people/terminal.ts';
import { insertDay } from '../../src-main/data/sales/day-store.ts';
import { insertTicket } from '../../src-main/data/sales/ticket-store.ts';
import { insertMoves } from '../../src-main/data/stock/moves.ts';
import { record } from '../../src-main/data/sync/record.ts';
import { shift } from '../support/tickets.ts';

/**
 * Fills the ledger of an enrolled till, whose process is not running, with tickets of four lines that wait to
 * be sent: through the till's own recording, but not synced to the disk one by one.
 */
export function fillBacklog(
  folder: string,
  user: UserId,
  variants: readonly string[],
  tickets: number,
): void {
  const opened = openLedger(folder, new Date().toISOString());
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  const { ledger } = opened;
  const catalog = new Database(join(folder, 'catalog.db'), { readonly: true });
  const terminal = requireTerminal({ ledger, catalog: catalog as never });
  const random = seededRandom(3);
  const clock = systemClock();
  const at = new Date().toISOString();
  const day = shift(terminal, user);
  ledger.transaction(() => {
    const about = { user_id: user, occurred_at: at };
    record(ledger, clock, terminal, { kind: 'day.opened', body: day.opened, ...about });
    insertDay(ledger, { ...day.opened, opened_at: at, opened_by: user }, null);
    for (let index = 0; index < tickets; index += 1) {
      const lines = Array.from({ length: 4 }, () => ({
        variant_id: variants[pick(random, variants.length)] ?? '',
      }));
      const body = day.ticket({ lines });
      const seq = record(ledger, clock, terminal, { kind: 'ticket.completed', body, ...about });
      insertTicket(ledger, seq, body.ticket, body.ticket_hash);
      insertMoves(ledger, seq, movesOfTicket(body.ticket.lines));
    }
  })();
  catalog.close();
  ledger.close();
}
