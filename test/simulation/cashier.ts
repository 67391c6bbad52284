import { v7 as uuid } from 'uuid';
import { adjustmentIdSchema, dayIdSchema, lineIdSchema, type TicketId, ticketIdSchema } from '#shared/ids.ts';
import type { CartView } from '#shared/sales/cart.ts';
import { minor } from '#shared/sales/money.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { milli } from '#shared/stock/quantity.ts';
import type { Random } from '../../demo/random.ts';
import { between } from './chance.ts';
import type { Find } from './invariants/names.ts';
import type { Business, Rung } from './plan.ts';
import { nothingPromised, type Promised } from './promised.ts';
import { newActor, type Schedule } from './schedule.ts';
import { type Answered, newScreen } from './screen.ts';
import type { Shop } from './shop.ts';
import type { SimTill } from './till.ts';

/** A person at a till: does one thing after the other. */
export type Cashier = {
  readonly till: SimTill;
  readonly shop: Shop;
  readonly promised: Promised;
  /** Puts something on the list of what is to be done. */
  readonly ask: (action: Business, random: Random) => void;
  readonly isIdle: () => boolean;
  /** Looks whether the till still knows what it knew. */
  readonly look: () => void;
  /** Lets go of where the till was: its files are others now. */
  readonly forget: () => void;
  /** How often an older copy of the files was put back. */
  copies: number;
  /** What the centre knew when that happened: it must be here again in the evening. */
  owed: Promised | null;
  /** Another machine that began with the same disk. */
  twin: Cashier | null;
};

/** Whether a till may have told another history than its files: an older copy was put back, or there are two. */
export const hasPast = ({ copies, twin }: Cashier): boolean => copies > 0 || twin !== null;

type Setting = {
  readonly till: SimTill;
  readonly shop: Shop;
  readonly schedule: Schedule;
  readonly tell: (what: string) => void;
  readonly find: Find;
  /** Of a till that has a past: what its screens were told before. */
  readonly promised?: Promised | undefined;
};

type Sale = Extract<Business, { do: 'sell' }>;

const FLOAT = 10_000;

export function newCashier(setting: Setting): Cashier {
  const { till, shop, schedule, find } = setting;
  const { call, pause, setPace, forget, look } = newScreen(setting);
  const promised = setting.promised ?? nothingPromised();
  const list: { action: Business; random: Random }[] = [];
  let busy = false;

  const show = (answer: Answered<CartView>): boolean => {
    if (answer.ok) promised.carts.set(answer.value.ticket_id, answer.value);
    return answer.ok;
  };

  async function openDay(): Promise<boolean> {
    const now = await call('looks', (client) => client.terminal.state());
    if (!now.ok) return false;
    if (now.value.day) return true;
    const day_id = dayIdSchema.parse(uuid());
    const opened = await call('opens the day', (client) =>
      client.sales.openDay({ day_id, float_minor: minor(FLOAT) }),
    );
    if (opened.ok) promised.days.add(day_id);
    return opened.ok;
  }

  async function sell({ times, ...sale }: Sale, random: Random): Promise<void> {
    for (let sold = 0; sold < times; sold += 1) await sellOnce(sale, random);
  }

  async function sellOnce({ lines, pay: by, end }: Omit<Sale, 'times'>, random: Random): Promise<void> {
    if (!(await openDay())) return;
    const ticket_id = ticketIdSchema.parse(uuid());
    if (!show(await call('starts', (client) => client.sales.startCart({ ticket_id, kind: 'sale' })))) return;
    for (const line of lines) {
      await pause(between(random, 5, 150));
      await ring(ticket_id, line);
    }
    await pause(between(random, 5, 200));
    if (end === 'hold') show(await call('holds', (client) => client.sales.holdCart({ ticket_id })));
    else if (end === 'give up') await giveUp(ticket_id);
    else await pay(ticket_id, by);
  }

  async function ring(ticket_id: TicketId, { item, quantity, price }: Rung): Promise<void> {
    const line_id = lineIdSchema.parse(uuid());
    const code = shop.items[item]?.code ?? '';
    const answer = await call(`rings ${item}`, (client) =>
      client.sales.addLine({ ticket_id, line_id, item: { code }, quantity_milli: milli(quantity * 1000) }),
    );
    if (!show(answer) || price === undefined) return;
    const changed = await call('changes the price', (client) =>
      client.sales.changeLine({ ticket_id, line_id, unit_price_micro: price }),
    );
    show(changed);
  }

  async function giveUp(ticket_id: TicketId): Promise<void> {
    const done = await call('gives up', (client) => client.sales.abortCart({ ticket_id, reason: 'left' }));
    if (!done.ok) return;
    promised.aborted.add(ticket_id);
    promised.carts.delete(ticket_id);
  }

  async function pay(ticket_id: TicketId, by: 'cash' | 'card' | 'both'): Promise<void> {
    const cart = promised.carts.get(ticket_id);
    const tenders = tendersFor(cart?.total_minor ?? 0, by);
    const paid = await call('pays', (client) => client.sales.completeTicket({ ticket_id, tenders }));
    if (!paid.ok) return giveUp(ticket_id);
    promised.tickets.set(ticket_id, paid.value);
    promised.carts.delete(ticket_id);
    const shown = cart?.lines.map((line) => line.unit_price_micro).join();
    const charged = paid.value.lines.map((line) => line.unit_price_micro).join();
    if (shown !== charged) {
      find('prices', `${till.name}: ${paid.value.receipt_number} charges ${charged} instead of ${shown}`);
    }
  }

  async function recall(): Promise<void> {
    const held = await call('looks at held carts', (client) => client.sales.heldCarts());
    const [first] = held.ok ? held.value : [];
    if (!first) return;
    const { ticket_id } = first;
    const recalled = await call('recalls', (client) => client.sales.recallCart({ ticket_id }));
    if (show(recalled)) await pay(ticket_id, 'cash');
  }

  async function refund(place: number): Promise<void> {
    if (!(await openDay())) return;
    const sold = [...promised.tickets.values()].filter((ticket) => ticket.kind === 'sale');
    const original = sold[place % Math.max(1, sold.length)];
    const line = original?.lines[0];
    if (!original || !line) return;
    const ticket_id = ticketIdSchema.parse(uuid());
    const { receipt_number } = original;
    const started = await call('starts a refund', (client) =>
      client.sales.startCart({ ticket_id, kind: 'refund', original: { receipt_number } }),
    );
    if (!show(started)) return;
    const line_id = lineIdSchema.parse(uuid());
    const { variant_id, unit_price_micro } = line;
    const returned = await call('takes back', (client) =>
      client.sales.addLine({
        ticket_id,
        line_id,
        item: { variant_id },
        quantity_milli: milli(-1000),
        unit_price_micro,
      }),
    );
    if (show(returned)) await pay(ticket_id, 'cash');
    else await giveUp(ticket_id);
  }

  async function adjust(lines: readonly Rung[]): Promise<void> {
    const adjustment_id = adjustmentIdSchema.parse(uuid());
    const asked = lines.flatMap(({ item, quantity }, index) => {
      const known = shop.items[item];
      if (!known) return [];
      return {
        line_id: lineIdSchema.parse(uuid()),
        variant_id: known.variant_id,
        sku: known.sku,
        quantity_milli: milli(index % 2 === 0 ? quantity * 1000 : -1000),
      };
    });
    const done = await call('corrects stock', (client) =>
      client.stock.adjust({ adjustment_id, reason: 'counted', lines: asked }),
    );
    if (done.ok) promised.adjustments.add(adjustment_id);
  }

  async function closeDay(miscount: number): Promise<void> {
    const now = await call('looks', (client) => client.terminal.state());
    if (!now.ok || !now.value.day) return;
    const { day_id } = now.value.day;
    const held = await call('looks at held carts', (client) => client.sales.heldCarts());
    for (const cart of held.ok ? held.value : []) await giveUp(cart.ticket_id);
    const cash = [...promised.tickets.values()]
      .filter((ticket) => ticket.day_id === day_id)
      .reduce((sum, ticket) => sum + cashIn(ticket), 0);
    const counted_minor = minor(Math.max(0, FLOAT + cash + miscount));
    const closed = await call('closes the day', (client) => client.sales.closeDay({ day_id, counted_minor }));
    if (closed.ok) promised.closings.set(day_id, closed.value);
  }

  function perform(action: Business, random: Random): Promise<unknown> {
    switch (action.do) {
      case 'sell':
        return sell(action, random);
      case 'recall':
        return recall();
      case 'refund':
        return refund(action.ticket);
      case 'adjust':
        return adjust(action.lines);
      case 'close day':
        return closeDay(action.miscount);
      case 'synchronise':
        return call('synchronises', (client) => client.sync.run());
    }
  }

  async function work(): Promise<void> {
    for (let next = list.shift(); next; next = list.shift()) {
      setPace(next.random);
      await perform(next.action, next.random);
    }
    busy = false;
  }

  return {
    till,
    shop,
    promised,
    ask: (action, random) => {
      list.push({ action, random });
      if (busy) return;
      busy = true;
      schedule.after(0, newActor(`cashier of ${till.name}`), () => {
        work().catch((error: unknown) => find('unforeseen', `cashier of ${till.name}: ${String(error)}`));
      });
    },
    isIdle: () => !busy,
    look,
    forget,
    copies: 0,
    owed: null,
    twin: null,
  };
}

function tendersFor(due: number, by: 'cash' | 'card' | 'both') {
  const half = Math.trunc(due / 2);
  const card = (amount: number) => ({ payment_type: 'CARD', amount_minor: minor(amount) });
  const cash = (amount: number) => ({ payment_type: 'CASH', amount_minor: minor(amount) });
  // Notes of 5.00: the rest is change.
  if (by === 'cash') return [cash(due > 0 ? Math.ceil(due / 500) * 500 : due)];
  return by === 'both' && half !== 0 ? [card(due - half), cash(half)] : [card(due)];
}

const cashIn = ({ tenders, change_minor }: IssuedTicket): number =>
  tenders
    .filter(({ kind }) => kind === 'cash')
    .reduce((sum, { amount_minor }) => sum + amount_minor, -change_minor);
