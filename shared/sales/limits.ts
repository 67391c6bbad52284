/**
 * What one ticket holds: far more than any shop sells at once, and small enough that all sums stay exact and the
 * operation of the largest ticket fits into one push.
 */
export const TICKET_LIMITS = {
  lines: 10_000,
  /** A hundred billion of a currency with two decimals, for any one amount. */
  amount_minor: 10_000_000_000_000,
  /** A billion pieces. */
  quantity_milli: 1_000_000_000_000,
} as const;
