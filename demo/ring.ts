import { v7 as uuid } from 'uuid';
import type { Approval } from '#shared/contract/till.ts';
import { adjustmentIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import type { CartView } from '#shared/sales/cart.ts';
import { type Minor, minor } from '#shared/sales/money.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import type { StockAdjusted } from '#shared/stock/operations.ts';
import type { CrashingTill } from './crashing-till.ts';
import type { Adjustment, Invoice, InvoiceLine } from './invoices.ts';
import { pick, type Random } from './random.ts';

/** Rings one invoice as a cashier would, and pays it. A refund needs a manager, since its receipt is unknown. */
export async function ringInvoice(
  till: CrashingTill,
  invoice: Invoice,
  approval: Approval,
  random: Random,
): Promise<IssuedTicket> {
  const ticketId = ticketIdSchema.parse(uuid());
  await till.call((client) =>
    client.sales.startCart({
      ticket_id: ticketId,
      kind: invoice.kind,
      reference: invoice.number.slice(0, 100),
      ...(invoice.customer === undefined ? {} : { customer: invoice.customer.slice(0, 100) }),
      ...(invoice.kind === 'refund' ? { approval } : {}),
    }),
  );
  let cart: CartView | undefined;
  for (const line of invoice.lines) {
    const lineId = lineIdSchema.parse(uuid());
    const item = await findItem(till, line, random);
    cart = await till.call((client) =>
      client.sales.addLine({
        ticket_id: ticketId,
        line_id: lineId,
        item: { variant_id: item.variant_id },
        quantity_milli: line.quantity_milli,
        ...(item.unit_price_micro === line.unit_price_micro
          ? {}
          : { unit_price_micro: line.unit_price_micro }),
        ...(line.name === undefined || line.name === item.name ? {} : { name: line.name }),
      }),
    );
  }
  const tenders = payment(cart?.total_minor ?? minor(0), random);
  return till.call((client) => client.sales.completeTicket({ ticket_id: ticketId, tenders }));
}

/** Books what left the shelf without a sale. Gives the number of moves. */
export async function bookAdjustment(
  till: CrashingTill,
  adjustment: Adjustment,
  random: Random,
): Promise<number> {
  const lines: StockAdjusted['lines'] = [];
  for (const line of adjustment.lines) {
    const item = await findItem(till, line, random);
    lines.push({
      line_id: lineIdSchema.parse(uuid()),
      variant_id: item.variant_id,
      sku: item.sku,
      quantity_milli: line.quantity_milli,
      ...(line.name === undefined ? {} : { note: line.name.slice(0, 300) }),
    });
  }
  const adjustmentId = adjustmentIdSchema.parse(uuid());
  await till.call((client) =>
    client.stock.adjust({
      adjustment_id: adjustmentId,
      reason: 'Reported by an invoice of negative quantity',
      reference: adjustment.number.slice(0, 100),
      lines,
    }),
  );
  return lines.length;
}

/** Mostly by scanning the code; now and then by typing a few words, as one does when a label is missing. */
async function findItem(till: CrashingTill, line: InvoiceLine, random: Random) {
  if (pick(random, 10) === 0 && line.name !== undefined) {
    const text = line.name.split(' ').slice(0, 3).join(' ').slice(0, 200);
    const hits = await till.call((client) => client.catalogue.search({ text, limit: 50 }));
    const hit = hits.find((item) => item.sku === line.code);
    if (hit) return hit;
  }
  const item = await till.call((client) => client.catalogue.byCode({ code: line.code }));
  if (!item) throw new Error(`line ${line.line}: the catalogue has no ${line.code}`);
  return item;
}

type Payment = { payment_type: string; amount_minor: Minor };

/** Cash with change, exact cash, a card, or half and half; refunds and negative totals are paid out in cash. */
function payment(total: Minor, random: Random): Payment[] {
  if (total === 0) return [];
  if (total < 0) return [{ payment_type: 'CASH', amount_minor: total }];
  switch (pick(random, 4)) {
    case 0:
      return [{ payment_type: 'CASH', amount_minor: minor(Math.ceil(total / 1000) * 1000) }];
    case 1:
      return [{ payment_type: 'CARD', amount_minor: total }];
    case 2: {
      const half = Math.floor(total / 2);
      const card = { payment_type: 'CARD', amount_minor: minor(half) };
      const cash = { payment_type: 'CASH', amount_minor: minor(total - half) };
      return half === 0 ? [cash] : [card, cash];
    }
    default:
      return [{ payment_type: 'CASH', amount_minor: total }];
  }
}
