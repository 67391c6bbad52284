/**
 * A number being keyed in, as text: `''`, `'0.'`, `'12.5'`. Kept as text so that what is shown is what was
 * pressed, and read by the exact parsers of `shared/` when it is used.
 */
export type Entry = string;

/** A key of the number pad. */
export type PadKey =
  | '0'
  | '1'
  | '2'
  | '3'
  | '4'
  | '5'
  | '6'
  | '7'
  | '8'
  | '9'
  | '00'
  | '.'
  | 'back'
  | 'clear';

const longest = 10;

/**
 * The entry after a key. Digits beyond `places` decimals, a second point and digits beyond ten are ignored,
 * because a key pressed twice by a glove must not lose what stands there.
 */
export function press(entry: Entry, key: PadKey, places: number): Entry {
  if (key === 'clear') return '';
  if (key === 'back') return entry.slice(0, -1);
  if (key === '.') {
    if (places === 0 || entry.includes('.')) return entry;
    return entry === '' ? '0.' : `${entry}.`;
  }
  const next = entry === '0' ? key : entry + key;
  const [whole = '', fraction = ''] = next.split('.');
  if (fraction.length > places || whole.length > longest) {
    return key === '00' ? press(entry, '0', places) : entry;
  }
  return next === '00' ? '0' : next;
}

/** The pad key that a keyboard key stands for: digits, both decimal signs, Backspace, Delete. */
export function padKey(key: string): PadKey | null {
  if (/^\d$/.test(key)) return key as PadKey;
  if (key === '.' || key === ',' || key === 'Decimal') return '.';
  if (key === 'Backspace') return 'back';
  if (key === 'Delete') return 'clear';
  return null;
}
