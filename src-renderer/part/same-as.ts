/** Whether two values that consist of texts, numbers, lists and records say the same. */
export const sameAs = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
