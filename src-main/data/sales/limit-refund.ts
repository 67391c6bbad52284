import { refused } from '../refusal.ts';
import type { Till } from '../till.ts';
import type { Cart } from './cart-store.ts';
import { leftToRefund, saleByReceipt } from './ticket-store.ts';

/** What limits the money that a cart pays out: no refund at all, a sale of this till, or nothing. */
export type RefundLimit = 'no_refund' | 'limited' | 'unlimited';

/** A refund of a sale that this till made gives back no more than was sold on it and not refunded yet. */
export function limitRefund(till: Till, cart: Cart): RefundLimit {
  if (cart.head.kind !== 'refund') return 'no_refund';
  const receipt = cart.head.original?.receipt_number;
  const sale = receipt === undefined ? undefined : saleByReceipt(till.ledger, receipt);
  if (receipt === undefined || !sale) return 'unlimited';
  const left = leftToRefund(till.ledger, sale, receipt);
  for (const line of cart.lines) {
    left.set(line.variant_id, (left.get(line.variant_id) ?? 0) + line.quantity_milli);
  }
  const over = cart.lines.find((line) => line.quantity_milli < 0 && (left.get(line.variant_id) ?? 0) < 0);
  if (over) {
    throw refused(
      'refund_exceeds_original',
      `More of ${over.name} comes back than receipt ${receipt} still covers. Lower the quantity, or refund without a receipt.`,
      'quantity_milli',
    );
  }
  return 'limited';
}
