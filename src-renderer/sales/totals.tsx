import { displayMoney } from '../part/money.ts';
import { useTerminal } from '../people/till-store.ts';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';
import styles from './totals.module.css';

/** What the ticket comes to, as the data process added it up. */
export function Totals() {
  const cart = useSell((state) => state.cart);
  const { currency, prices_include_tax } = useTerminal().location;
  const money = (amount: number) => displayMoney(amount, currency);
  const isRefund = cart?.kind === 'refund';
  const total = cart?.total_minor ?? 0;
  const parts: readonly (readonly [string, number])[] =
    cart === null
      ? []
      : [
          ...(cart.discount_minor === 0
            ? []
            : [
                [salesText.gross, cart.gross_minor] as const,
                [salesText.discount, -cart.discount_minor] as const,
              ]),
          ...(prices_include_tax ? [] : [[salesText.net, cart.net_minor] as const]),
          [prices_include_tax ? salesText.taxIncluded : salesText.tax, cart.tax_minor] as const,
        ];
  return (
    <footer className={styles.totals}>
      <dl className={styles.parts}>
        {parts.map(([name, amount]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{money(amount)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.total}>
        <span className={styles.name}>{isRefund ? salesText.totalOut : salesText.total}</span>
        <output className={styles.amount} data-testid="total">
          {money(isRefund ? Math.abs(total) : total)}
        </output>
      </p>
    </footer>
  );
}
