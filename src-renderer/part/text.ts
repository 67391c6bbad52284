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
} as const;
