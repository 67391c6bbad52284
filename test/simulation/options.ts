import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** What the simulation is asked to play. */
export type Options = {
  /** The first seed; the histories after it have the seeds that follow. */
  readonly seed: number;
  readonly histories: number;
  /** Only these steps of each history, by their places in its plan. */
  readonly only: readonly number[] | undefined;
  /** Tells every line of what happened. */
  readonly trace: boolean;
  readonly json: boolean;
  /** So often a history that fails is tried with fewer steps. */
  readonly tries: number;
  readonly workers: number;
};

/** A mistake on the command line. */
export class UsageError extends Error {}

export const USAGE = `npm run simulate -- [--seed N] [--histories N] [--only STEPS] [--trace] [--tries N] [--workers N] [--json]
  --seed       the first history; the same seed is the same history, byte for byte (1)
  --histories  how many, each with the next seed (200)
  --only       only these steps of the history's plan, such as 0-3,7: what is printed for one that failed
  --trace      every line of what happened
  --tries      how often a history that fails is tried with fewer steps, to make it small (100)
  --workers    processes that play at the same time (two for each core, eight at most)
  --json       the last line is one JSON object
`;

/** Two for each core: while one waits for PostgreSQL, the other goes on. */
export const manyWorkers = (): number => Math.min(8, 2 * availableParallelism());

export function readOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  return {
    seed: whole('seed', values.seed ?? '1', 0),
    histories: whole('histories', values.histories ?? (values.only === undefined ? '200' : '1'), 1),
    only: values.only === undefined ? undefined : readSteps(values.only),
    trace: values.trace ?? false,
    json: values.json ?? false,
    tries: whole('tries', values.tries ?? '100', 0),
    workers: whole('workers', values.workers ?? String(manyWorkers()), 1),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        histories: { type: 'string' },
        only: { type: 'string' },
        trace: { type: 'boolean' },
        json: { type: 'boolean' },
        tries: { type: 'string' },
        workers: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name}: ${text} is not a whole number from ${least} on.`);
}

/** `0-3,7` as 0, 1, 2, 3, 7. */
function readSteps(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    if (first === undefined || Number(last) < Number(first)) {
      throw new UsageError(`--only: ${part} is neither a step nor a run of steps.`);
    }
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
  });
}

/** 0, 1, 2, 3, 7 as `0-3,7`. */
export function writeSteps(steps: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    if (run && run[1] === step - 1) run[1] = step;
    else runs.push([step, step]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
