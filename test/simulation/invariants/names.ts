import { canonicalJson } from '#shared/sync/canonical.ts';

/** What must hold in every history; the numbers are those of docs/simulation.md. */
export const INVARIANTS = {
  1: 'each operation takes effect once, or is in quarantine',
  2: 'sequences are dense and chains verify on both sides',
  3: 'what a screen said was done survives',
  4: 'safe ≤ acknowledged ≤ recorded, and none goes back',
  5: 'every row in sight is pulled',
  6: "the till's catalogue is the server's, table by table",
  7: 'stock is what was moved, on both sides',
  8: 'money adds up: tickets, drawers, tills and centre',
  9: 'receipt numbers are unique, and gaps explained',
  10: 'a serial sold twice keeps both sales and raises one exception',
  11: 'no row crosses a company',
  12: 'nothing blocks what does not depend on it, and backlogs drain',
  13: 'a variant is one item at Zoho',
  14: 'a fork is never merged',
  prices: 'an open ticket keeps the prices it captured',
  refusals: 'what was refused left nothing behind',
  flags: 'nothing that is right is flagged',
  unforeseen: 'nothing fails that nobody foresaw',
} as const;

export type Invariant = keyof typeof INVARIANTS;

/** What cannot be looked at yet, and why. */
export const NOT_YET = {
  10: 'the program has no serial numbers yet',
  13: 'the program has no connection to Zoho yet',
} as const satisfies Partial<Record<Invariant, string>>;

/** What does not hold although it must. */
export type Violation = { readonly invariant: Invariant; readonly what: string };

/** Where checks note what they find. */
export type Find = (invariant: Invariant, what: string) => void;

/** Notes a difference between two values, if there is one, by their canonical JSON. */
export function same(find: Find, invariant: Invariant, what: string, found: unknown, wanted: unknown): void {
  const [left, right] = [textOf(found), textOf(wanted)];
  if (left === right) return;
  let at = 0;
  while (left[at] === right[at]) at += 1;
  const from = Math.max(0, at - 60);
  find(invariant, `${what}: …${left.slice(from, at + 80)}… instead of …${right.slice(from, at + 80)}…`);
}

const textOf = (value: unknown): string => (value === undefined ? 'nothing' : canonicalJson(value));
