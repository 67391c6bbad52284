import { failureText } from '../../server/failure.ts';
import { requireRuntime } from '../../server/runtime.ts';
import { type Crew, openHouse } from './crew.ts';
import { type Options, readOptions, USAGE, UsageError } from './options.ts';
import type { Order, Report } from './order.ts';
import { failureOf, newSummary } from './summary.ts';

requireRuntime();

/**
 * `npm run simulate`: the whole system, tills and servers, through histories of business and misfortune that follow
 * from their seeds. docs/simulation.md tells how to read a failure, and how to add to it.
 */
async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const began = performance.now();
  let interrupted = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Once more is at once; what we started ends with us.
      if (interrupted) process.exit(130);
      interrupted = true;
    });
  }
  const house = await openHouse();
  const crew = await house.hire(Math.min(options.workers, options.histories));
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
