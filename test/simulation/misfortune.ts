import { clone, putOldCopyBack } from './past.ts';
import type { Fault } from './plan.ts';
import { restoreCentre } from './restore.ts';
import { newStranger } from './stranger.ts';
import type { World } from './world.ts';

/** Lets something go wrong. */
export function befall(world: World, fault: Fault): void {
  const { schedule, stage, shops, cashiers, met, tell, statements, later } = world;
  const cashier = 'till' in fault ? cashiers[fault.till] : undefined;
  const till = cashier?.till;
  switch (fault.do) {
    case 'exchange':
      till?.line.faults.push(fault.fault);
      return;
    case 'disk':
      till?.arm({ what: fault.fault, where: fault.where, nth: fault.nth });
      return;
    case 'statement':
      statements.push({ fault: fault.fault, nth: fault.nth });
      return;
    case 'cut off':
      if (!till) return;
      met(fault.do);
      till.line.connected = false;
      later(fault.ms, () => {
        till.line.connected = true;
      });
      return;
    case 'power cut':
      if (!till?.run()) return;
      met(`power cut, ${fault.catalogue}`);
      till.kill(fault.catalogue);
      return;
    case 'clock':
      met(fault.do);
      tell(`${till?.name}: the clock moves by ${fault.ms} ms`);
      till?.setClockBy(fault.ms);
      return;
    case 'sleep':
      met(fault.do);
      tell(`${till?.name} sleeps for ${fault.ms} ms`);
      till?.sleep(fault.ms);
      return;
    case 'old copy':
      if (cashier) putOldCopyBack(world, cashier, fault.ms);
      return;
    case 'clone':
      if (cashier) clone(world, cashier, fault.sales);
      return;
    case 'restored centre':
      later(0, () => restoreCentre(world, fault.by, fault.ms));
      return;
    case 'poison': {
      const shop = shops[fault.shop];
      if (!shop) return;
      met(fault.do);
      const stranger = world.strangers.get(shop) ?? newStranger(world, shop);
      world.strangers.set(shop, stranger);
      stranger.deliver(fault.poisons);
      return;
    }
    case 'time passes':
      met(fault.do);
      tell(`${fault.ms} ms pass`);
      schedule.skip(fault.ms);
      return;
    case 'server crash': {
      const server = stage.servers[fault.server % stage.servers.length];
      if (!server?.isUp()) return;
      met(fault.do);
      tell(`${server.name} crashes`);
      later(0, () => server.crash(fault.ms));
      return;
    }
    case 'no connections': {
      const server = stage.servers[fault.server % stage.servers.length];
      if (!server) return;
      met(fault.do);
      tell(`${server.name} has no connections left`);
      server.pool.occupy(fault.ms);
      return;
    }
  }
}

/** What befalls a statement, now that it is its turn. */
export function faultOfStatement({ statements, met }: World): World['statements'][number]['fault'] | null {
  for (const one of statements) one.nth -= 1;
  const index = statements.findIndex(({ nth }) => nth <= 0);
  const [due] = index < 0 ? [] : statements.splice(index, 1);
  if (!due) return null;
  met(due.fault);
  return due.fault;
}

/** Ends every misfortune that still waits: from now on all goes well. */
export function endMisfortune({ statements, cashiers }: World): void {
  statements.length = 0;
  for (const { till } of cashiers) {
    till.disarm();
    till.line.connected = true;
    till.line.faults.length = 0;
  }
}
