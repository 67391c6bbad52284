import { join } from 'node:path';
import type { Cashier, Promised } from './cashier.ts';
import { readLedger } from './invariants/ledger.ts';
import { setUpTill } from './opening.ts';
import type { World } from './world.ts';

/**
 * Tills with a past: an older copy of the files put back, and two machines on copies of one disk. Here joins whatever
 * the protocol learns to do about them; what must hold then is in invariants/apart.ts.
 */

/** Copies a till's files now, and puts them back after `ms`: what was done in between is known to the server alone. */
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
    if (!run || !cashier.isIdle()) return;
    met('old copy');
    tell(`${till.name} goes back to an older copy`);
    cashier.former.push(...readLedger(run.files.ledger).operations);
    till.kill();
    till.replaceFiles(copy);
    putBack(cashier.promised, promised);
    cashier.forget();
  });
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
  twin.terminal_id = original.terminal_id;
  cashiers.push(twin);
  twin.till.start();
  for (let sale = 0; sale < sales; sale += 1) {
    twin.ask(
      { do: 'sell', till: 0, lines: [{ item: sale, quantity: 1 }], pay: 'cash', end: 'pay' },
      world.chance(`${name} ${sale}`),
    );
  }
}

const copyOf = (promised: Promised): Promised => structuredClone(promised);

/** Makes what was promised what it was then. */
function putBack(promised: Promised, then: Promised): void {
  for (const key of ['tickets', 'closings', 'carts'] as const) {
    const map = promised[key] as Map<unknown, unknown>;
    map.clear();
    for (const [id, value] of then[key]) map.set(id, value);
  }
  for (const key of ['days', 'adjustments', 'aborted'] as const) {
    const set = promised[key] as Set<unknown>;
    set.clear();
    for (const id of then[key]) set.add(id);
  }
}
