import { formatQuantity } from '#shared/stock/quantity.ts';
import { displayMoney, displayUnitPrice } from '../part/money.ts';
import { useName } from '../people/people-store.ts';
import { useSession } from '../people/session-store.ts';
import { peopleText } from '../people/text.ts';
import { useCurrency } from '../people/till-store.ts';
import styles from './line-row.module.css';
import type { CartViewLine } from './sell-store.ts';
import { salesText } from './text.ts';

/** A line of the ticket: quantity, name, price, amount; below them whatever was changed by hand. */
export function LineRow({ line }: { line: CartViewLine }) {
  const currency = useCurrency();
  const price = displayUnitPrice(line.unit_price_micro, currency);
  return (
    <span className={styles.row}>
      <span className={styles.quantity}>{formatQuantity(Math.abs(line.quantity_milli))}</span>
      <span className={styles.name}>{line.name}</span>
      <span className={styles.amount}>{displayMoney(line.amount_minor, currency)}</span>
      <span className={styles.detail}>
        <span>
          {price} {salesText.each}
        </span>
        {line.list_price_micro !== undefined && (
          <span className={styles.changed}>
            {salesText.instead(displayUnitPrice(line.list_price_micro, currency))}
          </span>
        )}
        {line.discount_minor !== 0 && (
          <span className={styles.changed}>
            {salesText.discountOf(displayMoney(-line.discount_minor, currency))}
          </span>
        )}
        {line.note && <span>“{line.note}”</span>}
        <RungBy user={line.rung_by} />
      </span>
    </span>
  );
}

/** Who rang the line, where it was somebody else than the one who is signed in. */
function RungBy({ user }: { user: CartViewLine['rung_by'] }) {
  const present = useSession(({ session }) => session?.user_id);
  const name = useName(user);
  return user === undefined || user === present || name === undefined ? null : (
    <span>{peopleText.rungBy(name)}</span>
  );
}
