import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Crew, type House, openHouse } from './crew.ts';
import { manyWorkers } from './options.ts';
import { failureOf, newSummary } from './summary.ts';

const HISTORIES = 2000;
/** So long (ms) they may take where many others want the machine. */
const PATIENCE_MS = 45 * 60_000;

let house: House;
let crew: Crew;
beforeAll(async () => {
  house = await openHouse();
  crew = await house.hire(manyWorkers());
});
afterAll(async () => {
  await crew.dismiss();
  await house.close();
});

test(
  `nothing is lost, counted twice or left waiting in ${HISTORIES} histories of business and misfortune`,
  async () => {
    const began = performance.now();
    const summary = newSummary();
    const failures: string[] = [];
    const orders = Array.from({ length: HISTORIES }, (_, index) => ({
      seed: index + 1,
      trace: false,
      tries: 40,
    }));
    await crew.play(orders, (report) => {
      summary.add(report);
      if (report.violations.length > 0) failures.push(failureOf(report));
      return failures.length < 3 ? 'go on' : 'stop';
    });
    process.stdout.write(`${summary.text(Math.round((performance.now() - began) / 1000))}\n`);
    expect(failures.join('\n')).toBe('');
    expect(summary.figures().histories).toBe(HISTORIES);
  },
  PATIENCE_MS,
);
