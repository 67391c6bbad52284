import { useState } from 'react';
import type { DecimalError } from '#shared/decimal.ts';
import type { Result } from '#shared/result.ts';
import { AmountField } from '../part/amount-field.tsx';
import styles from './dialogs.module.css';
import { FormDialog, FormError } from './form-dialog.tsx';
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
    <FormDialog title={title} submit={{ label: salesText.apply }} onSubmit={submit} onClose={onClose}>
      <AmountField {...field} entry={entry} onEntry={setEntry} />
      {hint && <p className={styles.hint}>{hint}</p>}
      <FormError>{error}</FormError>
    </FormDialog>
  );
}

/** What is wrong with a figure. */
export const errorWords: Record<DecimalError, string> = {
  not_a_number: salesText.notANumber,
  too_fine: salesText.tooFine,
  too_large: salesText.tooLarge,
};
