import { ORPCError } from '@orpc/client';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LineId, TicketId } from '#shared/ids.ts';
import { minor, ratePpm, unitPrice } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import type { Actor } from '../../../src-main/data/people/authorise.ts';
import { addLine, changeLine, removeLine } from '../../../src-main/data/sales/cart-lines.ts';
import { abortCart, discountCart, holdCart, recallCart } from '../../../src-main/data/sales/cart-state.ts';
import { cartById, openCart } from '../../../src-main/data/sales/cart-store.ts';
import { closeDay } from '../../../src-main/data/sales/close-day.ts';
import { completeTicket } from '../../../src-main/data/sales/complete-ticket.ts';
import { openDay } from '../../../src-main/data/sales/open-day.ts';
import { viewCart } from '../../../src-main/data/sales/price-cart.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { adjustStock } from '../../../src-main/data/stock/adjust.ts';
import { auditLedger } from './audit.ts';
import { newAdjustmentId, newDayId, newLineId, newTicketId, openShop, type Shop } from './shop.ts';

/** The ids that a screen would hold; small pools, so that ids are used again, rightly and wrongly. */
type World = {
  shop: Shop;
  actor: Actor;
  days: ReturnType<typeof newDayId>[];
  carts: TicketId[];
  lines: LineId[];
};
type Command = (world: World) => unknown;

const pick = <Value>(values: readonly Value[], index: number): Value => {
  const value = values[index % values.length];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};

const targetOf = ({ shop, carts }: World, cart: number | null): TicketId =>
  (cart === null ? openCart(shop.till.ledger)?.head.ticket_id : undefined) ?? pick(carts, cart ?? 0);

const index = fc.nat(5);
const quantity = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 9000 }) },
  { weight: 2, arbitrary: fc.integer({ min: -3000, max: -1 }) },
  { weight: 1, arbitrary: fc.constant(Number.MAX_SAFE_INTEGER) },
);
const price = fc.oneof(
  { weight: 5, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: -1e9, max: 1e9 }) },
);
/** Mostly the cart that is being rung, sometimes any other. */
const target = fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat(20) });
const discount = fc.oneof(
  fc.constant(null),
  fc.nat(1_000_000).map((rate) => ({ kind: 'percent' as const, rate_ppm: ratePpm(rate) })),
  fc.nat(2000).map((amount) => ({ kind: 'amount' as const, amount_minor: minor(amount) })),
);

const commands: fc.Arbitrary<Command>[] = [
  fc.nat(20).map((day) => (world) => {
    openDay(world.shop.till, world.actor, { day_id: pick(world.days, day), float_minor: minor(5000) });
  }),
  fc.tuple(fc.nat(20), fc.nat(20_000)).map(([day, counted]) => (world) => {
    closeDay(world.shop.till, world.actor, {
      day_id: pick(world.days, day),
      counted_minor: minor(counted),
    });
  }),
  fc
    .tuple(index, fc.constantFrom('sale' as const, 'sale' as const, 'refund' as const))
    .map(([cart, kind]) => (world) => {
      startCart(world.shop.till, world.actor, { ticket_id: pick(world.carts, cart), kind });
    }),
  ...Array(4).fill(
    fc.tuple(target, fc.nat(60), index, quantity, price).map(
      ([cart, line, item, pieces, micro]): Command =>
        (world) => {
          const { shop, actor, lines } = world;
          addLine(shop.till, actor, {
            ticket_id: targetOf(world, cart),
            line_id: pick(lines, line),
            item: { variant_id: pick([shop.heart, shop.lantern, shop.bread], item).variant_id },
            quantity_milli: milli(pieces),
            ...(micro === null ? {} : { unit_price_micro: unitPrice(micro) }),
          });
        },
    ),
  ),
  fc.tuple(target, fc.nat(60), quantity, discount).map(([cart, line, pieces, off]) => (world) => {
    const { shop, actor, lines } = world;
    changeLine(shop.till, actor, {
      ticket_id: targetOf(world, cart),
      line_id: pick(lines, line),
      quantity_milli: milli(pieces),
      discount: off,
    });
  }),
  fc.tuple(index, fc.nat(60)).map(([cart, line]) => ({ shop, actor, carts, lines }) => {
    removeLine(shop.till, actor, { ticket_id: pick(carts, cart), line_id: pick(lines, line) });
  }),
  fc.tuple(target, discount).map(([cart, off]) => (world) => {
    discountCart(world.shop.till, world.actor, { ticket_id: targetOf(world, cart), discount: off });
  }),
  index.map(
    (cart) =>
      ({ shop, actor, carts }) =>
        holdCart(shop.till, actor, { ticket_id: pick(carts, cart) }),
  ),
  fc.nat(20).map((cart) => ({ shop, actor, carts }) => {
    recallCart(shop.till, actor, { ticket_id: pick(carts, cart) });
  }),
  fc.nat(20).map((cart) => ({ shop, actor, carts }) => {
    abortCart(shop.till, actor, { ticket_id: pick(carts, cart), reason: 'left' });
  }),
  ...Array(3).fill(
    fc.tuple(fc.constantFrom('CASH', 'CARD'), fc.constantFrom(0, 0, 0, 500)).map(
      ([payment_type, over]): Command =>
        ({ shop, actor }) => {
          const open = openCart(shop.till.ledger);
          if (!open) return;
          const due = viewCart(open, shop.location).total_minor;
          completeTicket(shop.till, actor, {
            ticket_id: open.head.ticket_id,
            tenders: [{ payment_type, amount_minor: minor(due + over) }],
          });
        },
    ),
  ),
  fc.tuple(fc.nat(60), quantity).map(([line, pieces]) => ({ shop, actor, lines }) => {
    adjustStock(shop.till, actor, {
      adjustment_id: newAdjustmentId(),
      reason: 'counted',
      lines: [
        {
          line_id: pick(lines, line),
          variant_id: shop.heart.variant_id,
          sku: shop.heart.sku,
          quantity_milli: milli(pieces),
        },
      ],
    });
  }),
  fc.integer({ min: -1e9, max: 1e9 }).map(
    (ms) =>
      ({ shop }) =>
        shop.clock.pass(ms),
  ),
];

test('whatever is done in whatever order, refused or not, the ledger holds', () => {
  let completed = 0;
  fc.assert(
    fc.property(
      fc.array(fc.oneof(...commands), { minLength: 100, maxLength: 120, size: 'max' }),
      fc.constantFrom('line' as const, 'ticket' as const),
      fc.boolean(),
      (script, tax_rounding, prices_include_tax) => {
        const shop = openShop({ tax_rounding, prices_include_tax });
        const world: World = {
          shop,
          actor: { user: shop.manager, approver: shop.manager },
          days: Array.from({ length: 21 }, newDayId),
          carts: Array.from({ length: 21 }, newTicketId),
          lines: Array.from({ length: 61 }, newLineId),
        };
        openDay(shop.till, world.actor, { day_id: pick(world.days, 0), float_minor: minor(5000) });
        for (const command of script) {
          try {
            command(world);
          } catch (error) {
            // A refusal is an answer; anything else is a bug.
            if (!(error instanceof ORPCError && error.code === 'REFUSED')) throw error;
          }
        }
        const tickets = auditLedger(shop.till.ledger);
        completed += tickets.length;
        for (const ticket of tickets) expect(cartById(shop.till.ledger, ticket.ticket_id)).toBeNull();
        shop.till.ledger.close();
        shop.till.catalog.close();
      },
    ),
    { numRuns: 50 },
  );
  expect(completed).toBeGreaterThan(50);
});
