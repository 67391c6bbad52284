import type { Cashier } from '../cashier.ts';
import type { Shop } from '../shop.ts';
import type { Look } from '../stage.ts';
import type { Run } from '../till.ts';
import { checkCatalogue, readServerCatalogue } from './catalogue.ts';
import { checkCentre, type Pair } from './centre.ts';
import { type CentreView, readCentre } from './centre-view.ts';
import { checkFlags } from './flags.ts';
import { checkLedger, readLedger } from './ledger.ts';
import type { Find } from './names.ts';
import { checkPromises } from './promises.ts';
import { checkTenancy, checkTill } from './tenancy.ts';

/** Holds a till's own files against themselves and against what its screen was told: after every start. */
export function checkFiles({ till, promised }: Cashier, { files }: Run, find: Find): void {
  const view = readLedger(files.ledger);
  checkLedger(files.ledger, view, till.name, find);
  checkPromises(promised, view, files.ledger, till.name, find);
}

/** Everything, once nothing waits any more. */
export async function checkAtRest(
  look: Look,
  shops: readonly Shop[],
  cashiers: readonly Cashier[],
  find: Find,
): Promise<void> {
  const centres = new Map<string, CentreView>();
  for (const shop of shops) centres.set(shop.company_id, await readCentre(look, shop.company_id));
  checkTenancy(centres, find);
  for (const shop of shops) {
    const centre = centres.get(shop.company_id);
    if (!centre) continue;
    const catalogue = await readServerCatalogue(look, shop.company_id, shop.location_id, find);
    const pairs: Pair[] = [];
    for (const cashier of cashiers.filter((one) => one.shop === shop)) {
      const run = cashier.till.run();
      if (!run) {
        find('unforeseen', `${cashier.till.name} does not run`);
        continue;
      }
      checkFiles(cashier, run, find);
      checkCatalogue(run.files.catalog, catalogue, cashier.till.name, find);
      const pair = { name: cashier.till.name, ledger: readLedger(run.files.ledger) };
      checkTill(pair, run.files.catalog, shop.company_id, centres, find);
      pairs.push(pair);
    }
    checkCentre(pairs, centre, find);
    checkFlags(pairs, centre, find);
  }
}
