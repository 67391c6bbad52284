/** A place in a JSON value: keys and indexes from the outside in. */
export type Place = readonly (string | number)[];

/** Every place of a JSON value that holds a number, text, boolean or null. */
export function leavesOf(value: unknown, place: Place = []): Place[] {
  if (value === null || typeof value !== 'object') return [place];
  if (Array.isArray(value)) return value.flatMap((entry, index) => leavesOf(entry, [...place, index]));
  return Object.entries(value).flatMap(([key, entry]) => leavesOf(entry, [...place, key]));
}

/** What a JSON value holds at a place. */
export const valueAt = (value: unknown, place: Place): unknown =>
  place.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);

/** The JSON value with another one at a place. */
export function withAt<Value>(value: Value, place: Place, leaf: unknown): Value {
  const copy = structuredClone(value);
  const last = place.at(-1);
  if (last === undefined) return leaf as Value;
  (valueAt(copy, place.slice(0, -1)) as Record<string | number, unknown>)[last] = leaf;
  return copy;
}
