import { createHash, randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../src-main/data/open.ts';
import { pullState } from '../../src-main/data/sync/pull-state.ts';
import { archive, checkSafe } from './archive.ts';
import type { Cashier } from './cashier.ts';
import { chanceFor } from './chance.ts';
import { DISK_MESSAGE, Killed } from './disk.ts';
import { checkAtRest } from './invariants/check.ts';
import { ackedBy, terminalOf } from './invariants/ledger.ts';
import type { Find, Violation } from './invariants/names.ts';
import { asksForManager, decide } from './manager.ts';
import { befall, endMisfortune, faultOfStatement } from './misfortune.ts';
import { newNetwork } from './network.ts';
import { change } from './office.ts';
import { openTill } from './opening.ts';
import { isBusiness, isOfficeChange, type Plan, type Step } from './plan.ts';
import { playOn } from './platform.ts';
import { newActor, newSchedule } from './schedule.ts';
import { openShop } from './shop.ts';
import type { Stage } from './stage.ts';
import type { World } from './world.ts';

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

/** Plays a history to its end, and holds everything against everything. */
export async function playHistory(stage: Stage, plan: Plan): Promise<Outcome> {
  const trace: string[] = [];
  const violations: Violation[] = [];
  const faults: Record<string, number> = {};
  const world = newWorld(stage, plan, {
    tell: (what) => trace.push(what),
    met: (kind) => {
      faults[kind] = (faults[kind] ?? 0) + 1;
    },
    find: (invariant, what) => violations.push({ invariant, what }),
  });
  try {
    await open(world);
    await live(world);
    await drain(world);
    await checkAtRest(world);
  } catch (error) {
    world.find('unforeseen', error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  try {
    return {
      violations,
      trace,
      digest: createHash('sha256').update(trace.join('\n')).digest('hex'),
      operations: world.cashiers.reduce((sum, { till }) => sum + recorded(till.run()), 0),
      faults,
      events: world.schedule.happened(),
    };
  } finally {
    await close(world);
  }
}

function newWorld(
  stage: Stage,
  plan: Plan,
  notes: { tell: (line: string) => void; met: (kind: string) => void; find: Find },
): World {
  const { seed } = plan;
  const schedule = newSchedule(plan.start);
  const { met } = notes;
  const tell = (what: string) => notes.tell(`${String(schedule.nowMs() - plan.start).padStart(9)} ${what}`);
  const find: Find = (invariant, what) => {
    tell(`! ${invariant}: ${what}`);
    notes.find(invariant, what);
  };
  const failed = (what: string) => find('unforeseen', what);
  const network = newNetwork({ seed, schedule, servers: stage.servers, tell, met, failed });
  const chance = (matter: string) => chanceFor(seed, matter);
  const folder = join(stage.folder, `history-${seed}`);
  const world: World = {
    ...{ plan, stage, schedule, network, tell, met, find, chance, folder },
    ...{
      shops: [],
      cashiers: [],
      statements: [],
      strangers: new Map(),
      changes: 0,
      pending: 0,
      restores: 0,
      saved: 0,
    },
    later: (ms, run) => {
      world.pending += 1;
      schedule.after(ms, newActor('misfortune'), async () => {
        await run();
        world.pending -= 1;
      });
    },
  };
  return world;
}

/** The morning: companies, servers, tills. Nothing goes wrong yet. */
async function open(world: World): Promise<void> {
  const { plan, stage, schedule, network, shops, cashiers, tell } = world;
  playOn({
    nowMs: schedule.nowMs,
    chance: world.chance('the machine'),
    fetch: network.fetch,
    timer: (call, ms, every) => startTimer(world, call, ms, every),
    unhandled: (error) => endProcess(world, error),
  });
  await stage.newEpoch(randomUUID());
  await stage.newTimeline(randomUUID());
  const [first] = stage.servers;
  if (!first) throw new Error('there is no server');
  for (const index of plan.shops.keys()) {
    shops.push(await openShop(first.pool.db, plan.seed, 'ABC'[index] ?? 'X'));
  }
  const latency = world.chance('statements');
  const takes = () => (latency() < 0.02 ? latency() * 50 : latency() * 2);
  for (const server of stage.servers) {
    server.play(
      { schedule, tell, takes, fault: () => faultOfStatement(world) },
      plan.archives ? 'archived' : 'committed',
    );
  }
  for (const [index, shop] of shops.entries()) {
    for (let number = 1; number <= (plan.shops[index] ?? 0); number += 1) {
      cashiers.push(await openTill(world, shop, `${shop.letter}${number}`));
    }
  }
}

/** The day: all steps of the plan, until everybody has done what was asked. */
async function live(world: World): Promise<void> {
  const { plan, schedule, cashiers } = world;
  let left = plan.steps.length;
  for (const step of plan.steps) {
    schedule.after(step.at, newActor('plan'), () => {
      left -= 1;
      return take(world, step);
    });
  }
  for (const at of plan.archives ?? []) schedule.after(at, newActor('archive'), () => archive(world));
  const strangers = () => [...world.strangers.values()].every((stranger) => stranger.isIdle());
  const done = await schedule.runUntil(() => {
    lookAtWhoActed(world);
    return left === 0 && cashiers.every(isIdle) && strangers();
  }, PATIENCE_MS);
  if (!done) world.find(12, `somebody never got done: ${cashiers.map(stateOf).join('; ')}`);
}

function take(world: World, step: Step): unknown {
  const { shops, cashiers, stage } = world;
  if (isBusiness(step)) {
    cashiers[step.till]?.ask(step, world.chance(`step at ${step.at}`));
    return;
  }
  if (!isOfficeChange(step)) return befall(world, step);
  const shop = shops[step.shop];
  const server = stage.servers.at(-1);
  if (shop && server) change(world, server.pool, shop, step);
  return;
}

/** The evening: nothing goes wrong any more, and everything that waits must arrive. */
async function drain(world: World): Promise<void> {
  const { plan, stage, schedule, cashiers } = world;
  endMisfortune(world);
  const quiet = () => world.changes === 0 && world.pending === 0 && stage.servers.every((one) => one.isUp());
  await schedule.runUntil(quiet, PATIENCE_MS);
  const settled = async (): Promise<boolean> => {
    if (!plan.autosync) await synchroniseAll(world);
    for (let waited = 0; waited < PATIENCE_MS; waited += TELL_MS) {
      if (!(await runUntilAll(world, hasSent))) return false;
      const ends = await feedEnds(world);
      if (cashiers.every((one) => asksForManager(one) || (hasSent(one) && isTold(one, ends)))) return true;
      await schedule.runUntil(() => false, TELL_MS);
    }
    return false;
  };
  const done = await decide(world, settled);
  if (!done) world.find(12, `something still waits: ${cashiers.map(stateOf).join('; ')}`);
  if (!done || !plan.archives) return;
  const going = cashiers.filter((one) => !asksForManager(one));
  await checkSafe(world, going, () => synchroniseAll(world));
}

/** How long (ms) tills have to be told of something before it is asked again whether they were. */
const TELL_MS = 1000;
/** How often (ms) it is asked of every till how far it is. */
const ASK_EVERY_MS = 200;

/** Lets things happen until something is true of everybody; false where that takes too long. */
async function runUntilAll(world: World, isDone: (one: Cashier) => boolean): Promise<boolean> {
  const { schedule, cashiers } = world;
  const all = () => cashiers.every(isDone);
  let next = 0;
  const now = () => {
    lookAtWhoActed(world);
    if (schedule.nowMs() < next) return false;
    next = schedule.nowMs() + ASK_EVERY_MS;
    return all();
  };
  return (await schedule.runUntil(now, PATIENCE_MS)) || all();
}

/** Whatever happened last, it happened to one: no till may know less than it did. */
function lookAtWhoActed({ schedule, cashiers }: World): void {
  const actor = schedule.current();
  cashiers.find(({ till }) => till.run()?.actor === actor)?.look();
}

/** Three times: what one finds out, another may have to hear. */
async function synchroniseAll({ schedule, cashiers, chance }: World): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    for (const cashier of cashiers) cashier.ask({ do: 'synchronise', till: 0 }, chance('evening'));
    await schedule.runUntil(() => cashiers.every(isIdle), PATIENCE_MS);
  }
}

/** Everybody goes home; what servers still work on comes to its end. */
async function close({
  stage,
  schedule,
  network,
  shops,
  cashiers,
  statements,
  folder,
}: World): Promise<void> {
  for (const { till } of cashiers) till.retire();
  network.hangUp();
  statements.length = 0;
  await schedule.runUntil(() => network.underWay() === 0, 60_000);
  for (const server of stage.servers) await server.reset();
  playOn(null);
  await stage.forget(shops.map((shop) => shop.company_id));
  rmSync(folder, { recursive: true, force: true });
}

/** How often (ms) a server looks whether there is news for those who wait, and how often it does in a history. */
const LOOKS = { really: 400, here: 2400 };

function startTimer({ schedule }: World, call: () => void, ms: number, every: boolean): () => void {
  const actor = schedule.current();
  // Half of everything that happened would be looks at which nothing has changed.
  const after = ms === LOOKS.really ? LOOKS.here : ms;
  let stop = () => {};
  const again = () => {
    stop = schedule.after(after, actor, () => {
      if (every) again();
      call();
    });
  };
  again();
  return () => stop();
}

/** An error that nobody handles ends the process of a till; its disk may do that, nothing else. */
function endProcess({ schedule, cashiers, find }: World, error: unknown): void {
  if (error instanceof Killed) return;
  const ended = cashiers.find(({ till }) => till.run()?.actor === schedule.current());
  const ofDisk = error instanceof Error && error.message === DISK_MESSAGE;
  if (!ended || !ofDisk) find('unforeseen', `nobody handled ${String(error)}`);
  ended?.till.kill();
}

const isIdle = (cashier: Cashier): boolean => cashier.isIdle();

const recorded = (run: ReturnType<Cashier['till']['run']>): number => run?.opened.sync.status().last_seq ?? 0;

/** Whether nothing waits any more, or nothing goes on without a manager. */
function hasSent({ till }: Cashier): boolean {
  const status = till.run()?.opened.sync.status();
  if (!status || status.running) return false;
  return status.may_enrol_again || (status.waiting === 0 && status.standstill === null);
}

/** Where each terminal's feed ends; nothing for those that are told nothing. */
type FeedEnds = ReadonlyMap<string, FeedEnd>;
type FeedEnd = {
  readonly epoch: string;
  readonly course: string;
  readonly last_seq: number;
  /** What the centre has of the terminal's operations. */
  readonly has: number;
};

async function feedEnds({ stage, shops }: World): Promise<FeedEnds> {
  const rows = await stage.look<FeedEnd & { terminal_id: string }>(
    `select terminal_id, (select epoch from server_epoch) as epoch, c.course, c.last_seq,
       t.last_seq as has
     from terminal t join feed_counter c using (company_id)
     where company_id = any($1::uuid[]) and frozen_at is null and revoked_at is null`,
    [shops.map((shop) => shop.company_id)],
  );
  return new Map(rows.map((row) => [row.terminal_id, row]));
}

/** Whether a till has been told everything, and nothing worries it but what must. */
function isTold({ till }: Cashier, ends: FeedEnds): boolean {
  const run = till.run();
  const status = run?.opened.sync.status();
  if (!run || !status || status.running) return false;
  const end = ends.get(terminalOf(run));
  if (!end) return status.problem?.kind === 'revoked';
  // After a failover a till hears only at its next pull that the centre lacks what it had acknowledged.
  if (status.problem !== null || ackedBy(run) !== end.has) return false;
  const { cursor, refilling } = pullState(run.files.catalog as Catalog);
  if (cursor === null || refilling === 1) return false;
  const at = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as {
    server_epoch: string;
    course: string;
    feed_seq: number;
  };
  // One that is ahead was told what a replica that took over never had, and hears that at its next pull, too.
  return at.server_epoch === end.epoch && at.course === end.course && at.feed_seq === end.last_seq;
}

const stateOf = ({ till, isIdle: idle }: Cashier): string => {
  const status = till.run()?.opened.sync.status();
  return `${till.name} ${idle() ? 'idle' : 'busy'}, ${status?.waiting} wait, ${JSON.stringify(status?.problem)}`;
};
