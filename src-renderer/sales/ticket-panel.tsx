import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { Empty } from '../part/empty.tsx';
import { Icon } from '../part/icon.tsx';
import { displayTime } from '../part/time.ts';
import { VirtualList } from '../part/virtual-list.tsx';
import { usePermission } from '../people/session-store.ts';
import { useTerminal } from '../people/till-store.ts';
import { openDialog } from './dialog-store.ts';
import { LineRow } from './line-row.tsx';
import { selectLine } from './ring.ts';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';
import styles from './ticket-panel.module.css';
import { Totals } from './totals.tsx';

/** The ticket: what it is, its lines, what can be done with it, and what it comes to. */
export function TicketPanel() {
  const cart = useSell((state) => state.cart);
  const selected = useSell((state) => state.selected);
  const isRefund = cart?.kind === 'refund';
  const lines = cart?.lines ?? [];
  return (
    <section className={cx(styles.panel, isRefund && styles.refund)} aria-label={titleOf(cart)}>
      <TicketHead />
      {lines.length === 0 ? (
        <Empty
          icon={isRefund ? 'refund' : 'scan'}
          title={isRefund ? salesText.emptyRefundTitle : salesText.emptyTitle}
          detail={isRefund ? salesText.emptyRefundDetail : salesText.emptyDetail}
        />
      ) : (
        <VirtualList
          id="ticket-lines"
          label={salesText.ticketLines}
          rows={lines}
          rowKey={(line) => line.line_id}
          chosen={selected}
          estimate={62}
          followsEnd
          onChoose={selectLine}
          onAct={(line) => openDialog({ kind: 'quantity', line })}
        >
          {(line) => <LineRow line={line} />}
        </VirtualList>
      )}
      <TicketActions />
      <Totals />
    </section>
  );
}

function TicketHead() {
  const cart = useSell((state) => state.cart);
  const { zone } = useTerminal().location;
  const isRefund = cart?.kind === 'refund';
  return (
    <header className={styles.head}>
      <Icon name={isRefund ? 'refund' : 'receipt'} />
      <h1 className={styles.title}>{titleOf(cart)}</h1>
      {isRefund && (
        <p className={styles.sub}>
          {cart.original ? salesText.refundOf(cart.original.receipt_number) : salesText.refundExplained}
        </p>
      )}
      {cart && (
        <p className={styles.count}>
          {salesText.lines(cart.lines.length)} · {displayTime(cart.opened_at, zone)}
        </p>
      )}
    </header>
  );
}

function titleOf(cart: ReturnType<typeof useSell.getState>['cart']): string {
  if (cart === null) return salesText.newSale;
  return cart.kind === 'sale' ? salesText.sale : salesText.refund;
}

function TicketActions() {
  const cart = useSell((state) => state.cart);
  const held = useSell((state) => state.held.length);
  const mayRefund = usePermission('sale.ring');
  const hasLines = (cart?.lines.length ?? 0) > 0;
  return (
    <div className={styles.actions} role="toolbar" aria-label={salesText.actions}>
      <Button
        icon="discount"
        isDisabled={!hasLines}
        aria-keyshortcuts="F7"
        onPress={() => openDialog({ kind: 'ticket_discount' })}
      >
        {salesText.ticketDiscount}
      </Button>
      <Button
        icon="hold"
        isDisabled={!hasLines}
        aria-keyshortcuts="F8"
        onPress={() => openDialog({ kind: 'hold' })}
      >
        {salesText.hold}
      </Button>
      <Button icon="drawer" aria-keyshortcuts="F9" onPress={() => openDialog({ kind: 'held' })}>
        {held > 0 ? salesText.heldCount(held) : salesText.held}
      </Button>
      {cart === null ? (
        <Button
          key="refund"
          icon="refund"
          isDisabled={!mayRefund}
          onPress={() => openDialog({ kind: 'refund' })}
        >
          {salesText.startRefund}
        </Button>
      ) : (
        // Another button than the one in its place before: it must not inherit the focus.
        <Button key="abort" icon="trash" onPress={() => openDialog({ kind: 'abort' })}>
          {salesText.abort}
        </Button>
      )}
    </div>
  );
}
