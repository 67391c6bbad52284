import { parseArgs } from 'node:util';
import { requireRuntime } from '../../server/runtime.ts';
import { benchCatalogue } from './catalogue.ts';
import { benchCommit } from './commit.ts';
import { benchDrain } from './drain.ts';
import { goods } from './goods.ts';
import type { Described } from './measure.ts';
import { benchPeople } from './people.ts';
import { benchSnapshot } from './snapshot.ts';
import { openBenchTill } from './stage.ts';
import { benchSync } from './sync.ts';
import { benchTerminals } from './terminals.ts';
import { benchWindow } from './window.ts';

requireRuntime();

const ITEMS = 400_000;
/** As many as the design names for a first sync. */
const MILLION = 1_000_000;
/** Operations that wait on a till; as many as the design names. */
const WAITING = 100_000;

/**
 * `npm run bench`: every figure beside the raw limit that was measured in the same run. With --json one line of
 * JSON a measure; --only NAME runs one part, as does its name alone: till, sync, drain, snapshot, people, terminals, window.
 */
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string' } },
  allowPositionals: true,
});
const only = values.only ?? positionals[0];

const parts: Readonly<Record<string, () => Promise<Described[]> | Described[]>> = {
  till: () => {
    const items = goods(ITEMS);
    const bench = openBenchTill();
    try {
      return [...benchCatalogue(bench, items), ...benchCommit(bench, items)];
    } finally {
      bench.remove();
    }
  },
  sync: () => benchSync(ITEMS),
  drain: () => benchDrain(WAITING),
  snapshot: () => benchSnapshot(MILLION),
  people: benchPeople,
  terminals: benchTerminals,
  window: () => benchWindow(ITEMS),
};

for (const [name, run] of Object.entries(parts)) {
  if (only !== undefined && only !== name) continue;
  for (const { against, goal, ...figure } of await run()) {
    if (values.json) process.stdout.write(`${JSON.stringify(figure)}\n`);
    else {
      const { name: what, value, unit, limit, ratio } = figure;
      process.stdout.write(
        `${what.padEnd(24)} ${`${value} ${unit}`.padEnd(20)} limit ${String(limit).padEnd(10)} ratio ${String(ratio).padEnd(8)} goal ${goal}\n` +
          `${' '.repeat(25)}limit: ${against}\n`,
      );
    }
  }
}
process.exit(0);
