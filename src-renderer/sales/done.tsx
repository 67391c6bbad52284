import { paymentLabel } from '#shared/sales/receipt-labels.ts';
import type { IssuedTicket, Ticket } from '#shared/sales/ticket.ts';
import { useScanLane } from '../catalogue/scan-lane.ts';
import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { Icon } from '../part/icon.tsx';
import { displayMoney } from '../part/money.ts';
import { Scroller } from '../part/scroller.tsx';
import { useShortcuts } from '../part/shortcuts.ts';
import { useTill } from '../people/till-store.ts';
import styles from './done.module.css';
import { ReceiptPaper } from './receipt-paper.tsx';
import { ringCode } from './ring.ts';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';

/** The ticket is paid: the change, as large as it gets, and the way to the next customer. */
export function Done({ ticket }: { ticket: IssuedTicket }) {
  const types = useTill(({ state }) => state?.payment_types ?? []);
  const money = (amount: number) => displayMoney(Math.abs(amount), ticket.currency);
  useScanLane({ onScan: ringCode });
  useShortcuts({ enter: next, escape: next, f10: next });
  const isRefund = ticket.kind === 'refund';
  return (
    <div className={styles.screen}>
      <section className={cx(styles.result, isRefund && styles.refund)}>
        <p className={styles.done}>
          <Icon name="check" size="l" />
          {salesText.paidDetail(ticket.receipt_number)}
        </p>
        <div className={styles.change}>
          <h1 className={styles.label}>{resultName(ticket)}</h1>
          <output className={styles.huge} data-testid="change">
            {money(isRefund ? ticket.due_minor : ticket.change_minor)}
          </output>
          <dl className={styles.sums}>
            <div>
              <dt>{salesText.total}</dt>
              <dd>{money(ticket.due_minor)}</dd>
            </div>
            {ticket.tenders.map((tender) => (
              <div key={tender.tender_no}>
                <dt>{paymentLabel(tender.payment_type, types)}</dt>
                <dd>{money(tender.amount_minor)}</dd>
              </div>
            ))}
          </dl>
        </div>
        <div className={styles.next}>
          <Button tone="primary" size="xl" icon="basket" hint="Enter" wide autoFocus onPress={next}>
            {salesText.nextCustomer}
          </Button>
          <p className={styles.label}>{salesText.nextHint}</p>
        </div>
      </section>
      <Scroller className={styles.paper} label={salesText.receipt}>
        <ReceiptPaper ticket={ticket} />
      </Scroller>
    </div>
  );
}

const next = (): void => useSell.setState({ stage: 'ring', feedback: null });

function resultName({ kind, change_minor }: Ticket): string {
  if (kind === 'refund') return salesText.paidOut;
  return change_minor > 0 ? salesText.change : salesText.paidExactly;
}
