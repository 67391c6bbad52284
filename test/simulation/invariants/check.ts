import { type Cashier, hasPast } from '../cashier.ts';
import { promiseAll } from '../promised.ts';
import type { Run } from '../till.ts';
import type { World } from '../world.ts';
import { checkCatalogue, readServerCatalogue, type ServerCatalogue } from './catalogue.ts';
import { checkCentre, type Pair } from './centre.ts';
import { type CentreView, readCentre } from './centre-view.ts';
import { checkFlags } from './flags.ts';
import { checkLedger, readLedger, terminalOf } from './ledger.ts';
import type { Find } from './names.ts';
import { checkPromises } from './promises.ts';
import { checkStranger } from './strangers.ts';
import { checkTenancy, checkTold } from './tenancy.ts';

/** Holds a till's own files against themselves and against what its screen was told: after every start. */
export function checkFiles(cashier: Cashier, { files }: Run, find: Find): void {
  const { till, promised } = cashier;
  const view = readLedger(files.ledger);
  checkLedger(files.ledger, view, till.name, hasPast(cashier), find);
  checkPromises(promised, view, files.ledger, till.name, find);
}

/** As what the centre knows a till now. */
function knownAs({ till }: Cashier): string {
  const run = till.run();
  return run ? terminalOf(run) : '';
}

/** Everything, once nothing waits any more. */
export async function checkAtRest(world: World): Promise<void> {
  const { stage, shops, cashiers, strangers, find } = world;
  const centres = new Map<string, CentreView>();
  for (const shop of shops) centres.set(shop.company_id, await readCentre(stage.look, shop.company_id));
  const honest = new Set(cashiers.map(knownAs));
  checkTenancy(centres, honest, find);
  for (const shop of shops) {
    const centre = centres.get(shop.company_id);
    if (!centre) continue;
    const pairs: Pair[] = [];
    for (const cashier of cashiers.filter((one) => one.shop === shop)) {
      const run = cashier.till.run();
      if (!run) {
        find('unforeseen', `${cashier.till.name} does not run`);
        continue;
      }
      // What the centre was put back from, it cannot give back; what it knows of another history, it does not merge.
      const isOneHistory = world.restores === 0 && readLedger(run.files.ledger).epoch === 1;
      if (cashier.owed && isOneHistory) promiseAll(cashier.promised, cashier.owed);
      checkFiles(cashier, run, find);
      checkTold(cashier, run, centres, find);
      await checkPulled(world, cashier, run, centre);
      pairs.push({ cashier, ledger: readLedger(run.files.ledger) });
    }
    checkCentre(pairs, centre, find);
    checkFlags(pairs, centre, world);
    const stranger = strangers.get(shop);
    if (stranger && world.restores === 0) checkStranger(stranger, centre, find);
  }
}

/** A till that is told anything has the catalogue of the place where it stands now. */
async function checkPulled(
  { stage, find }: World,
  cashier: Cashier,
  run: Run,
  centre: CentreView,
): Promise<void> {
  const { till, shop } = cashier;
  const terminal = centre.terminals.find((row) => row.terminal_id === knownAs(cashier));
  if (!terminal || terminal.frozen || terminal.revoked) return;
  const catalogue: ServerCatalogue = await readServerCatalogue(
    stage.look,
    shop.company_id,
    terminal.location_id,
    find,
  );
  checkCatalogue(run.files.catalog, catalogue, till.name, find);
}
