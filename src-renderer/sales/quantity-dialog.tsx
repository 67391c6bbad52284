import { formatQuantity, milli, parseQuantity } from '#shared/stock/quantity.ts';
import { FigureDialog } from './figure-dialog.tsx';
import { setQuantity } from './ring.ts';
import { type CartViewLine, useSell } from './sell-store.ts';
import { salesText } from './text.ts';

/** Asks for a line's quantity, in pieces or with up to three decimals. */
export function QuantityDialog({ line, onClose }: { line: CartViewLine; onClose: () => void }) {
  const isRefund = useSell((state) => state.cart?.kind === 'refund');
  return (
    <FigureDialog
      title={salesText.newQuantity(line.name)}
      label={salesText.quantity}
      places={3}
      placeholder={formatQuantity(Math.abs(line.quantity_milli))}
      parse={parseQuantity}
      onApply={(quantity) => setQuantity(line, isRefund ? milli(-quantity) : quantity)}
      onClose={onClose}
    />
  );
}
