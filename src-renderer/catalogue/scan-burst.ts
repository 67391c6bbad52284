/**
 * How a scanner is told from a typist, per device. Times are milliseconds.
 *
 * The design begins with 100 ms between keys and 1,500 ms in all. A hurried typist stays below 100 ms for a
 * word, so the mean gap counts too: keyboard-wedge scanners send a key every 1 to 30 ms, people who type 120
 * words a minute one every 100 ms, and nobody keeps up 45 ms over six keys and Enter.
 */
export type ScanRules = {
  readonly longest_gap_ms: number;
  readonly mean_gap_ms: number;
  readonly total_ms: number;
  readonly shortest_code: number;
};

export const SCAN_RULES: ScanRules = {
  longest_gap_ms: 100,
  mean_gap_ms: 45,
  total_ms: 1500,
  shortest_code: 6,
};

/** Keys that came quickly after one another. `at` are the times of the first and the last. */
export type Burst = { readonly text: string; readonly first_at: number; readonly last_at: number };

/** Keys that end a code. */
const SUFFIXES: readonly string[] = ['Enter', 'Tab'];

/** What a key did. With `began` and `ended`, whatever was pending before it had been typed by a person. */
export type BurstStep =
  | { kind: 'began'; burst: Burst }
  | { kind: 'grew'; burst: Burst }
  /** The key was the suffix of a scan. */
  | { kind: 'scan'; code: string }
  | { kind: 'ended' };

/**
 * What a key does to the burst before it.
 *
 * @param key a `KeyboardEvent.key`: one character, or the name of a key
 * @param at when it came, in ms of any steady clock
 */
export function stepBurst(burst: Burst | null, key: string, at: number, rules: ScanRules): BurstStep {
  const continues = burst !== null && at - burst.last_at <= rules.longest_gap_ms;
  if (isCharacter(key)) {
    if (!continues) return { kind: 'began', burst: { text: key, first_at: at, last_at: at } };
    return { kind: 'grew', burst: { text: burst.text + key, first_at: burst.first_at, last_at: at } };
  }
  if (continues && SUFFIXES.includes(key) && isScan(burst, at, rules)) {
    return { kind: 'scan', code: burst.text.trim() };
  }
  return { kind: 'ended' };
}

function isScan(burst: Burst, at: number, rules: ScanRules): boolean {
  const took = at - burst.first_at;
  return (
    burst.text.trim().length >= rules.shortest_code &&
    took <= rules.total_ms &&
    took <= rules.mean_gap_ms * burst.text.length
  );
}

/** Whether keys came as quickly as a scanner's, so that more of them may be on their way. One key alone does not tell. */
export const isAtScannerPace = ({ text, first_at, last_at }: Burst, rules: ScanRules): boolean =>
  text.length > 1 && last_at - first_at <= rules.mean_gap_ms * text.length;

/** A key that writes a character; astral characters are one, names of keys are not. */
const isCharacter = (key: string): boolean => [...key].length === 1;
