import { useState } from 'react';
import type { DecimalError } from '#shared/decimal.ts';
import type { Result } from '#shared/result.ts';
import { AmountField } from '../part/amount-field.tsx';
import { Button } from '../part/button.tsx';
import { Dialog, DialogActions } from '../part/dialog.tsx';
import styles from './dialogs.module.css';
import { salesText } from './text.ts';

type Props<Figure> = {
  title: string;
  label: string;
  places: number;
  /** The figure as it stands. */
  placeholder: string;
  unit?: string;
  hint?: string;
  parse: (text: string) => Result<Figure, DecimalError>;
  onApply: (figure: Figure) => void;
  onClose: () => void;
};

/** Asks for one figure: a quantity, a price. */
export function FigureDialog<Figure>({ title, hint, parse, onApply, onClose, ...field }: Props<Figure>) {
  const [entry, setEntry] = useState('');
  const [error, setError] = useState<string | null>(null);
  const submit = () => {
    if (entry === '') return onClose();
    const read = parse(entry);
    if (!read.ok) return setError(errorWords[read.error]);
    onApply(read.value);
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <AmountField {...field} entry={entry} onEntry={setEntry} />
        {hint && <p className={styles.hint}>{hint}</p>}
        <p className={styles.error} role="alert">
          {error}
        </p>
        <DialogActions>
          <Button size="l" onPress={onClose}>
            {salesText.cancel}
          </Button>
          <Button size="l" tone="primary" type="submit">
            {salesText.apply}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What is wrong with a figure. */
export const errorWords: Record<DecimalError, string> = {
  not_a_number: salesText.notANumber,
  too_fine: salesText.tooFine,
  too_large: salesText.tooLarge,
};
