import { Button } from '../part/button.tsx';
import { displayMoney } from '../part/money.ts';
import { displayTime } from '../part/time.ts';
import { useTerminal } from '../people/till-store.ts';
import { go } from '../view-store.ts';
import { openDialog } from './dialog-store.ts';
import styles from './idle-panel.module.css';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';
import { useTickets } from './tickets-store.ts';

/** Beside a ticket of which no line is selected: the ticket before it, and what is on hold. */
export function IdlePanel() {
  return (
    <div className={styles.panel}>
      <LastTicket />
      <Held />
      <ul className={styles.keys}>
        {salesText.idleKeys.map(([key, words]) => (
          <li key={key}>
            <kbd className={styles.key}>{key}</kbd> {words}
          </li>
        ))}
      </ul>
    </div>
  );
}

function LastTicket() {
  const ticket = useSell((state) => state.ticket);
  const { zone } = useTerminal().location;
  if (!ticket) return null;
  return (
    <section className={styles.card}>
      <h2 className={styles.title}>{salesText.lastTicket}</h2>
      <p className={styles.sub}>
        {ticket.receipt_number} · {displayTime(ticket.completed_at, zone)}
      </p>
      <dl className={styles.sums}>
        <dt>{salesText.total}</dt>
        <dd>{displayMoney(ticket.due_minor, ticket.currency)}</dd>
        <dt>{salesText.change}</dt>
        <dd>{displayMoney(ticket.change_minor, ticket.currency)}</dd>
      </dl>
      <Button
        icon="receipt"
        onPress={() => {
          useTickets.setState({ chosen: ticket.ticket_id, filter: '' });
          go('tickets');
        }}
      >
        {salesText.receipt}
      </Button>
    </section>
  );
}

function Held() {
  const held = useSell((state) => state.held);
  if (held.length === 0) return null;
  return (
    <section className={styles.card}>
      <h2 className={styles.title}>{salesText.heldReminder(held.length)}</h2>
      <p className={styles.sub}>{salesText.heldReminderDetail}</p>
      <Button icon="drawer" hint="F9" onPress={() => openDialog({ kind: 'held' })}>
        {salesText.showHeld}
      </Button>
    </section>
  );
}
