const FIRST_MS = 1000;
const LONGEST_MS = 300_000;
/** What a server may ask for at most with `Retry-After`. */
const LONGEST_ASKED_MS = 3_600_000;

/**
 * How long (ms) to wait after so many failures in a row: full jitter over a range that doubles from 1 s to 5 min,
 * so that a thousand tills do not come back at once; never shorter than the server asked for.
 */
export function backOff(failures: number, askedMs: number, random: () => number = Math.random): number {
  const range = Math.min(FIRST_MS * 2 ** Math.min(failures, 20), LONGEST_MS);
  return Math.max(random() * range, Math.min(askedMs, LONGEST_ASKED_MS));
}
