import { create } from 'zustand';
import type { LineId, TicketId } from '#shared/ids.ts';
import type { CartView } from '#shared/sales/cart.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import type { Milli } from '#shared/stock/quantity.ts';
import type { Tone } from '../part/notice.tsx';

/** A line of the cart with its money. */
export type CartViewLine = CartView['lines'][number];

/** What takes the last step back. */
export type UndoStep =
  | { kind: 'added'; line_id: LineId }
  | { kind: 'quantity'; line_id: LineId; quantity_milli: Milli }
  | { kind: 'removed'; line: CartViewLine };

/** The answer to the last thing that was done: every scan gets one. */
export type Feedback = { tone: Tone; title: string; detail?: string; canUndo: boolean };

type Sell = {
  cart: CartView | null;
  selected: LineId | null;
  feedback: Feedback | null;
  undo: { ticket_id: TicketId | null; steps: readonly UndoStep[] };
  held: readonly CartView[];
  /** Calls that are on their way. */
  busy: number;
  /** `done`: the ticket was paid and its change is shown. */
  stage: 'ring' | 'pay' | 'done';
  /** The ticket that was completed last on this screen. */
  ticket: IssuedTicket | null;
};

const fresh: Sell = {
  cart: null,
  selected: null,
  feedback: null,
  undo: { ticket_id: null, steps: [] },
  held: [],
  busy: 0,
  stage: 'ring',
  ticket: null,
};

/** The ticket on the screen. The data process owns it; this is what it answered last. */
export const useSell = create<Sell>()(() => fresh);

/** Shows a cart, or none. The selection stays on its line as long as that line is there. */
export function showCart(cart: CartView | null, select?: LineId): void {
  useSell.setState((before) => {
    const wanted = select ?? before.selected;
    return {
      cart,
      selected: cart?.lines.some((line) => line.line_id === wanted) ? wanted : null,
      undo: before.undo.ticket_id === cart?.ticket_id ? before.undo : fresh.undo,
    };
  });
}

/** Remembers how to take a step back; the last fifty of this ticket. */
export function remember(ticketId: TicketId, undo: UndoStep): void {
  useSell.setState((before) => {
    const steps = before.undo.ticket_id === ticketId ? before.undo.steps : [];
    return { undo: { ticket_id: ticketId, steps: [...steps.slice(-49), undo] } };
  });
}

/** Takes the last step out of what is remembered. */
export function takeUndo(): UndoStep | undefined {
  const { undo } = useSell.getState();
  useSell.setState({ undo: { ...undo, steps: undo.steps.slice(0, -1) } });
  return undo.steps.at(-1);
}

/** The selected line, if one is. */
export const selectedLine = ({ cart, selected }: Pick<Sell, 'cart' | 'selected'>): CartViewLine | undefined =>
  cart?.lines.find((line) => line.line_id === selected);
