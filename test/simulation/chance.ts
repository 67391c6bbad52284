import { type Random, seededRandom } from '../../demo/random.ts';

/** FNV-1a: a number that follows from a text. */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The stream of chance for one matter of a history. Each matter has its own, so that taking a step out of a history
 * changes nothing else in it: that is what lets a failing one be made small.
 */
export const chanceFor = (seed: number, matter: string): Random =>
  seededRandom(numberOf(`${seed} ${matter}`));

/** A whole number from `least` to `most`. */
export const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));

/** One of the values. */
export function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error('there is nothing to choose from');
  return value;
}
