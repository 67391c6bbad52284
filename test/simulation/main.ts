import { failureText } from '../../server/failure.ts';
import { requireRuntime } from '../../server/runtime.ts';
import { type Crew, openHouse } from './crew.ts';
import { type Options, readOptions, USAGE, UsageError, writeSteps } from './options.ts';
import type { Order, Report } from './order.ts';

requireRuntime();

/**
 * `npm run simulate`: the whole system, tills and servers, through histories of business and misfortune that follow
 * from their seeds. docs/simulation.md tells how to read a failure, and how to add to it.
 */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const began = performance.now();
  const house = await openHouse();
  const crew = await house.hire(Math.min(options.workers, options.histories));
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
  });
  try {
    const summary = newSummary();
    await playAll(crew, options, (report) => {
      summary.add(report);
      if (options.trace) say(report.trace?.join('\n') ?? '');
      if (report.violations.length > 0) say(failureOf(report));
      return interrupted ? 'stop' : 'go on';
    });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    if (interrupted) note('Interrupted; what follows is of the histories that were played.');
    say(options.json ? JSON.stringify({ ...summary.figures(), seconds }) : summary.text(seconds));
    return interrupted ? 130 : summary.failed() ? 1 : 0;
  } finally {
    await crew.dismiss();
    await house.close();
  }
}

async function playAll(
  crew: Crew,
  { seed, histories, only, trace, tries }: Options,
  tell: (report: Report) => 'go on' | 'stop',
): Promise<void> {
  const orders = Array.from({ length: histories }, (_, index): Order => {
    return { seed: seed + index, trace, tries, ...(only ? { only: [...only] } : {}) };
  });
  let done = 0;
  let told = performance.now();
  await crew.play(orders, (report) => {
    done += 1;
    if (performance.now() - told > 1000) {
      told = performance.now();
      note(`${done} of ${histories} histories`);
    }
    return tell(report);
  });
}

function newSummary() {
  const figures = {
    histories: 0,
    operations: 0,
    events: 0,
    faults: {} as Record<string, number>,
    violations: [] as { seed: number; steps: string; invariant: string; what: string }[],
  };
  return {
    add: ({ seed, operations, events, faults, violations, steps = [] }: Report): void => {
      figures.histories += 1;
      figures.operations += operations;
      figures.events += events;
      for (const [kind, count] of Object.entries(faults)) {
        figures.faults[kind] = (figures.faults[kind] ?? 0) + count;
      }
      for (const violation of violations) {
        figures.violations.push({ seed, steps: writeSteps(steps), ...violation });
      }
    },
    figures: () => figures,
    failed: () => figures.violations.length > 0,
    text: (seconds: number): string => {
      const faults = Object.entries(figures.faults).sort(([, left], [, right]) => right - left);
      return [
        ...faults.map(([kind, count]) => `${String(count).padStart(8)}  ${kind}`),
        `${figures.histories} histories, ${figures.operations} operations, ${figures.events} events, ` +
          `${faults.reduce((sum, [, count]) => sum + count, 0)} faults, ${figures.violations.length} violations, ` +
          `${seconds} s`,
      ].join('\n');
    },
  };
}

/** A failed history: how to play it again, what does not hold, and what happened with the fewest steps. */
const failureOf = ({ seed, steps = [], violations, trace = [] }: Report): string =>
  [
    `history ${seed} fails; again: npm run simulate -- --seed ${seed} --only '${writeSteps(steps)}' --trace`,
    ...violations.map(({ invariant, what }) => `  ${invariant}: ${what}`),
    ...trace.slice(-60).map((line) => `  | ${line}`),
  ].join('\n');

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const note = (text: string): void => void process.stderr.write(`${text}\n`);

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    note(isUsage ? `${error.message}\n\n${USAGE}` : failureText(error));
    process.exitCode = isUsage ? 2 : 1;
  },
);
