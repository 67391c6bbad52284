import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Crew, type House, openHouse } from './crew.ts';
import type { Order, Report } from './order.ts';

let house: House;
let crew: Crew;
beforeAll(async () => {
  house = await openHouse();
  crew = await house.hire(2);
});
afterAll(async () => {
  await crew.dismiss();
  await house.close();
});

async function play(orders: readonly Order[]): Promise<Report[]> {
  const reports: Report[] = [];
  await crew.play(orders, (report) => {
    reports.push(report);
    return 'go on';
  });
  return reports.sort((left, right) => left.seed - right.seed);
}

const seeds = (first: number, count: number): Order[] =>
  Array.from({ length: count }, (_, index) => ({ seed: first + index, trace: true, tries: 0 }));

test('a seed is a history, byte for byte, whatever was played before it and wherever', async () => {
  const [once, again] = [await play(seeds(1, 8)), await play(seeds(1, 8).reverse())];
  expect(again.map(({ trace }) => trace)).toEqual(once.map(({ trace }) => trace));
  expect(new Set(once.map(({ digest }) => digest)).size).toBe(8);
});
