import { writeSteps } from './options.ts';
import type { Report } from './order.ts';

/** Adds up what was played. */
export function newSummary() {
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
export const failureOf = ({ seed, steps = [], violations, trace = [] }: Report): string =>
  [
    `history ${seed} fails; again: npm run simulate -- --seed ${seed} --only '${writeSteps(steps)}' --trace`,
    ...violations.map(({ invariant, what }) => `  ${invariant}: ${what}`),
    ...trace.slice(-60).map((line) => `  | ${line}`),
  ].join('\n');
