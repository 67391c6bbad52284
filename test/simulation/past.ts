import { join } from 'node:path';
import { type Cashier, hasPast } from './cashier.ts';
import { happenedOn, type LedgerView, readLedger } from './invariants/ledger.ts';
import { setUpTill } from './opening.ts';
import { copyOf, nothingPromised, type Promised, putBack } from './promised.ts';
import type { World } from './world.ts';

/** Tills with a past: an older copy of the files put back, and two machines on copies of one disk. */

/** Copies a till's files now, and puts them back after `ms`. What the centre has heard meanwhile must come back. */
export function putOldCopyBack(world: World, cashier: Cashier, ms: number): void {
  const { schedule, tell, met } = world;
  const { till } = cashier;
  if (!till.run()) return;
  const copy = join(world.folder, `${till.name} at ${schedule.nowMs()}`);
  till.copyFiles(copy);
  const promised = copyOf(cashier.promised);
  tell(`${till.name} is copied`);
  world.later(ms, () => {
    const run = till.run();
    if (!run || !cashier.isIdle() || cashier.twin) return;
    met('old copy');
    tell(`${till.name} goes back to an older copy`);
    const lost = readLedger(run.files.ledger);
    cashier.owed = hasPast(cashier) ? null : heardOf(cashier.promised, lost);
    cashier.copies += 1;
    till.kill();
    till.replaceFiles(copy);
    putBack(cashier.promised, promised);
    cashier.forget();
  });
}

/** What was promised and has reached the centre, so that no disk can lose it. */
function heardOf(promised: Promised, ledger: LedgerView): Promised {
  const heard = nothingPromised();
  const told = { ...ledger, operations: ledger.operations.filter(({ seq }) => seq <= ledger.acked_seq) };
  for (const operation of happenedOn(told)) {
    switch (operation.kind) {
      case 'ticket.completed': {
        const ticket = promised.tickets.get(operation.body.ticket.ticket_id);
        if (ticket) heard.tickets.set(ticket.ticket_id, ticket);
        break;
      }
      case 'day.closed':
        heard.closings.set(operation.body.z.day_id, operation.body.z);
        break;
      case 'day.opened':
        heard.days.add(operation.body.day_id);
        break;
      case 'ticket.aborted':
        heard.aborted.add(operation.body.ticket_id);
        break;
      case 'stock.adjusted':
        heard.adjustments.add(operation.body.adjustment_id);
        break;
      default:
    }
  }
  return heard;
}

/** Starts a second machine on a copy of a till's disk; each goes its own way. */
export function clone(world: World, original: Cashier, sales: number): void {
  const { met, tell, cashiers } = world;
  const { till, shop } = original;
  if (!till.run() || !original.isIdle() || original.twin) return;
  met('clone');
  const name = `${till.name}'`;
  tell(`${till.name} is cloned`);
  const twin = setUpTill(world, shop, name, copyOf(original.promised));
  till.copyFiles(twin.till.folder());
  original.twin = twin;
  twin.twin = original;
  cashiers.push(twin);
  twin.till.start();
  for (let sale = 0; sale < sales; sale += 1) {
    twin.ask(
      { do: 'sell', till: 0, times: 1, lines: [{ item: sale, quantity: 1 }], pay: 'cash', end: 'pay' },
      world.chance(`${name} ${sale}`),
    );
  }
}
