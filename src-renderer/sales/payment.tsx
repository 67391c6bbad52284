import { minorPlaces } from '#shared/sales/money.ts';
import type { PaymentType } from '#shared/sales/tender.ts';
import { useScanLane } from '../catalogue/scan-lane.ts';
import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { padKey } from '../part/entry.ts';
import { displayMoney } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { Numpad } from '../part/numpad.tsx';
import { useShortcuts } from '../part/shortcuts.ts';
import { useTerminal, useTill } from '../people/till-store.ts';
import { meansIcons } from './means-icons.ts';
import { Owed } from './owed.tsx';
import styles from './payment.module.css';
import { useSell } from './sell-store.ts';
import {
  cashButtons,
  completeUnpaid,
  keyAmount,
  leavePayment,
  refuseScan,
  restOf,
  tender,
  useTender,
} from './tender-store.ts';
import { salesText } from './text.ts';

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
          icon={meansIcons[type.kind]}
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
