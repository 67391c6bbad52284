import { formatUnitPrice, minorPlaces, parseUnitPrice } from '#shared/sales/money.ts';
import { displayUnitPrice } from '../part/money.ts';
import { useCurrency } from '../people/till-store.ts';
import { FigureDialog } from './figure-dialog.tsx';
import type { CartViewLine } from './sell-store.ts';
import { salesText } from './text.ts';
import { changePrice } from './ticket-actions.ts';

/** Decimals beyond the minor unit that a price may be keyed in with. */
const finer = 3;

/** Asks for another price of a line. */
export function PriceDialog({ line, onClose }: { line: CartViewLine; onClose: () => void }) {
  const currency = useCurrency();
  const listPrice = line.list_price_micro ?? line.unit_price_micro;
  return (
    <FigureDialog
      title={salesText.newPrice(line.name)}
      label={salesText.price}
      places={minorPlaces(currency) + finer}
      placeholder={formatUnitPrice(line.unit_price_micro, currency)}
      unit={currency}
      hint={salesText.listPrice(displayUnitPrice(listPrice, currency))}
      parse={(text) => parseUnitPrice(text, currency)}
      onApply={(price) => changePrice(line, price)}
      onClose={onClose}
    />
  );
}
