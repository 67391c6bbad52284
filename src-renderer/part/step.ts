/** The index one step on in a list of `length`, staying within it; the first or last where none was chosen. */
export const step = (index: number, by: 1 | -1, length: number): number => {
  if (index < 0) return by === 1 ? 0 : length - 1;
  return Math.min(Math.max(index + by, 0), length - 1);
};
