import type { CartView } from '#shared/sales/cart.ts';
import { minorPlaces } from '#shared/sales/money.ts';
import type { PaymentType } from '#shared/sales/tender.ts';
import { formatQuantity } from '#shared/stock/quantity.ts';
import { useScanLane } from '../catalogue/scan-lane.ts';
import { Button, IconButton } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { padKey } from '../part/entry.ts';
import { Icon, type IconName } from '../part/icon.tsx';
import { displayMoney } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { Numpad } from '../part/numpad.tsx';
import { useShortcuts } from '../part/shortcuts.ts';
import { useCurrency, useTerminal, useTill } from '../people/till-store.ts';
import styles from './payment.module.css';
import { useSell } from './sell-store.ts';
import {
  cashButtons,
  completeUnpaid,
  type Given,
  keyAmount,
  leavePayment,
  refuseScan,
  removeGiven,
  restOf,
  tender,
  useTender,
} from './tender-store.ts';
import { salesText } from './text.ts';

const icons: Record<PaymentType['kind'], IconName> = {
  cash: 'cash',
  card: 'card',
  voucher: 'receipt',
  account: 'book',
};

/** Taking the money: what is to be paid on the left, how it is paid on the right. */
export function Payment() {
  const total = useSell((state) => state.cart?.total_minor ?? 0);
  const isRefund = useSell((state) => state.cart?.kind === 'refund');
  const isSaving = useTender((state) => state.isSaving);
  const types = useTypes();
  const { currency } = useTerminal().location;
  const places = minorPlaces(currency);
  usePaymentKeys(types, places);
  return (
    <div className={cx(styles.screen, isRefund && styles.refund)} aria-busy={isSaving}>
      <Owed />
      <section className={styles.take}>
        {total === 0 ? (
          <Button tone="primary" size="xl" icon="check" wide onPress={completeUnpaid}>
            {salesText.complete}
          </Button>
        ) : (
          <>
            <Entered />
            <CashButtons types={types} />
            <Numpad onKey={(key) => keyAmount(key, places)} corner={places > 0 ? '.' : '00'} />
            <Means types={types} />
          </>
        )}
      </section>
    </div>
  );
}

/** The means of payment, cash first, then in the order of the company. */
function useTypes(): readonly PaymentType[] {
  const types = useTill(({ state }) => state?.payment_types);
  return [...(types ?? [])].sort(
    (left, right) => Number(right.kind === 'cash') - Number(left.kind === 'cash'),
  );
}

function usePaymentKeys(types: readonly PaymentType[], places: number): void {
  const cash = types.find(({ kind }) => kind === 'cash');
  useScanLane({
    onScan: refuseScan,
    onTyped: (text) => {
      for (const sign of text) {
        const key = padKey(sign);
        if (key) keyAmount(key, places);
      }
    },
  });
  useShortcuts({
    backspace: () => keyAmount('back', places),
    delete: () => keyAmount('clear', places),
    escape: leavePayment,
    enter: () => (useSell.getState().cart?.total_minor === 0 ? completeUnpaid() : cash && tender(cash)),
    ...Object.fromEntries(types.map((type, index) => [`f${index + 2}`, () => tender(type)])),
  });
}

function Owed() {
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
                <Icon name={icons[one.kind]} />
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

function Entered() {
  const entry = useTender((state) => state.entry);
  const { currency } = useTerminal().location;
  return (
    <p className={styles.entry}>
      <span className={styles.label}>{salesText.amountGiven}</span>
      <output className={cx(styles.figure, entry === '' && styles.nothing)}>
        {entry === '' ? salesText.rest : entry}
      </output>
      {entry !== '' && <span className={styles.label}>{currency}</span>}
    </p>
  );
}

function CashButtons({ types }: { types: readonly PaymentType[] }) {
  const total = useSell((state) => state.cart?.total_minor);
  const given = useTender((state) => state.given);
  const isSaving = useTender((state) => state.isSaving);
  const { currency, cash_step_minor, denominations } = useTerminal().location;
  const cash = types.find(({ kind }) => kind === 'cash');
  if (total === undefined || !cash) return null;
  const amounts = cashButtons(restOf(total, given, cash_step_minor).cash, denominations);
  return (
    <div className={styles.quick} role="toolbar" aria-label={salesText.quickCash}>
      {amounts.map((amount, index) => (
        <Button key={amount} size="l" isDisabled={isSaving} onPress={() => tender(cash, amount)}>
          <span className={styles.note}>{displayMoney(Math.abs(amount), currency)}</span>
          {index === 0 && <span className={styles.exact}>{salesText.exact}</span>}
        </Button>
      ))}
    </div>
  );
}

function Means({ types }: { types: readonly PaymentType[] }) {
  const isRefund = useSell((state) => state.cart?.kind === 'refund');
  const isSaving = useTender((state) => state.isSaving);
  if (types.length === 0)
    return <Notice tone="warn" title={salesText.noMeans} detail={salesText.noMeansDetail} />;
  return (
    <div className={styles.types} role="toolbar" aria-label={salesText.means}>
      {types.map((type, index) => (
        <Button
          key={type.code}
          size="xl"
          stacked
          icon={icons[type.kind]}
          hint={type.kind === 'cash' ? 'Enter' : `F${index + 2}`}
          tone={type.kind !== 'cash' ? 'plain' : isRefund ? 'refund' : 'primary'}
          isDisabled={isSaving}
          onPress={() => tender(type)}
        >
          {type.name}
        </Button>
      ))}
    </div>
  );
}
