import { useState } from 'react';
import type { Ticket, TicketLine } from '#shared/sales/ticket.ts';
import { formatQuantity, type Milli, milli, ONE } from '#shared/stock/quantity.ts';
import { Button, IconButton } from '../part/button.tsx';
import { Dialog, DialogActions } from '../part/dialog.tsx';
import { partText } from '../part/text.ts';
import { go } from '../view-store.ts';
import styles from './dialogs.module.css';
import { salesText } from './text.ts';
import { refundLines } from './ticket-actions.ts';

/** Asks which lines of a sale come back, and how many of each; whole lines by one press. */
export function RefundLinesDialog({ original, onClose }: { original: Ticket; onClose: () => void }) {
  const sold = original.lines.filter((line) => line.quantity_milli > 0);
  const [taken, setTaken] = useState<Readonly<Record<string, Milli>>>({});
  const takenOf = (line: TicketLine) => taken[line.line_id] ?? milli(0);
  const take = (line: TicketLine, quantity: number) =>
    setTaken({
      ...taken,
      [line.line_id]: milli(Math.min(Math.max(quantity, 0), line.quantity_milli)),
    });
  const chosen = sold.filter((line) => takenOf(line) > 0);
  return (
    <Dialog title={salesText.chooseLines(original.receipt_number)} shape="wide" onClose={onClose}>
      <ul className={styles.lines}>
        {sold.map((line) => (
          <li key={line.line_id} className={styles.line}>
            <span>
              <strong>{line.name}</strong>{' '}
              <span className={styles.cardSub}>{salesText.ofSold(formatQuantity(line.quantity_milli))}</span>
            </span>
            <span className={styles.stepper}>
              <IconButton
                icon="minus"
                label={partText.fewer(line.name)}
                onPress={() => take(line, takenOf(line) - ONE)}
              />
              <output className={styles.figure}>{formatQuantity(takenOf(line))}</output>
              <IconButton
                icon="plus"
                label={partText.more(line.name)}
                onPress={() => take(line, takenOf(line) + ONE)}
              />
            </span>
            <Button onPress={() => take(line, line.quantity_milli)}>{salesText.all}</Button>
          </li>
        ))}
      </ul>
      <DialogActions>
        <Button size="l" onPress={onClose}>
          {salesText.cancel}
        </Button>
        <Button
          size="l"
          tone="refund"
          icon="refund"
          isDisabled={chosen.length === 0}
          onPress={() => {
            onClose();
            go('sell');
            refundLines(
              original,
              chosen.map((line) => ({ line, quantity: takenOf(line) })),
            );
          }}
        >
          {salesText.takeBack}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
