import type { DayId, TicketId } from '#shared/ids.ts';
import type { CartView } from '#shared/sales/cart.ts';
import type { ZReport } from '#shared/sales/day.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';

/** What a screen was told was done: it must be there for ever. */
export type Promised = {
  readonly tickets: Map<TicketId, IssuedTicket>;
  readonly days: Set<DayId>;
  readonly closings: Map<DayId, ZReport>;
  readonly adjustments: Set<string>;
  readonly aborted: Set<TicketId>;
  /** Carts as they were shown last. */
  readonly carts: Map<TicketId, CartView>;
};

export const nothingPromised = (): Promised => ({
  tickets: new Map(),
  days: new Set(),
  closings: new Map(),
  adjustments: new Set(),
  aborted: new Set(),
  carts: new Map(),
});

export const copyOf = (promised: Promised): Promised => structuredClone(promised);

/** Makes what is promised what it was then. */
export function putBack(promised: Promised, then: Promised): void {
  for (const part of Object.values(promised)) part.clear();
  promiseAll(promised, then);
}

/** Promises what somebody else was promised, too; of carts only what is in them now counts. */
export function promiseAll(promised: Promised, others: Promised): void {
  for (const [id, ticket] of others.tickets) promised.tickets.set(id, ticket);
  for (const [id, z] of others.closings) promised.closings.set(id, z);
  for (const [id, cart] of others.carts) promised.carts.set(id, cart);
  for (const id of others.days) promised.days.add(id);
  for (const id of others.adjustments) promised.adjustments.add(id);
  for (const id of others.aborted) promised.aborted.add(id);
}
