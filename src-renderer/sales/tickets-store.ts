import { create } from 'zustand';
import type { TicketId } from '#shared/ids.ts';
import type { IssuedTicket } from '#shared/sales/ticket.ts';
import { till } from '../api.ts';
import { explain, type Problem } from '../part/problem.ts';

type Tickets = {
  tickets: readonly IssuedTicket[] | null;
  chosen: TicketId | null;
  filter: string;
  problem: Problem | null;
};

/** The tickets that were completed here, the latest first. */
export const useTickets = create<Tickets>()(() => ({
  tickets: null,
  chosen: null,
  filter: '',
  problem: null,
}));

const limit = 200;

/** Asks for the latest tickets. */
export async function refreshTickets(): Promise<void> {
  try {
    useTickets.setState({ tickets: await till.sales.recentTickets({ limit }), problem: null });
  } catch (error) {
    useTickets.setState({ problem: explain(error) });
  }
}

/** The tickets whose receipt number contains what is being looked for. */
export const filtered = ({ tickets, filter }: Pick<Tickets, 'tickets' | 'filter'>): readonly IssuedTicket[] =>
  (tickets ?? []).filter(({ receipt_number }) => receipt_number.includes(filter.trim().toUpperCase()));
