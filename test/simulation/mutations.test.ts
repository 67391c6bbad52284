import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from './crew.ts';
import { INVARIANTS, NOT_YET } from './invariants/names.ts';
import { MUTATIONS, UNBROKEN } from './mutations.ts';

/** Histories after which a mistake counts as unnoticed. */
const MOST_HISTORIES = 100;

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('every invariant is broken on purpose, but for those of which it is said why not', () => {
  const spared: Readonly<Record<string, string>> = { ...NOT_YET, ...UNBROKEN };
  const names: Readonly<Record<string, string>> = INVARIANTS;
  for (const [invariant, reason] of Object.entries(spared)) {
    process.stdout.write(`not broken: ${names[invariant]} (${reason})\n`);
  }
  const broken = [...MUTATIONS.map(({ breaks }) => String(breaks)), ...Object.keys(spared)];
  expect([...new Set(broken)].sort()).toEqual(Object.keys(names).sort());
});

test.each(MUTATIONS)('the simulation notices when $name', async (mutation) => {
  const crew = await house.hire(2, mutation);
  const seen = new Set<string>();
  const orders = Array.from({ length: MOST_HISTORIES }, (_, index) => ({
    seed: mutation.from + index,
    trace: false,
    tries: 0,
  }));
  await crew.play(orders, ({ violations }) => {
    for (const { invariant } of violations) seen.add(invariant);
    return seen.has(String(mutation.breaks)) ? 'stop' : 'go on';
  });
  await crew.dismiss();
  expect([...seen]).toContain(String(mutation.breaks));
});
