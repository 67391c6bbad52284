import { join } from 'node:path';
import { inCompany } from '../../server/db.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { sha256 } from '../../src-main/data/sync/sha256.ts';
import { type Cashier, newCashier } from './cashier.ts';
import { checkFiles } from './invariants/check.ts';
import type { Promised } from './promised.ts';
import { newActor } from './schedule.ts';
import type { Shop } from './shop.ts';
import { newTill, type SimTill } from './till.ts';
import type { World } from './world.ts';

/** How long (ms) the app takes to start a process again that ended. */
const RESTART_MS = 700;
/** Long enough for anything that nobody disturbs. */
const UNDISTURBED_MS = 60_000;

/** A till with somebody at it. Its files are as they lie in its folder. */
export function setUpTill(world: World, shop: Shop, name: string, promised?: Promised): Cashier {
  const { schedule, network, tell, met, find } = world;
  const till = newTill({
    name,
    folder: join(world.folder, name),
    schedule,
    network,
    autosync: world.plan.autosync,
    session: `session of ${name.slice(0, 2)}`,
    met: ({ what }) => {
      met(what);
      tell(`${name} meets ${what}`);
    },
    started: (_, run) => {
      tell(`${name} runs`);
      checkFiles(cashier, run, find);
    },
    died: (dead) => {
      tell(`${name} is dead`);
      schedule.after(RESTART_MS, newActor(name), dead.start);
    },
    complain: (what) => find('unforeseen', `${name}: ${what}`),
  });
  const cashier: Cashier = newCashier({ till, shop, schedule, tell, find, promised });
  return cashier;
}

/** A new till: enrols with a code that the manager made, fetches its catalogue, and the manager signs in. */
export async function openTill(world: World, shop: Shop, name: string): Promise<Cashier> {
  const { schedule, stage } = world;
  const db = stage.servers[0]?.pool.db;
  if (!db) throw new Error('there is no server');
  const cashier = setUpTill(world, shop, name);
  const { till } = cashier;
  till.replaceFiles(stage.emptyTill);
  till.start();
  let code: string | undefined;
  inCompany(db, shop.company_id, (tx) => makeEnrolmentCode(tx, shop.location_id)).then((made) => {
    code = made;
  });
  await schedule.runUntil(() => code !== undefined && till.run() !== null, UNDISTURBED_MS);
  const run = till.run();
  if (!run || code === undefined) throw new Error(`${name} did not start`);
  const asked = { server_url: 'http://centre.test', code, name };
  let enrolled: 'yes' | Error | undefined;
  schedule.after(0, run.actor, () => {
    run.client.terminal.enrol(asked).then(
      () => {
        signIn(till, shop);
        enrolled = 'yes';
      },
      (error: Error) => {
        enrolled = error;
      },
    );
  });
  await schedule.runUntil(() => enrolled !== undefined, UNDISTURBED_MS);
  if (enrolled !== 'yes') throw enrolled ?? new Error(`${name} was not enrolled`);
  return cashier;
}

/** As `people.signIn` would leave it; checking a PIN takes a thread its time, which nobody decides. */
function signIn(till: SimTill, shop: Shop): void {
  till
    .run()
    ?.files.ledger.prepare('INSERT INTO session (token_hash, user_id, started_at) VALUES (?, ?, ?)')
    .run(sha256(till.session), shop.manager, new Date().toISOString());
}
