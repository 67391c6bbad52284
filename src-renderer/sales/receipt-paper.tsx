import { receiptOf } from '#shared/sales/receipt.ts';
import type { ReceiptRow } from '#shared/sales/receipt-rows.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { cx } from '../part/cx.ts';
import { QrCode } from '../part/qr-code.tsx';
import { usePeople } from '../people/people-store.ts';
import { useTerminal, useTill } from '../people/till-store.ts';
import styles from './receipt-paper.module.css';
import { salesText } from './text.ts';

/** The receipt as it will be on paper. */
export function ReceiptPaper({ ticket }: { ticket: IssuedTicket }) {
  const { location, name } = useTerminal();
  const payment_types = useTill(({ state }) => state?.payment_types ?? []);
  const people = usePeople((state) => state.people);
  const rows = receiptOf(ticket, {
    location,
    terminal_name: name,
    cashier_name: people?.find(({ user_id }) => user_id === ticket.cashier_id)?.name ?? '',
    payment_types,
    ticket_hash: ticket.ticket_hash,
  });
  return <Paper rows={rows} />;
}

/** Rows of a receipt or a report on a strip of paper. */
function Paper({ rows }: { rows: readonly ReceiptRow[] }) {
  return (
    <div className={styles.paper} data-selectable>
      {rows.map((row, index) => (
        <Row key={rowKey(row, index)} row={row} />
      ))}
    </div>
  );
}

function Row({ row }: { row: ReceiptRow }) {
  switch (row.kind) {
    case 'text':
      return <p className={cx(styles.text, styles[row.align], styles[row.emphasis])}>{row.text}</p>;
    case 'columns':
      return (
        <p className={cx(styles.columns, row.cells.length === 3 && styles.three, styles[row.emphasis])}>
          {row.cells.map((cell, column) => (
            <span key={cellKey(column)} className={column === 0 ? styles.name : styles.figure}>
              {cell}
            </span>
          ))}
        </p>
      );
    case 'rule':
      return <hr className={styles.rule} />;
    case 'qr':
      return (
        <div className={styles.qr}>
          <QrCode content={row.content} label={salesText.qr} />
        </div>
      );
  }
}

/** Rows and cells are their place: a receipt is never rearranged. */
const rowKey = (row: ReceiptRow, index: number): string => `${row.kind}-${index}`;
const cellKey = (column: number): string => `cell-${column}`;
