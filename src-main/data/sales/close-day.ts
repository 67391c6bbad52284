import type { DayId } from '#shared/ids.ts';
import { balanceDrawer, type CashCount, type ZReport } from '#shared/sales/day.ts';
import { type Minor, minor } from '#shared/sales/money.ts';
import { nowOf } from '../clock.ts';
import { type Actor, approverFor } from '../people/authorise.ts';
import { requireTerminal } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { record } from '../sync/record.ts';
import { unsentCount } from '../sync/sync-state.ts';
import { commit, type Till } from '../till.ts';
import { deleteCart, heldCarts, openCart } from './cart-store.ts';
import { dayById, lastClosing, storeClosing } from './day-store.ts';
import { daySums } from './day-sums.ts';
import { checkCount } from './open-day.ts';
import { checkAmount, withinRange } from './price-cart.ts';
import { perpetualTotal } from './ticket-store.ts';

export type DayClosing = {
  day_id: DayId;
  counted_minor: Minor;
  count?: CashCount | undefined;
  reason?: string | undefined;
};

/**
 * Closes the sales day: the drawer as it was counted, blind, and the Z report, in one commit. Any amount can be
 * closed; over and short are recorded. A repeated call answers with the report that was made.
 */
export const closeDay = (till: Till, actor: Actor, asked: DayClosing): ZReport =>
  commit(till, () => {
    const day = dayById(till.ledger, asked.day_id);
    if (!day) throw refused('day_unknown', 'There is no such sales day on this till.', 'day_id');
    if (day.z !== null) {
      if (day.counted_minor === asked.counted_minor) return JSON.parse(day.z) as ZReport;
      throw refused('day_already_closed', 'This day is already closed; its count stands.', 'counted_minor');
    }
    const terminal = requireTerminal(till);
    const approver = approverFor(till, actor, 'day.operate');
    clearCarts(till);
    checkAmount(asked.counted_minor, 'counted_minor');
    checkCount(asked.count, asked.counted_minor, 'counted_minor');
    const sums = daySums(till.ledger, day.day_id);
    const at = nowOf(till.clock);
    const z: ZReport = {
      day_id: day.day_id,
      z_number: (lastClosing(till.ledger)?.z_number ?? 0) + 1,
      business_date: day.business_date,
      currency: day.currency,
      opened_at: day.opened_at,
      closed_at: at,
      opened_by: day.opened_by,
      closed_by: actor.user.user_id,
      sums,
      drawer: withinRange(() => balanceDrawer(day.float_minor, sums, asked.counted_minor)),
      perpetual_minor: minor(perpetualTotal(till.ledger, day.currency)),
      unsent: unsentCount(till.ledger),
    };
    const { count, reason } = asked;
    record(till.ledger, till.clock, terminal, {
      kind: 'day.closed',
      user_id: actor.user.user_id,
      approver_id: approver,
      occurred_at: at,
      body: { z, ...(count ? { count } : {}), ...(reason === undefined ? {} : { reason }) },
    });
    storeClosing(till.ledger, z, count ? JSON.stringify(count) : null, reason ?? null);
    return z;
  });

/** Every ticket must be finished first. A cart that nothing was rung in is no ticket: it goes silently. */
function clearCarts(till: Till): void {
  const open = openCart(till.ledger);
  const held = heldCarts(till.ledger).length;
  if (held > 0 || (open && open.lines.length > 0)) {
    const what = open && open.lines.length > 0 ? 'A ticket is still open' : 'Tickets are on hold';
    throw refused('carts_open', `${what}. Finish or give up every ticket, then close the day.`);
  }
  if (open) deleteCart(till.ledger, open.head.ticket_id);
}
