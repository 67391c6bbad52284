import { useEffect } from 'react';
import { Button } from '../part/button.tsx';
import { Dialog } from '../part/dialog.tsx';
import { Empty } from '../part/empty.tsx';
import { displayMoney } from '../part/money.ts';
import { displayTime } from '../part/time.ts';
import { useTerminal } from '../people/till-store.ts';
import styles from './dialogs.module.css';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';
import { recallTicket, refreshHeld } from './ticket-actions.ts';

/** The tickets on hold, the oldest first; any of them can be taken up again. */
export function HeldDrawer({ onClose }: { onClose: () => void }) {
  const held = useSell((state) => state.held);
  const { currency, zone } = useTerminal().location;
  useEffect(() => {
    refreshHeld();
  }, []);
  return (
    <Dialog title={salesText.heldTitle} shape="drawer" onClose={onClose}>
      {held.length === 0 ? (
        <Empty icon="drawer" title={salesText.heldEmpty} detail={salesText.heldEmptyDetail} />
      ) : (
        <ul className={styles.list}>
          {held.map((cart) => (
            <li key={cart.ticket_id} className={styles.card}>
              <p className={styles.cardTitle}>{cart.label ?? cart.lines[0]?.name ?? salesText.unnamed}</p>
              <p className={styles.cardAmount}>{displayMoney(cart.total_minor, currency)}</p>
              <p className={styles.cardSub}>
                {cart.kind === 'refund' && `${salesText.refund} · `}
                {salesText.lines(cart.lines.length)} ·{' '}
                {salesText.heldSince(displayTime(cart.opened_at, zone))}
              </p>
              <Button
                tone="primary"
                icon="back"
                onPress={() => {
                  recallTicket(cart.ticket_id);
                  onClose();
                }}
              >
                {salesText.recall}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
