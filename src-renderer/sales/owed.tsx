import type { CartView } from '#shared/sales/cart.ts';
import { formatQuantity } from '#shared/stock/quantity.ts';
import { Button, IconButton } from '../part/button.tsx';
import { Icon } from '../part/icon.tsx';
import { displayMoney } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { useCurrency, useTerminal } from '../people/till-store.ts';
import { meansIcons } from './means-icons.ts';
import styles from './payment.module.css';
import { useSell } from './sell-store.ts';
import { type Given, leavePayment, removeGiven, restOf, useTender } from './tender-store.ts';
import { salesText } from './text.ts';

/** What is to be paid, what was given so far, and what is left. */
export function Owed() {
  const cart = useSell((state) => state.cart);
  const { given, problem, isSaving } = useTender();
  const { currency, cash_step_minor } = useTerminal().location;
  if (!cart) return null;
  const money = (amount: number) => displayMoney(Math.abs(amount), currency);
  const { rest, cash } = restOf(cart.total_minor, given, cash_step_minor);
  const isRefund = cart.kind === 'refund';
  return (
    <section className={styles.owed}>
      <header className={styles.head}>
        <Button icon="back" tone="quiet" hint="Esc" isDisabled={isSaving} onPress={leavePayment}>
          {salesText.backToTicket}
        </Button>
        <h1 className={styles.title}>{isRefund ? salesText.payOutTitle : salesText.payTitle}</h1>
      </header>
      <div className={styles.due}>
        <p className={styles.label}>{isRefund ? salesText.toPayOut : salesText.toPay}</p>
        <output className={given.length === 0 ? styles.huge : styles.large}>{money(cart.total_minor)}</output>
        {cash !== rest && given.length === 0 && (
          <p className={styles.label}>{salesText.inCash(money(cash))}</p>
        )}
      </div>
      {given.length > 0 && (
        <>
          <ul className={styles.given} aria-label={salesText.given}>
            {given.map((one, index) => (
              <li key={givenKey(one, index)} className={styles.one}>
                <Icon name={meansIcons[one.kind]} />
                <span className={styles.means}>{one.name}</span>
                <strong>{money(one.amount_minor)}</strong>
                <IconButton
                  icon="close"
                  tone="quiet"
                  label={salesText.removeTender(one.name)}
                  isDisabled={isSaving}
                  onPress={() => removeGiven(index)}
                />
              </li>
            ))}
          </ul>
          <div className={styles.due}>
            <p className={styles.label}>{salesText.stillToPay}</p>
            <output className={styles.huge}>{money(rest)}</output>
          </div>
        </>
      )}
      <Summary cart={cart} />
      <div role="status">
        {isSaving && <Notice tone="info" title={salesText.paying} />}
        {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      </div>
    </section>
  );
}

/** What was given is its place in the row: nothing is put between. */
const givenKey = (one: Given, index: number): string => `${index} ${one.payment_type}`;

/** The lines once more, small: the customer asks what that was. */
function Summary({ cart }: { cart: CartView }) {
  const currency = useCurrency();
  return (
    <ul className={styles.summary} aria-label={salesText.onTicket} tabIndex={-1}>
      {cart.lines.map((line) => (
        <li key={line.line_id}>
          <span>{formatQuantity(Math.abs(line.quantity_milli))}</span>
          <span className={styles.item}>{line.name}</span>
          <span>{displayMoney(Math.abs(line.amount_minor), currency)}</span>
        </li>
      ))}
    </ul>
  );
}
