import { formatQuantity, milli, ONE } from '#shared/stock/quantity.ts';
import { Button, IconButton } from '../part/button.tsx';
import { displayMoney, displayUnitPrice } from '../part/money.ts';
import { useCurrency } from '../people/till-store.ts';
import { openDialog } from './dialog-store.ts';
import { IdlePanel } from './idle-panel.tsx';
import styles from './line-panel.module.css';
import { removeLine, setQuantity, stepQuantity } from './ring.ts';
import { type CartViewLine, selectedLine, useSell } from './sell-store.ts';
import { salesText } from './text.ts';

/** Quantities worth a button. */
const quick = [2, 3, 4, 5, 6, 10, 12, 24] as const;

/** What can be done with the selected line; while none is selected, what else is worth knowing. */
export function LinePanel() {
  const cart = useSell((state) => state.cart);
  const selected = useSell((state) => state.selected);
  const line = selectedLine({ cart, selected });
  return line ? <Chosen line={line} isRefund={cart?.kind === 'refund'} /> : <IdlePanel />;
}

function Chosen({ line, isRefund }: { line: CartViewLine; isRefund: boolean }) {
  const currency = useCurrency();
  const sign = isRefund ? -1 : 1;
  return (
    <section className={styles.panel} aria-label={salesText.selectedLine}>
      <header className={styles.head}>
        <h2 className={styles.name}>{line.name}</h2>
        <p className={styles.sub}>
          {line.sku} · {displayUnitPrice(line.unit_price_micro, currency)} {salesText.each}
        </p>
      </header>
      <div className={styles.stepper}>
        <IconButton icon="minus" size="l" label={salesText.fewer} onPress={() => stepQuantity(line, -1)} />
        <Button
          size="l"
          tone="quiet"
          aria-keyshortcuts="F3"
          grows
          onPress={() => openDialog({ kind: 'quantity', line })}
        >
          <span className={styles.quantity}>{formatQuantity(Math.abs(line.quantity_milli))}</span>
        </Button>
        <IconButton icon="plus" size="l" label={salesText.more} onPress={() => stepQuantity(line, 1)} />
      </div>
      <div className={styles.quick}>
        {quick.map((count) => (
          <Button
            key={count}
            aria-label={`${salesText.setQuantity} ${count}`}
            onPress={() => setQuantity(line, milli(sign * count * ONE))}
          >
            {count}
          </Button>
        ))}
      </div>
      <div className={styles.grid}>
        <Button icon="price" hint="F4" size="l" onPress={() => openDialog({ kind: 'price', line })}>
          {salesText.price}
        </Button>
        <Button
          icon="discount"
          hint="F6"
          size="l"
          onPress={() => openDialog({ kind: 'line_discount', line })}
        >
          {salesText.discount}
        </Button>
        <Button icon="note" size="l" onPress={() => openDialog({ kind: 'note', line })}>
          {salesText.note}
        </Button>
        <Button icon="trash" hint="Del" size="l" onPress={() => removeLine(line)}>
          {salesText.remove}
        </Button>
      </div>
      <p className={styles.amount}>{displayMoney(line.amount_minor, currency)}</p>
    </section>
  );
}
