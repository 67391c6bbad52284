import type { Day } from '#shared/contract/till.ts';
import type { DayId } from '#shared/ids.ts';
import { type CashCount, countedTotal } from '#shared/sales/day.ts';
import { type Minor, minor } from '#shared/sales/money.ts';
import { businessDate } from '#shared/sales/zone.ts';
import { nowOf } from '../clock.ts';
import { type Actor, approverFor } from '../people/authorise.ts';
import { requireInService, settleAt } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { record } from '../sync/record.ts';
import { commit, type Till } from '../till.ts';
import { dayById, insertDay, lastClosing, openDayOf, type StoredDay } from './day-store.ts';
import { checkAmount, withinRange } from './price-cart.ts';

export type DayOpening = { day_id: DayId; float_minor: Minor; count?: CashCount | undefined };

/** Opens the sales day with the float that was counted into the drawer. A repeated call answers the same. */
export const openDay = (till: Till, actor: Actor, asked: DayOpening): Day =>
  commit(till, () => {
    const count = asked.count ? JSON.stringify(asked.count) : null;
    const known = dayById(till.ledger, asked.day_id);
    if (known) return sameOpening(known, asked, count);
    const terminal = requireInService(till);
    const approver = approverFor(till, actor, 'day.operate');
    if (openDayOf(till.ledger)) {
      throw refused('day_already_open', 'A sales day is open on this till. Close it first.');
    }
    checkAmount(asked.float_minor, 'float_minor');
    checkCount(asked.count, asked.float_minor, 'float_minor');
    const { zone, day_change_hour, currency } = terminal.location;
    const at = nowOf(till.clock);
    const day = {
      day_id: asked.day_id,
      business_date: businessDate(at, zone, day_change_hour),
      currency,
      opened_at: at,
      opened_by: actor.user.user_id,
      float_minor: asked.float_minor,
    };
    const last = lastClosing(till.ledger);
    settleAt(till.ledger, terminal.location);
    insertDay(till.ledger, day, count);
    record(till.ledger, till.clock, terminal, {
      kind: 'day.opened',
      user_id: actor.user.user_id,
      approver_id: approver,
      occurred_at: at,
      body: {
        day_id: day.day_id,
        business_date: day.business_date,
        currency,
        float_minor: day.float_minor,
        ...(asked.count ? { count: asked.count } : {}),
        ...(last ? { last_counted_minor: minor(last.counted_minor) } : {}),
      },
    });
    return dayOf(day);
  });

/** Checks that notes and coins add up to the amount that was given with them. */
export function checkCount(count: CashCount | undefined, amount: Minor, field: string): void {
  if (count && withinRange(() => countedTotal(count)) !== amount) {
    throw refused('count_differs', 'The notes and coins do not add up to the amount. Count again.', field);
  }
}

export const dayOf = ({ day_id, business_date, opened_at, opened_by, float_minor }: Day): Day => ({
  day_id,
  business_date,
  opened_at,
  opened_by,
  float_minor,
});

function sameOpening(known: StoredDay, asked: DayOpening, count: string | null): Day {
  if (known.float_minor !== asked.float_minor || known.float_count !== count) {
    throw refused('id_reused', 'This day id was used before. Open the day again.', 'day_id');
  }
  return dayOf(known);
}
