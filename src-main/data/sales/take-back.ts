import { movesOfTicket } from '#shared/stock/move.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { toldLocation } from '../catalogue/reference.ts';
import { settleAt } from '../people/terminal.ts';
import { insertMoves } from '../stock/moves.ts';
import type { Till } from '../till.ts';
import { deleteCart } from './cart-store.ts';
import { insertDay, storeClosing } from './day-store.ts';
import { insertAborted, insertTicket } from './ticket-store.ts';

type Sale = Extract<Operation, { kind: 'day.opened' | 'day.closed' | 'ticket.completed' | 'ticket.aborted' }>;

/** Writes the rows of a day or a ticket that the ledger had lost. Inside the caller's transaction. */
export function takeBackSale(till: Till, operation: Sale): void {
  const { ledger } = till;
  const { seq } = operation;
  switch (operation.kind) {
    case 'day.opened':
      takeBackOpening(till, operation);
      break;
    case 'day.closed': {
      const { z, count, reason } = operation.body;
      storeClosing(ledger, z, count ? JSON.stringify(count) : null, reason ?? null);
      break;
    }
    case 'ticket.completed': {
      const { ticket, ticket_hash } = operation.body;
      insertTicket(ledger, seq, ticket, ticket_hash);
      insertMoves(ledger, seq, movesOfTicket(ticket.lines));
      deleteCart(ledger, ticket.ticket_id);
      break;
    }
    case 'ticket.aborted': {
      const { ticket_id, day_id } = operation.body;
      insertAborted(ledger, ticket_id, seq, day_id);
      deleteCart(ledger, ticket_id);
      break;
    }
    default:
      operation satisfies never;
  }
}

function takeBackOpening(
  till: Till,
  { body, occurred_at, user_id, location_id }: Extract<Sale, { kind: 'day.opened' }>,
): void {
  const { day_id, business_date, currency, float_minor, count } = body;
  const told = toldLocation(till.catalog);
  if (told && told.location_id === location_id) settleAt(till.ledger, told);
  insertDay(
    till.ledger,
    { day_id, business_date, currency, float_minor, opened_at: occurred_at, opened_by: user_id },
    count ? JSON.stringify(count) : null,
  );
}
