import { create } from 'zustand';
import type { Ticket } from '#shared/sales/ticket.ts';
import type { CartViewLine } from './sell-store.ts';

/** The dialog that is open over the sell screen. */
export type SellDialog =
  | { kind: 'quantity' | 'price' | 'line_discount' | 'note'; line: CartViewLine }
  | { kind: 'ticket_discount' | 'hold' | 'held' | 'abort' | 'refund' }
  | { kind: 'refund_lines'; original: Ticket };

/** Which dialog is open, if one is. */
export const useSellDialog = create<{ dialog: SellDialog | null }>()(() => ({ dialog: null }));

/** Opens a dialog in the place of any other. */
export const openDialog = (dialog: SellDialog): void => useSellDialog.setState({ dialog });

/** Closes the dialog. */
export const closeDialog = (): void => useSellDialog.setState({ dialog: null });
