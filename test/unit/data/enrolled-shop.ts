import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { ROLES } from '#shared/people/role.ts';
import { startSync } from '../../../src-main/data/sync/start-sync.ts';
import {
  aLocation,
  anItem,
  aUser,
  handClock,
  itemRow,
  newFolder,
  openTill,
  rowOf,
  type Shop,
} from './shop.ts';
import { startSmallCentral } from './small-central.ts';

/** The code that the server's office made. */
export const CODE = 'ABCDEFGH1234';

/** A till that is enrolled at a server of its own and has pulled what a shop needs. */
export async function enrolledShop(options: { autosync?: boolean } = {}) {
  const location = aLocation();
  const central = await startSmallCentral(location);
  const [cashier, manager] = [
    aUser('Carla', '1111', [...ROLES.CASHIER.permissions]),
    aUser('Mona', '2222', [...ROLES.MANAGER.permissions]),
  ];
  const [heart, lantern, bread] = [anItem({ sku: '85123A' }), anItem(), anItem()];
  central.feed.push(
    rowOf('location', location.location_id, location),
    ...[cashier, manager].map((user) => rowOf('user', user.user_id, user)),
    rowOf('category', 'HOME', { code: 'HOME', name: 'Home', department: 'SHOP' }),
    rowOf('tax_class', 'STANDARD', { code: 'STANDARD', name: 'Standard', rates: [] }),
    rowOf('payment_type', 'CASH', { code: 'CASH', name: 'Cash', kind: 'cash' }),
    ...[heart, lantern, bread].map(itemRow),
  );
  const folder = newFolder();
  const clock = handClock();
  const files = openTill(folder, clock);
  const till = { ...files, committed: () => sync.wake() };
  const sync = startSync(till, folder, { autosync: options.autosync ?? false, catalogProblem: null });
  onTestFinished(() => sync.stop());
  await sync.enrol({ server_url: central.url, code: CODE, name: 'Front' });
  const shop: Shop = { folder, till, clock, location, cashier, manager, heart, lantern, bread };
  return { central, sync, shop, folder };
}

/** Waits until `holds`; the test's own time limit ends it otherwise. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(5);
}
