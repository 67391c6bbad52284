import type { Ticket } from './ticket.ts';
import { sumLines } from './ticket-totals.ts';

/** A sum within a ticket that does not add up; the server stores such a ticket and flags it. */
export type TicketFault = 'line_total' | 'ticket_total' | 'tax_total' | 'tender_total' | 'line_numbers';

/**
 * Checks that a ticket's own figures agree: lines with totals, taxes with lines, tenders with what was due.
 * Works on the captured figures alone, so it holds for every version that ever computed them.
 */
export function ticketFaults(ticket: Ticket): TicketFault[] {
  const faults: TicketFault[] = [];
  const sums = sumLines(ticket.lines);
  let taxes = 0;
  for (const tax of ticket.taxes) taxes += tax.tax_minor;
  let paid = 0;
  for (const tender of ticket.tenders) paid += tender.amount_minor;
  const broken = ticket.lines.some((line) => {
    const amount = line.gross_minor - line.line_discount_minor - line.ticket_discount_minor;
    return amount !== line.net_minor + (ticket.prices_include_tax ? line.tax_minor : 0);
  });
  if (broken) faults.push('line_total');
  if (
    sums.gross_minor !== ticket.gross_minor ||
    sums.discount_minor !== ticket.discount_minor ||
    sums.net_minor !== ticket.net_minor ||
    sums.tax_minor !== ticket.tax_minor ||
    sums.total_minor !== ticket.total_minor
  ) {
    faults.push('ticket_total');
  }
  if (taxes !== ticket.tax_minor) faults.push('tax_total');
  if (
    ticket.due_minor !== ticket.total_minor + ticket.rounding_minor ||
    paid - ticket.change_minor !== ticket.due_minor
  ) {
    faults.push('tender_total');
  }
  if (ticket.lines.some((line, index) => line.line_no !== index + 1)) faults.push('line_numbers');
  return faults;
}
