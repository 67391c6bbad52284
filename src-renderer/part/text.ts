/** The words of the shared parts. */
export const partText = {
  close: 'Close',
  backspace: 'Delete the last digit',
  clear: 'Clear',
  numpad: 'Number keys',
  loading: 'Loading…',
  justNow: 'just now',
  never: 'never',
  fewer: (what: string) => `Fewer: ${what}`,
  more: (what: string) => `More: ${what}`,
  nothingFits: 'Nothing fits that.',
  show: (what: string) => `Show: ${what}`,
  rows: (from: string, to: string, total: string) =>
    total === '0' ? 'No rows' : total === '1' ? '1 row' : `${from} to ${to} of ${total}`,
  // what is wrong with a field
  needed: 'Please fill this in.',
  choose: 'Please choose one.',
  chooseSome: 'Please choose at least one.',
  atLeast: (least: string) => `At least ${least}.`,
  atMost: (most: string) => `At most ${most}.`,
  atMostLetters: (most: string) => `At most ${most} characters.`,
  moreThanNothing: 'Must be more than nothing.',
  decimalProblems: {
    not_a_number: 'That is not a number.',
    too_fine: 'That has too many decimals.',
    too_large: 'That is too large.',
  },
  fieldsWrong: (count: number) =>
    count === 1 ? '1 field needs another look' : `${count} fields need another look`,
  previousPage: 'Page before',
  nextPage: 'Next page',
} as const;
