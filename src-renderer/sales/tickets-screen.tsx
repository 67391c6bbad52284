import { useEffect } from 'react';
import type { Ticket } from '#shared/sales/ticket.ts';
import { useScanLane } from '../catalogue/scan-lane.ts';
import { Button } from '../part/button.tsx';
import { cx } from '../part/cx.ts';
import { Empty } from '../part/empty.tsx';
import { Field } from '../part/field.tsx';
import { Icon } from '../part/icon.tsx';
import { displayMoney } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import { Scroller } from '../part/scroller.tsx';
import { useShortcuts } from '../part/shortcuts.ts';
import { play } from '../part/sound.ts';
import { partText } from '../part/text.ts';
import { displayInstant } from '../part/time.ts';
import { VirtualList } from '../part/virtual-list.tsx';
import { useTerminal, useTill } from '../people/till-store.ts';
import { go } from '../view-store.ts';
import { openDialog } from './dialog-store.ts';
import { ReceiptPaper } from './receipt-paper.tsx';
import { SellDialogs } from './sell-dialogs.tsx';
import { salesText } from './text.ts';
import styles from './tickets-screen.module.css';
import { filtered, refreshTickets, useTickets } from './tickets-store.ts';

/** The latest tickets of this till, with their receipts, and the way to refund one. */
export function TicketsScreen() {
  const { tickets, chosen, filter, problem } = useTickets();
  const shown = filtered({ tickets, filter });
  const ticket = shown.find(({ ticket_id }) => ticket_id === chosen);
  useShortcuts({ escape: () => go('sell') });
  useScanLane({ onScan: findScanned });
  useEffect(() => {
    refreshTickets();
  }, []);
  return (
    <div className={styles.screen}>
      <section className={styles.list}>
        <header className={styles.head}>
          <h1 className={styles.title}>{salesText.ticketsTitle}</h1>
          <Button icon="sync" onPress={() => refreshTickets()}>
            {salesText.reload}
          </Button>
        </header>
        <div className={styles.filter}>
          <Field
            label={salesText.ticketsFilter}
            value={filter}
            onChange={(text) => useTickets.setState({ filter: text })}
          />
        </div>
        {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
        {shown.length === 0 ? (
          <Nothing isLoading={tickets === null && problem === null} />
        ) : (
          <VirtualList
            id="tickets"
            label={salesText.ticketsTitle}
            rows={shown}
            rowKey={({ ticket_id }) => ticket_id}
            chosen={chosen}
            estimate={66}
            onChoose={({ ticket_id }) => useTickets.setState({ chosen: ticket_id })}
          >
            {(row) => <TicketRow ticket={row} />}
          </VirtualList>
        )}
      </section>
      <aside className={styles.paper}>
        {ticket ? (
          <>
            <RefundButton ticket={ticket} />
            <Scroller className={styles.scroll} label={salesText.receipt}>
              <ReceiptPaper ticket={ticket} />
            </Scroller>
          </>
        ) : (
          <Empty icon="receipt" title={salesText.ticketsNone} />
        )}
      </aside>
      <SellDialogs />
    </div>
  );
}

/** Looks a scanned receipt up: its QR code begins with its number. */
function findScanned(code: string): void {
  const [receipt = ''] = code.split('|');
  useTickets.setState({ filter: receipt });
  const [found] = filtered(useTickets.getState());
  play(found ? 'taken' : 'refused');
  useTickets.setState({ chosen: found?.ticket_id ?? null });
}

function Nothing({ isLoading }: { isLoading: boolean }) {
  return isLoading ? (
    <Empty icon="clock" title={partText.loading} />
  ) : (
    <Empty icon="tickets" title={salesText.ticketsEmpty} detail={salesText.ticketsEmptyDetail} />
  );
}

function TicketRow({ ticket }: { ticket: Ticket }) {
  const { zone } = useTerminal().location;
  const isRefund = ticket.kind === 'refund';
  return (
    <span className={styles.row}>
      <Icon name={isRefund ? 'refund' : 'receipt'} />
      <span className={styles.number}>{ticket.receipt_number}</span>
      <span className={cx(styles.amount, isRefund && styles.out)}>
        {displayMoney(ticket.due_minor, ticket.currency)}
      </span>
      <span className={styles.sub}>
        {isRefund && `${salesText.refund} · `}
        {displayInstant(ticket.completed_at, zone)} · {salesText.lines(ticket.lines.length)}
      </span>
    </span>
  );
}

function RefundButton({ ticket }: { ticket: Ticket }) {
  const hasDay = useTill(({ state }) => state?.day !== null);
  if (ticket.kind !== 'sale') return null;
  return (
    <Button
      icon="refund"
      size="l"
      wide
      isDisabled={!hasDay}
      onPress={() => openDialog({ kind: 'refund_lines', original: ticket })}
    >
      {salesText.refundThis}
    </Button>
  );
}
