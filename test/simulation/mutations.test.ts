import { afterAll, beforeAll, expect, test } from 'vitest';
import { type House, openHouse } from './crew.ts';
import type { Violation } from './invariants/names.ts';
import { MUTATIONS } from './mutations.ts';

/** Histories after which a mistake counts as unnoticed. */
const MOST_HISTORIES = 100;

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(MUTATIONS)('the simulation notices when $name', async (mutation) => {
  const crew = await house.hire(2, mutation);
  const seen = new Set<string>();
  const orders = Array.from({ length: MOST_HISTORIES }, (_, index) => ({
    seed: index + 1,
    trace: false,
    tries: 0,
  }));
  const isExpected = ({ invariant }: Pick<Violation, 'invariant'> | { invariant: string }): boolean =>
    mutation.breaks.some((broken) => String(broken) === String(invariant));
  await crew.play(orders, ({ violations }) => {
    for (const { invariant } of violations) seen.add(invariant);
    return violations.some(isExpected) ? 'stop' : 'go on';
  });
  await crew.dismiss();
  expect([...seen].some((invariant) => isExpected({ invariant }))).toBe(true);
});
