import type { Database } from 'better-sqlite3';
import { canonicalJson } from '#shared/sync/canonical.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Promised } from '../promised.ts';
import { happenedOn, type LedgerView } from './ledger.ts';
import { type Find, same } from './names.ts';

/** What a ledger says was done, as screens are told of it. */
type Done = { tickets: Map<string, string>; closings: Map<string, string>; others: Set<string> };

function doneIn(operations: readonly Operation[]): Done {
  const done: Done = { tickets: new Map(), closings: new Map(), others: new Set() };
  for (const operation of operations) {
    switch (operation.kind) {
      case 'ticket.completed': {
        const { ticket, ticket_hash } = operation.body;
        done.tickets.set(ticket.ticket_id, canonicalJson({ ...ticket, ticket_hash }));
        break;
      }
      case 'day.closed':
        done.closings.set(operation.body.z.day_id, canonicalJson(operation.body.z));
        break;
      case 'day.opened':
        done.others.add(operation.body.day_id);
        break;
      case 'ticket.aborted':
        done.others.add(operation.body.ticket_id);
        break;
      case 'stock.adjusted':
        done.others.add(operation.body.adjustment_id);
        break;
      default:
    }
  }
  return done;
}

/** Holds a ledger against what screens were told was done. What was removed after its time is not looked for. */
export function checkPromises(
  promised: Promised,
  view: LedgerView,
  ledger: Database,
  name: string,
  find: Find,
): void {
  if (view.pruned_seq > 0) return;
  const done = doneIn(happenedOn(view));
  for (const [id, ticket] of promised.tickets) {
    same(find, 3, `${name}: ticket ${id}`, done.tickets.get(id), canonicalJson(ticket));
  }
  for (const [id, z] of promised.closings) {
    same(find, 3, `${name}: closing of ${id}`, done.closings.get(id), canonicalJson(z));
  }
  for (const id of [...promised.days, ...promised.adjustments, ...promised.aborted]) {
    if (!done.others.has(id)) find(3, `${name}: ${id} is gone`);
  }
  const lines = ledger.prepare<[string], { line_id: string }>(
    'SELECT line_id FROM cart_line WHERE ticket_id = ? AND removed = 0 ORDER BY position',
  );
  for (const [id, cart] of promised.carts) {
    // Asked for, and done although the answer was lost: the cart is a ticket or was given up.
    if (done.tickets.has(id) || done.others.has(id)) continue;
    const kept = lines.all(id).map(({ line_id }) => line_id);
    const shown = cart.lines.map(({ line_id }) => line_id);
    same(find, 3, `${name}: lines of cart ${id}`, kept.slice(0, shown.length), shown);
  }
}
