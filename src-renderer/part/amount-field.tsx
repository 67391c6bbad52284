import { useEffect, useRef } from 'react';
import styles from './amount-field.module.css';
import { type Entry, type PadKey, press } from './entry.ts';
import { Numpad } from './numpad.tsx';

type Props = {
  label: string;
  entry: Entry;
  onEntry: (entry: Entry) => void;
  /** How many decimals may be keyed in. */
  places: number;
  /** What stands there while nothing is keyed in. */
  placeholder: string;
  /** What follows the figure: a currency, a unit, `%`. */
  unit?: string;
};

/** A large figure with number keys below it. Takes the focus; `Enter` submits the form around it. */
export function AmountField({ label, entry, onEntry, places, placeholder, unit }: Props) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const onKey = (key: PadKey) => {
    onEntry(press(entry, key, places));
    field.current?.focus();
  };
  return (
    <div className={styles.whole}>
      <label className={styles.box}>
        <span className={styles.label}>{label}</span>
        <span className={styles.line}>
          <input
            ref={field}
            className={styles.input}
            inputMode="none"
            autoComplete="off"
            value={entry}
            placeholder={placeholder}
            onChange={(event) => onEntry(cleaned(event.target.value, places))}
          />
          {unit && <span className={styles.unit}>{unit}</span>}
        </span>
      </label>
      <Numpad onKey={onKey} corner={places > 0 ? '.' : '00'} />
    </div>
  );
}

/** What of a typed or pasted text can be an entry: the keys it is made of, one after the other. */
const cleaned = (text: string, places: number): Entry =>
  [...text.replace(',', '.')]
    .filter((key): key is PadKey => /[\d.]/.test(key))
    .reduce<Entry>((entry, key) => press(entry, key, places), '');
