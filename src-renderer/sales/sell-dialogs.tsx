import { AbortDialog } from './abort-dialog.tsx';
import { closeDialog, useSellDialog } from './dialog-store.ts';
import { DiscountDialog } from './discount-dialog.tsx';
import { HeldDrawer } from './held-drawer.tsx';
import { HoldDialog } from './hold-dialog.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { PriceDialog } from './price-dialog.tsx';
import { QuantityDialog } from './quantity-dialog.tsx';
import { RefundDialog } from './refund-dialog.tsx';
import { RefundLinesDialog } from './refund-lines-dialog.tsx';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';
import { discountLine, discountTicket } from './ticket-actions.ts';

/** Whichever dialog of the ticket is open. */
export function SellDialogs() {
  const { dialog } = useSellDialog();
  const discount = useSell((state) => state.cart?.discount ?? null);
  switch (dialog?.kind) {
    case undefined:
      return null;
    case 'quantity':
      return <QuantityDialog line={dialog.line} onClose={closeDialog} />;
    case 'price':
      return <PriceDialog line={dialog.line} onClose={closeDialog} />;
    case 'note':
      return <NoteDialog line={dialog.line} onClose={closeDialog} />;
    case 'line_discount':
      return (
        <DiscountDialog
          title={salesText.discountOn(dialog.line.name)}
          given={dialog.line.discount ?? null}
          onApply={(chosen) => discountLine(dialog.line, chosen)}
          onClose={closeDialog}
        />
      );
    case 'ticket_discount':
      return (
        <DiscountDialog
          title={salesText.discountOnTicket}
          given={discount}
          onApply={discountTicket}
          onClose={closeDialog}
        />
      );
    case 'hold':
      return <HoldDialog onClose={closeDialog} />;
    case 'held':
      return <HeldDrawer onClose={closeDialog} />;
    case 'abort':
      return <AbortDialog onClose={closeDialog} />;
    case 'refund':
      return <RefundDialog onClose={closeDialog} />;
    case 'refund_lines':
      return <RefundLinesDialog original={dialog.original} onClose={closeDialog} />;
  }
}
