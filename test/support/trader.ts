import { setTimeout as pause } from 'node:timers/promises';
import { ORPCError } from '@orpc/client';
import { v7 as uuid } from 'uuid';
import type { Approval } from '#shared/contract/till.ts';
import {
  adjustmentIdSchema,
  type DayId,
  dayIdSchema,
  lineIdSchema,
  type TicketId,
  ticketIdSchema,
} from '#shared/ids.ts';
import type { ZReport } from '#shared/sales/day.ts';
import { minor } from '#shared/sales/money.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { stockAdjustedSchema } from '#shared/stock/operations.ts';
import { milli } from '#shared/stock/quantity.ts';
import { pick, type Random } from '../../demo/random.ts';
import type { TillClient } from '../../src-main/data/client.ts';
import type { TestTill } from './till.ts';

/** What replies of the till said was done, written down at the moment of each reply. */
export type Promises = {
  readonly tickets: Map<TicketId, IssuedTicket>;
  readonly aborted: TicketId[];
  readonly adjusted: string[];
  readonly opened: DayId[];
  readonly closed: Map<DayId, ZReport>;
};

/** Somebody who does business at a till without end, and asks again with the same ids where no reply came. */
export type Trader = {
  readonly promises: Promises;
  /** One more thing: mostly a sale; a refund, a cart given up, a correction of stock, an evening and a morning. */
  readonly trade: () => Promise<void>;
  readonly sell: () => Promise<IssuedTicket>;
  readonly adjust: () => Promise<void>;
  readonly openDay: () => Promise<void>;
  readonly closeDay: () => Promise<ZReport>;
  readonly refusals: string[];
};

/** Goods of the catalogue, by the code that is scanned. */
export type Good = { readonly code: string; readonly variant_id: string };

/** @param approval the PIN of whoever is signed in, or of somebody else: refunds want one */
export function trader(
  till: TestTill,
  goods: readonly Good[],
  { random, approval }: { random: Random; approval: Approval },
): Trader {
  const promises: Promises = {
    tickets: new Map(),
    aborted: [],
    adjusted: [],
    opened: [],
    closed: new Map(),
  };
  const refusals: string[] = [];

  /** Asks until there is an answer, as a screen does over a data process that dies and comes back. */
  async function insist<Reply>(call: (client: TillClient) => Promise<Reply>): Promise<Reply> {
    for (;;) {
      try {
        return await call(till.till);
      } catch (error) {
        if (error instanceof ORPCError && error.code === 'REFUSED') {
          refusals.push(error.message);
          throw error;
        }
        await pause(5);
      }
    }
  }
  const good = (): Good => {
    const found = goods[pick(random, goods.length)];
    if (!found) throw new Error('there are no goods');
    return found;
  };
  const someLines = () =>
    Array.from({ length: 1 + pick(random, 3) }, () => ({
      line_id: lineIdSchema.parse(uuid()),
      item: { code: good().code },
      quantity_milli: milli(1000 * (1 + pick(random, 3))),
    }));

  async function ring(kind: 'sale' | 'refund') {
    const ticket_id = ticketIdSchema.parse(uuid());
    const consent = kind === 'refund' ? { approval } : {};
    await insist(({ sales }) => sales.startCart({ ticket_id, kind, ...consent }));
    let total = 0;
    for (const line of someLines()) {
      const cart = await insist(({ sales }) => sales.addLine({ ticket_id, ...line }));
      total = cart.total_minor;
    }
    return { ticket_id, total };
  }

  async function pay(kind: 'sale' | 'refund'): Promise<IssuedTicket> {
    const { ticket_id, total } = await ring(kind);
    const payment_type = kind === 'sale' && random() < 0.3 ? 'CARD' : 'CASH';
    const tenders = [{ payment_type, amount_minor: minor(total) }];
    const ticket = await insist(({ sales }) => sales.completeTicket({ ticket_id, tenders }));
    promises.tickets.set(ticket_id, ticket);
    return ticket;
  }

  async function giveUp(): Promise<void> {
    const { ticket_id } = await ring('sale');
    await insist(({ sales }) => sales.abortCart({ ticket_id, reason: 'The customer left' }));
    promises.aborted.push(ticket_id);
  }

  async function adjust(): Promise<void> {
    const { variant_id, code } = good();
    const asked = stockAdjustedSchema.parse({
      adjustment_id: adjustmentIdSchema.parse(uuid()),
      reason: 'Counted',
      lines: [{ line_id: uuid(), variant_id, sku: code, quantity_milli: 1000 * (pick(random, 9) - 4 || 1) }],
    });
    // A till that has not heard from the office for long asks for a PIN even of who may.
    await insist(({ stock }) => stock.adjust({ ...asked, approval }));
    promises.adjusted.push(asked.adjustment_id);
  }

  async function openDay(): Promise<void> {
    const day_id = dayIdSchema.parse(uuid());
    await insist(({ sales }) => sales.openDay({ day_id, float_minor: minor(10_000) }));
    promises.opened.push(day_id);
  }

  async function closeDay(): Promise<ZReport> {
    const day_id = promises.opened.at(-1);
    if (!day_id) throw new Error('no day was opened');
    const counted_minor = minor(10_000 + pick(random, 5000));
    const z = await insist(({ sales }) => sales.closeDay({ day_id, counted_minor, reason: 'Counted once' }));
    promises.closed.set(day_id, z);
    return z;
  }

  async function trade(): Promise<void> {
    const dice = random();
    if (dice < 0.75) await pay('sale');
    else if (dice < 0.82) await pay('refund');
    else if (dice < 0.9) await giveUp();
    else if (dice < 0.97) await adjust();
    else {
      await closeDay();
      await openDay();
    }
  }

  return { promises, refusals, trade, sell: () => pay('sale'), adjust, openDay, closeDay };
}
