import { type Outcome, playHistory } from './history.ts';
import type { Violation } from './invariants/names.ts';
import { type Order, orderSchema, type Report } from './order.ts';
import { type Plan, planFor } from './plan.ts';
import { shrink } from './shrink.ts';
import { openStage } from './stage.ts';

/**
 * Plays histories, one after the other, over a database of its own. Started as `node --import platform.ts worker.ts`
 * with the addresses of the server's login and of the superuser; orders come over IPC.
 */
const [server = '', superuser = ''] = process.argv.slice(2);
const stage = await openStage({ server, superuser });

const played = new Set<number>();

async function playOnce(plan: Plan): Promise<Outcome> {
  if (played.has(plan.seed)) await stage.renew();
  played.add(plan.seed);
  return playHistory(stage, plan);
}

async function play({ seed, only, trace, tries }: Order): Promise<Report> {
  const whole = planFor(seed);
  const all = [...whole.steps.keys()];
  const plan = only ? withSteps(whole, only) : whole;
  const outcome = await playOnce(plan);
  const { digest, operations, events, faults, violations } = outcome;
  const report = { seed, digest, operations, events, faults: { ...faults }, violations: named(violations) };
  if (violations.length === 0) return { ...report, ...(trace ? { trace: [...outcome.trace] } : {}) };
  // Another invariant that fails with fewer steps is another failure.
  const broken = new Set(violations.map(({ invariant }) => invariant));
  const steps = await shrink(
    only ?? all,
    async (fewer) => {
      const again = await playOnce(withSteps(whole, fewer));
      return again.violations.some(({ invariant }) => broken.has(invariant));
    },
    tries,
  );
  const smallest = await playOnce(withSteps(whole, steps));
  return { ...report, violations: named(smallest.violations), steps, trace: [...smallest.trace] };
}

const named = (violations: readonly Violation[]): Report['violations'] =>
  violations.map(({ invariant, what }) => ({ invariant: String(invariant), what }));

const withSteps = (plan: Plan, only: readonly number[]): Plan => ({
  ...plan,
  steps: only.flatMap((index) => plan.steps[index] ?? []),
});

process.on('message', (raw) => {
  play(orderSchema.parse(raw)).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => {
  stage.close().then(() => process.exit(0));
});
process.send?.('ready');
