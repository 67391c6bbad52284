import { ORPCError } from '@orpc/server';
import { v7 as uuid } from 'uuid';
import {
  adjustmentIdSchema,
  type DayId,
  dayIdSchema,
  lineIdSchema,
  type TicketId,
  ticketIdSchema,
} from '#shared/ids.ts';
import type { CartView } from '#shared/sales/cart.ts';
import type { ZReport } from '#shared/sales/day.ts';
import { minor } from '#shared/sales/money.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { milli } from '#shared/stock/quantity.ts';
import type { Random } from '../../demo/random.ts';
import { between } from './chance.ts';
import type { Business } from './plan.ts';
import { type Actor, newActor, type Schedule } from './schedule.ts';
import type { Shop } from './shop.ts';
import type { Run, SimTill } from './till.ts';

/** What a screen was told was done: it must be there for ever. */
export type Promised = {
  readonly tickets: Map<TicketId, IssuedTicket>;
  readonly days: Set<DayId>;
  readonly closings: Map<DayId, ZReport>;
  readonly adjustments: Set<string>;
  readonly aborted: Set<TicketId>;
  /** Carts as they were shown last. */
  readonly carts: Map<TicketId, CartView>;
};

export type Cashier = {
  readonly till: SimTill;
  readonly shop: Shop;
  readonly promised: Promised;
  /** Puts something on the list of what is to be done. */
  readonly ask: (action: Business, random: Random) => void;
  readonly isIdle: () => boolean;
};

type Setting = {
  readonly till: SimTill;
  readonly shop: Shop;
  readonly schedule: Schedule;
  readonly tell: (what: string) => void;
  readonly complain: (what: string) => void;
};

type Answered<Value> = { ok: true; value: Value } | { ok: false; code: string };

/** A person at a till: does one thing after the other, and asks again where no answer came. */
export function newCashier(setting: Setting): Cashier {
  const { till, shop, schedule, tell } = setting;
  const person: Actor = newActor(`cashier of ${till.name}`);
  const promised: Promised = {
    tickets: new Map(),
    days: new Set(),
    closings: new Map(),
    adjustments: new Set(),
    aborted: new Set(),
    carts: new Map(),
  };
  const list: { action: Business; random: Random }[] = [];
  let random: Random = Math.random;
  let busy = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      schedule.after(ms, person, () => resolve());
    });

  /** One call over the contract. Whoever gets no answer makes the same call again, once the till is back. */
  async function call<Value>(
    what: string,
    make: (client: Run['client']) => Promise<Value>,
  ): Promise<Answered<Value>> {
    for (;;) {
      const run = till.run();
      if (!run) {
        await pause(200);
        continue;
      }
      const outcome = await Promise.race([
        run.died.then(() => 'no answer' as const),
        new Promise<Answered<Value>>((resolve) => {
          schedule.after(between(random, 1, 60), run.actor, () => {
            make(run.client).then(
              (value) => resolve({ ok: true, value }),
              (error: unknown) => {
                if (!run.actor.alive) return;
                if (error instanceof ORPCError && error.code === 'REFUSED') {
                  resolve({ ok: false, code: (error.data as { code: string }).code });
                } else {
                  setting.complain(`${till.name} ${what}: ${String(error)}`);
                  resolve({ ok: false, code: 'failed' });
                }
              },
            );
          });
        }),
      ]);
      if (outcome === 'no answer') {
        tell(`${till.name} ${what}: no answer`);
        continue;
      }
      tell(`${till.name} ${what}: ${outcome.ok ? 'done' : outcome.code}`);
      return outcome;
    }
  }

  async function openDay(): Promise<boolean> {
    const now = await call('state', (client) => client.terminal.state());
    if (!now.ok) return false;
    if (now.value.day) return true;
    const day_id = dayIdSchema.parse(uuid());
    const opened = await call('open day', (client) =>
      client.sales.openDay({ day_id, float_minor: minor(10_000) }),
    );
    if (opened.ok) promised.days.add(day_id);
    return opened.ok;
  }

  const show = (answer: Answered<CartView>): boolean => {
    if (answer.ok) promised.carts.set(answer.value.ticket_id, answer.value);
    return answer.ok;
  };

  async function sell({ lines, pay: by, end }: Extract<Business, { do: 'sell' }>): Promise<void> {
    if (!(await openDay())) return;
    const ticket_id = ticketIdSchema.parse(uuid());
    if (!show(await call('start cart', (client) => client.sales.startCart({ ticket_id, kind: 'sale' }))))
      return;
    for (const { item, quantity } of lines) {
      await pause(between(random, 10, 200));
      const line_id = lineIdSchema.parse(uuid());
      const code = shop.items[item]?.code ?? '';
      const quantity_milli = milli(quantity * 1000);
      show(
        await call(`ring ${item}`, (client) =>
          client.sales.addLine({ ticket_id, line_id, item: { code }, quantity_milli }),
        ),
      );
    }
    await pause(between(random, 10, 300));
    if (end === 'hold') show(await call('hold', (client) => client.sales.holdCart({ ticket_id })));
    else if (end === 'give up') await giveUp(ticket_id);
    else await pay(ticket_id, by);
  }

  async function giveUp(ticket_id: TicketId): Promise<void> {
    const done = await call('give up', (client) => client.sales.abortCart({ ticket_id, reason: 'left' }));
    if (!done.ok) return;
    promised.aborted.add(ticket_id);
    promised.carts.delete(ticket_id);
  }

  async function pay(ticket_id: TicketId, by: 'cash' | 'card' | 'both'): Promise<void> {
    const due = promised.carts.get(ticket_id)?.total_minor ?? 0;
    const inCash = by === 'both' ? Math.trunc(due / 2) : due;
    const cash = {
      payment_type: 'CASH',
      amount_minor: minor(due > 0 ? Math.ceil(inCash / 500) * 500 : inCash),
    };
    const tenders =
      by === 'card' || due === 0
        ? [{ payment_type: 'CARD', amount_minor: minor(due) }]
        : by === 'cash'
          ? [cash]
          : [
              { payment_type: 'CARD', amount_minor: minor(due - inCash) },
              { payment_type: 'CASH', amount_minor: minor(inCash) },
            ];
    const paid = await call('pay', (client) => client.sales.completeTicket({ ticket_id, tenders }));
    if (!paid.ok) return giveUp(ticket_id);
    promised.tickets.set(ticket_id, paid.value);
    promised.carts.delete(ticket_id);
  }

  async function recall(): Promise<void> {
    const held = await call('held carts', (client) => client.sales.heldCarts());
    const [first] = held.ok ? held.value : [];
    if (!first) return;
    const { ticket_id } = first;
    if (show(await call('recall', (client) => client.sales.recallCart({ ticket_id }))))
      await pay(ticket_id, 'cash');
  }

  async function refund(place: number): Promise<void> {
    if (!(await openDay())) return;
    const sold = [...promised.tickets.values()].filter((ticket) => ticket.kind === 'sale');
    const original = sold[place % Math.max(1, sold.length)];
    const line = original?.lines[0];
    if (!original || !line) return;
    const ticket_id = ticketIdSchema.parse(uuid());
    const { receipt_number } = original;
    const started = await call('start refund', (client) =>
      client.sales.startCart({ ticket_id, kind: 'refund', original: { receipt_number } }),
    );
    if (!show(started)) return;
    const line_id = lineIdSchema.parse(uuid());
    const returned = await call('take back', (client) =>
      client.sales.addLine({
        ticket_id,
        line_id,
        item: { variant_id: line.variant_id },
        quantity_milli: milli(-1000),
        unit_price_micro: line.unit_price_micro,
      }),
    );
    if (show(returned)) await pay(ticket_id, 'cash');
    else await giveUp(ticket_id);
  }

  async function adjust(lines: Extract<Business, { do: 'adjust' }>['lines']): Promise<void> {
    const adjustment_id = adjustmentIdSchema.parse(uuid());
    const asked = lines.flatMap(({ item, quantity }, index) => {
      const known = shop.items[item];
      if (!known) return [];
      return {
        line_id: lineIdSchema.parse(uuid()),
        variant_id: known.variant_id,
        sku: `SKU-${item + 1}`,
        quantity_milli: milli(index % 2 === 0 ? quantity * 1000 : -1000),
      };
    });
    const done = await call('adjust', (client) =>
      client.stock.adjust({ adjustment_id, reason: 'counted', lines: asked }),
    );
    if (done.ok) promised.adjustments.add(adjustment_id);
  }

  async function closeDay(miscount: number): Promise<void> {
    const now = await call('state', (client) => client.terminal.state());
    if (!now.ok || !now.value.day) return;
    const { day_id } = now.value.day;
    const held = await call('held carts', (client) => client.sales.heldCarts());
    for (const cart of held.ok ? held.value : []) await giveUp(cart.ticket_id);
    const cash = [...promised.tickets.values()]
      .filter((ticket) => ticket.day_id === day_id)
      .flatMap((ticket) => ticket.tenders.filter(({ kind }) => kind === 'cash'))
      .reduce((sum, tender) => sum + tender.amount_minor, 0);
    const counted_minor = minor(Math.max(0, 10_000 + cash + miscount));
    const closed = await call('close day', (client) => client.sales.closeDay({ day_id, counted_minor }));
    if (closed.ok) promised.closings.set(day_id, closed.value);
  }

  function perform(action: Business): Promise<unknown> {
    switch (action.do) {
      case 'sell':
        return sell(action);
      case 'recall':
        return recall();
      case 'refund':
        return refund(action.ticket);
      case 'adjust':
        return adjust(action.lines);
      case 'close day':
        return closeDay(action.miscount);
      case 'synchronise':
        return call('synchronise', (client) => client.sync.run());
    }
  }

  async function work(): Promise<void> {
    for (let next = list.shift(); next; next = list.shift()) {
      random = next.random;
      await perform(next.action);
    }
    busy = false;
  }

  return {
    till,
    shop,
    promised,
    ask: (action, chance) => {
      list.push({ action, random: chance });
      if (busy) return;
      busy = true;
      schedule.after(0, person, () => {
        work().catch((error: unknown) => setting.complain(`${person.name}: ${String(error)}`));
      });
    },
    isIdle: () => !busy,
  };
}
