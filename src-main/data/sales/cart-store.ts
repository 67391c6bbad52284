import type { LineId, TicketId, UserId } from '#shared/ids.ts';
import type { Permission } from '#shared/people/permission.ts';
import type { CartHead, CartLine } from '#shared/sales/cart.ts';
import type { Ledger } from '../open.ts';
import { sql } from '../statement.ts';

/** Whose permission each thing in a cart rests on, where one was needed. */
export type Consents = Partial<Record<Permission, UserId>>;

/** A ticket before it is paid. It is on the disk with every change, so that a power cut loses no scan. */
export type Cart = {
  head: CartHead;
  state: 'open' | 'held';
  label: string | null;
  consents: Consents;
  lines: CartLine[];
};

type CartRow = {
  ticket_id: TicketId;
  state: 'open' | 'held';
  label: string | null;
  head: string;
  consents: string;
};

const BY_ID = sql<CartRow, [string]>('SELECT * FROM cart WHERE ticket_id = ?');
const OPEN = sql<CartRow>("SELECT * FROM cart WHERE state = 'open'");
const HELD = sql<CartRow>("SELECT * FROM cart WHERE state = 'held' ORDER BY ticket_id");
const LINES = sql<{ document: string }, [string]>(
  'SELECT document FROM cart_line WHERE ticket_id = +? AND removed = 0 ORDER BY position',
);
const INSERT = sql<never, [string, string, string, string]>(
  "INSERT INTO cart (ticket_id, day_id, state, head, consents) VALUES (?, ?, 'open', ?, ?)",
);
const UPDATE = sql<never, [string, string | null, string, string, string]>(
  'UPDATE cart SET state = ?, label = ?, head = ?, consents = ? WHERE ticket_id = ?',
);
const DELETE = sql<never, [string]>('DELETE FROM cart WHERE ticket_id = ?');
const LINE = sql<StoredLine, [string]>(
  'SELECT ticket_id, request, document, removed FROM cart_line WHERE line_id = ?',
);
const INSERT_LINE = sql<never, [string, string, string, string, string]>(
  `INSERT INTO cart_line (line_id, ticket_id, position, request, document)
   SELECT ?, ?, 1 + coalesce(max(position), 0), ?, ? FROM cart_line WHERE ticket_id = ?`,
);
const UPDATE_LINE = sql<never, [string, string]>('UPDATE cart_line SET document = ? WHERE line_id = ?');
const REMOVE_LINE = sql<never, [string]>('UPDATE cart_line SET removed = 1 WHERE line_id = ?');

/** A line as it is kept, also after it was removed. `request` is what was asked for when it was added. */
export type StoredLine = { ticket_id: TicketId; request: string; document: string; removed: 0 | 1 };

/** The cart of that id, open or held. */
export function cartById(ledger: Ledger, ticketId: TicketId): Cart | null {
  const row = BY_ID(ledger).get(ticketId);
  return row ? cartOf(ledger, row) : null;
}

/** The one cart that is being rung. */
export function openCart(ledger: Ledger): Cart | null {
  const row = OPEN(ledger).get();
  return row ? cartOf(ledger, row) : null;
}

/** The carts that were set aside, oldest first. */
export const heldCarts = (ledger: Ledger): Cart[] =>
  HELD(ledger)
    .all()
    .map((row) => cartOf(ledger, row));

export const insertCart = (ledger: Ledger, head: CartHead, consents: Consents): void => {
  INSERT(ledger).run(head.ticket_id, head.day_id, JSON.stringify(head), JSON.stringify(consents));
};

/** Writes the cart itself; its lines are written one by one. */
export const updateCart = (ledger: Ledger, cart: Cart): void => {
  const { state, label, head, consents } = cart;
  UPDATE(ledger).run(state, label, JSON.stringify(head), JSON.stringify(consents), head.ticket_id);
};

/** Removes a cart and its lines: it has become a ticket, or was given up. */
export const deleteCart = (ledger: Ledger, ticketId: TicketId): void => {
  DELETE(ledger).run(ticketId);
};

export const storedLine = (ledger: Ledger, lineId: LineId): StoredLine | undefined =>
  LINE(ledger).get(lineId);

export const insertLine = (ledger: Ledger, ticketId: TicketId, request: string, line: CartLine): void => {
  INSERT_LINE(ledger).run(line.line_id, ticketId, request, JSON.stringify(line), ticketId);
};

export const updateLine = (ledger: Ledger, line: CartLine): void => {
  UPDATE_LINE(ledger).run(JSON.stringify(line), line.line_id);
};

export const removeStoredLine = (ledger: Ledger, lineId: LineId): void => {
  REMOVE_LINE(ledger).run(lineId);
};

const cartOf = (ledger: Ledger, row: CartRow): Cart => ({
  head: JSON.parse(row.head) as CartHead,
  state: row.state,
  label: row.label,
  consents: JSON.parse(row.consents) as Consents,
  lines: LINES(ledger)
    .all(row.ticket_id)
    .map((line) => JSON.parse(line.document) as CartLine),
});
