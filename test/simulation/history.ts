import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany } from '../../server/db.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { sha256 } from '../../src-main/data/sync/sha256.ts';
import { type Cashier, newCashier } from './cashier.ts';
import { chanceFor } from './chance.ts';
import { DISK_MESSAGE, Killed } from './disk.ts';
import { checkHistory, type Violation } from './invariants.ts';
import { newNetwork } from './network.ts';
import { change } from './office.ts';
import type { Plan, Step } from './plan.ts';
import { playOn } from './platform.ts';
import type { StatementFault } from './pool.ts';
import { newActor, newSchedule } from './schedule.ts';
import type { SimServer } from './servers.ts';
import { openShop, type Shop } from './shop.ts';
import { newTill, type SimTill } from './till.ts';

/** What every history of a run is played on. */
export type Stage = {
  readonly servers: readonly SimServer[];
  /** Reads the database as its owner of everything does, past every wall. */
  readonly look: <Row>(sql: string, values?: unknown[]) => Promise<Row[]>;
  /** Tells the servers that their database is another one than it was. */
  readonly newEpoch: (epoch: string) => Promise<void>;
  /** Takes companies out of the database again, with everything of theirs. */
  readonly forget: (companies: readonly CompanyId[]) => Promise<void>;
  readonly folder: string;
};

/** What came of a history. */
export type Outcome = {
  readonly violations: readonly Violation[];
  /** Every line of what happened, and a digest that is the same for the same history. */
  readonly trace: readonly string[];
  readonly digest: string;
  readonly operations: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly events: number;
};

/** So long (ms of virtual time) everything that waits may take, once nothing goes wrong any more. */
const PATIENCE_MS = 30 * 60_000;

export async function playHistory(stage: Stage, plan: Plan): Promise<Outcome> {
  const schedule = newSchedule(plan.start);
  const random = chanceFor(plan.seed, 'ids');
  const trace: string[] = [];
  const violations: Violation[] = [];
  const faults: Record<string, number> = {};
  const tell = (what: string) =>
    trace.push(`${(schedule.nowMs() - plan.start).toString().padStart(8)} ${what}`);
  const met = (fault: string) => {
    faults[fault] = (faults[fault] ?? 0) + 1;
  };
  const complain = (what: string) => {
    tell(`! ${what}`);
    violations.push({ invariant: 'nothing unforeseen', what });
  };
  const network = newNetwork({
    seed: plan.seed,
    schedule,
    servers: stage.servers,
    tell,
    met,
    failed: complain,
  });
  playOn({
    nowMs: schedule.nowMs,
    chance: random,
    fetch: network.fetch,
    unhandled: (error) => {
      if (error instanceof Killed) return;
      const ended = cashiers.find(({ till }) => till.run()?.actor === schedule.current());
      if (!ended || !isOfTheDisk(error)) complain(`nobody handled ${String(error)}`);
      ended?.till.kill();
    },
    timer: (call, ms, every) => {
      const actor = schedule.current();
      let stop = () => {};
      const again = () => {
        stop = schedule.after(ms, actor, () => {
          if (every) again();
          call();
        });
      };
      again();
      return () => stop();
    },
  });
  const first = stage.servers[0];
  if (!first) throw new Error('there is no server');
  const folder = join(stage.folder, `history-${plan.seed}`);
  const statements: { fault: StatementFault; nth: number }[] = [];
  const latency = chanceFor(plan.seed, 'statements');
  const shops: Shop[] = [];
  const cashiers: Cashier[] = [];
  try {
    await stage.newEpoch(randomUUID());
    for (const index of plan.shops.keys()) {
      shops.push(await openShop(first.pool.db, plan.seed, 'ABC'[index] ?? 'X'));
    }
    for (const server of stage.servers) {
      server.play({
        schedule,
        tell,
        takes: () => (latency() < 0.02 ? latency() * 50 : latency() * 2),
        fault: () => dueFault(statements, met),
      });
    }
    await openTills(first.pool.db);
    const opened = schedule.nowMs();
    for (const step of plan.steps) schedule.after(step.at, newActor('plan'), () => take(step));
    const last = plan.steps.at(-1)?.at ?? 0;
    await schedule.runUntil(() => schedule.nowMs() > opened + last && cashiers.every(idle), PATIENCE_MS);
    await drain();
    violations.push(...(await checkHistory({ look: stage.look, shops, cashiers })));
    return {
      violations,
      trace,
      digest: createHash('sha256').update(trace.join('\n')).digest('hex'),
      operations: cashiers.reduce(
        (sum, { till }) => sum + (till.run()?.opened.sync.status().last_seq ?? 0),
        0,
      ),
      faults,
      events: schedule.happened(),
    };
  } finally {
    await end();
  }

  /** Everybody goes home; what servers still work on comes to its end. */
  async function end(): Promise<void> {
    for (const { till } of cashiers) till.retire();
    network.hangUp();
    statements.length = 0;
    await schedule.runUntil(() => network.underWay() === 0, 60_000);
    for (const server of stage.servers) await server.reset();
    playOn(null);
    await stage.forget(shops.map((shop) => shop.company_id));
    rmSync(folder, { recursive: true, force: true });
  }

  async function openTills(db: Db): Promise<void> {
    for (const [index, shop] of shops.entries()) {
      for (let number = 1; number <= (plan.shops[index] ?? 0); number += 1) {
        cashiers.push(await openTill(db, shop, `${shop.letter}${number}`));
      }
    }
  }

  async function openTill(db: Db, shop: Shop, name: string): Promise<Cashier> {
    const session = `session of ${name}`;
    const till = newTill({
      name,
      folder: join(folder, name),
      schedule,
      network,
      autosync: plan.autosync,
      session,
      met: ({ what }) => {
        met(what);
        tell(`${name} meets ${what}`);
      },
      died: (dead) => {
        tell(`${name} is dead`);
        schedule.after(700, newActor(name), dead.start);
      },
      complain,
    });
    till.start();
    let enrolled = false;
    let code: string | undefined;
    inCompany(db, shop.company_id, (tx) => makeEnrolmentCode(tx, shop.location_id)).then((made) => {
      code = made;
    });
    await schedule.runUntil(() => code !== undefined && till.run() !== null, 60_000);
    const run = till.run();
    if (!run || code === undefined) throw new Error(`${name} did not start`);
    const asked = { server_url: 'http://centre.test', code, name };
    schedule.after(0, run.actor, () => {
      run.client.terminal.enrol(asked).then(() => {
        run.opened.till.ledger
          .prepare('INSERT INTO session (token_hash, user_id, started_at) VALUES (?, ?, ?)')
          .run(sha256(session), shop.manager, new Date().toISOString());
        enrolled = true;
      }, complain);
    });
    if (!(await schedule.runUntil(() => enrolled, 60_000))) throw new Error(`${name} was not enrolled`);
    return newCashier({ till, shop, schedule, tell, complain });
  }

  function take(step: Step): void {
    const who = 'till' in step ? cashiers[step.till] : undefined;
    switch (step.do) {
      case 'exchange':
        who?.till.line.faults.push(step.fault);
        return;
      case 'cut off': {
        if (!who) return;
        met('cut off');
        who.till.line.connected = false;
        schedule.after(step.ms, newActor('network'), () => {
          who.till.line.connected = true;
        });
        return;
      }
      case 'disk':
        who?.till.arm({ what: step.fault, nth: step.nth });
        return;
      case 'statement':
        statements.push({ fault: step.fault, nth: step.nth });
        return;
      case 'price': {
        const shop = shops[step.shop];
        const server = stage.servers.at(-1);
        if (shop && server) change({ schedule, pool: server.pool, tell }, shop, step);
        return;
      }
      default:
        who?.ask(step, chanceFor(plan.seed, `step at ${step.at}`));
    }
  }

  /** Nothing goes wrong any more: everything that waits must arrive. */
  async function drain(): Promise<void> {
    statements.length = 0;
    for (const { till } of cashiers) {
      till.disarm();
      till.line.connected = true;
      till.line.faults.length = 0;
    }
    if (!plan.autosync) await askAllToSynchronise();
    const done = await schedule.runUntil(() => cashiers.every(({ till }) => isUpToDate(till)), PATIENCE_MS);
    if (!done) violations.push({ invariant: '12 backlogs drain', what: cashiers.map(stateOf).join('; ') });
  }

  async function askAllToSynchronise(): Promise<void> {
    for (let round = 0; round < 3; round += 1) {
      for (const cashier of cashiers) cashier.ask({ do: 'synchronise', till: 0 }, Math.random);
      await schedule.runUntil(() => cashiers.every(idle), PATIENCE_MS);
    }
  }
}

const isOfTheDisk = (error: unknown): boolean => error instanceof Error && error.message === DISK_MESSAGE;

const idle = (cashier: Cashier): boolean => cashier.isIdle();

function isUpToDate(till: SimTill): boolean {
  const status = till.run()?.opened.sync.status();
  return status !== undefined && status.waiting === 0 && status.problem === null && !status.running;
}

const stateOf = ({ till }: Cashier): string => {
  const status = till.run()?.opened.sync.status();
  return `${till.name}: ${status?.waiting} wait, ${JSON.stringify(status?.problem)}`;
};

function dueFault(
  armed: { fault: StatementFault; nth: number }[],
  met: (fault: string) => void,
): StatementFault | null {
  for (const one of armed) one.nth -= 1;
  const index = armed.findIndex(({ nth }) => nth <= 0);
  const [due] = index < 0 ? [] : armed.splice(index, 1);
  if (!due) return null;
  met(due.fault);
  return due.fault;
}
