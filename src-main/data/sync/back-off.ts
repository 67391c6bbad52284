const FIRST_MS = 1000;
const LONGEST_MS = 300_000;
/** For how long (ms) a server may ask at most to be left alone, with `Retry-After`. */
export const LONGEST_ASKED_MS = 3_600_000;

/**
 * How long (ms) to wait after so many failures in a row: full jitter over a range that doubles from 1 s to 5 min,
 * so that a thousand tills do not come back at once. What the server asked for with `Retry-After` counts towards it.
 */
export function backOff(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(FIRST_MS * 2 ** Math.min(failures, 20), LONGEST_MS);
}
