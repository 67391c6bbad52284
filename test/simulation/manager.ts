import { type TerminalId, terminalIdSchema } from '#shared/ids.ts';
import { inCompany } from '../../server/db.ts';
import { makeEnrolment } from '../../server/people/enrolment.ts';
import { type Cashier, hasPast } from './cashier.ts';
import { terminalOf } from './invariants/ledger.ts';
import { change } from './office.ts';
import type { World } from './world.ts';

/** So many tills may ask for a manager before the evening has taken too long. */
const MOST_ROUNDS = 12;
/** By then every till has asked twice whether there is news, and heard of it if another goes on in its place. */
const NEWS_MS = 60_000;

/**
 * Where tills stand still because there are two of them, a manager decides, one till after the other: the first that
 * asks goes on as it is, and whoever was replaced by it comes in under a new name.
 * @param settled lets everything happen that happens by itself; false where it takes too long
 */
export async function decide(world: World, settled: () => Promise<boolean>): Promise<boolean> {
  await reinstate(world);
  // Where there are two, each hears of what the other did only when it asks again.
  let heard = world.cashiers.every(({ twin }) => twin === null);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (!(await settled())) return false;
    const asking = world.cashiers.find(asksForManager);
    if (!asking && heard) return true;
    if (asking) await letGoOn(world, asking, standstillOf(asking) ?? '');
    heard = !asking;
    await world.schedule.runUntil(() => false, NEWS_MS);
  }
  return false;
}

/** Whether a till stands still until a manager has looked. */
export const asksForManager = (cashier: Cashier): boolean => standstillOf(cashier) !== null;

/** One that is out of service is told nothing of its own past either: the office takes it back first. */
async function reinstate(world: World): Promise<void> {
  const pool = world.stage.servers[0]?.pool;
  for (const [till, cashier] of world.cashiers.entries()) {
    if (pool && hasPast(cashier)) {
      change(world, pool, cashier.shop, { do: 'service', shop: 0, till, revoked: false, stall: 0 });
    }
  }
  await world.schedule.runUntil(() => world.changes === 0, NEWS_MS);
}

function standstillOf({ till }: Cashier): string | null {
  const status = till.run()?.opened.sync.status();
  return status?.may_enrol_again ? (status.standstill?.code ?? 'stopped') : null;
}

async function letGoOn(world: World, { till, shop }: Cashier, code: string): Promise<void> {
  const { stage, schedule, tell, find, met } = world;
  const run = till.run();
  const db = stage.servers[0]?.pool.db;
  if (!run || !db) return;
  const own = terminalIdSchema.parse(terminalOf(run));
  const goesOnAs: TerminalId | null = code === 'replaced' ? null : own;
  tell(`the manager looks at ${till.name}, which is ${code}`);
  met(goesOnAs ? 'chosen copy' : 'new name');
  let done = false;
  inCompany(db, shop.company_id, (tx) => makeEnrolment(tx, shop.location_id, goesOnAs))
    .then((made) => {
      schedule.after(0, run.actor, () => {
        run.client.terminal.enrolAgain({ code: made.code }).then(
          () => {
            done = true;
          },
          (error: unknown) => {
            find(14, `${till.name}, ${code}, cannot be enrolled again: ${String(error)}`);
            done = true;
          },
        );
      });
    })
    .catch((error: unknown) => {
      find('unforeseen', `no code for ${till.name}: ${String(error)}`);
      done = true;
    });
  await schedule.runUntil(() => done, 10 * 60_000);
}
