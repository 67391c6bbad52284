import { addsUpTo } from './rounding.ts';
import type { Ticket, TicketLine } from './ticket.ts';
import { discountsOf } from './ticket-totals.ts';

/** A sum within a ticket that does not add up; the server stores such a ticket and flags it. */
export type TicketFault = 'line_total' | 'ticket_total' | 'tax_total' | 'tender_total' | 'line_numbers';

/**
 * Checks that a ticket's own figures agree: lines with totals, taxes with lines, tenders with what was due.
 * Works on the captured figures alone, so it holds for every version that ever computed them; figures too large
 * to be added are a fault like any other.
 */
export function ticketFaults(ticket: Ticket): TicketFault[] {
  const faults: TicketFault[] = [];
  const { lines, tenders, taxes } = ticket;
  const broken = lines.some((line) => {
    const taken = [...discountsOf(line), line.net_minor, ticket.prices_include_tax ? line.tax_minor : 0];
    return !addsUpTo(taken, line.gross_minor);
  });
  if (broken) faults.push('line_total');
  const linesAddUp =
    addsUpTo(lines.map(grossOf), ticket.gross_minor) &&
    addsUpTo(lines.flatMap(discountsOf), ticket.discount_minor) &&
    addsUpTo(lines.map(netOf), ticket.net_minor) &&
    addsUpTo(lines.map(taxOf), ticket.tax_minor) &&
    addsUpTo([ticket.net_minor, ticket.tax_minor], ticket.total_minor);
  if (!linesAddUp) faults.push('ticket_total');
  if (!addsUpTo(taxes.map(taxOf), ticket.tax_minor)) faults.push('tax_total');
  const paid = [...tenders.map((tender) => tender.amount_minor), -ticket.change_minor];
  if (
    !addsUpTo([ticket.total_minor, ticket.rounding_minor], ticket.due_minor) ||
    !addsUpTo(paid, ticket.due_minor)
  ) {
    faults.push('tender_total');
  }
  if (ticket.lines.some((line, index) => line.line_no !== index + 1)) faults.push('line_numbers');
  return faults;
}

const grossOf = (line: TicketLine) => line.gross_minor;
const netOf = (line: TicketLine) => line.net_minor;
const taxOf = (entry: Pick<TicketLine, 'tax_minor'>) => entry.tax_minor;
