import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { currencySchema } from '#shared/sales/money.ts';
import { Button } from '../../part/button.tsx';
import { cx } from '../../part/cx.ts';
import { Field } from '../../part/field.tsx';
import { Icon } from '../../part/icon.tsx';
import { amountText, readAmount } from '../../part/typed.ts';
import styles from './denominations-field.module.css';
import { placesText } from './text.ts';

/** Notes and coins as a list of amounts, the largest first. */
export function DenominationsField({
  amounts,
  currency,
  fault,
  isLocked,
  onChange,
}: {
  amounts: readonly string[];
  currency: string;
  fault: string | undefined;
  isLocked: boolean;
  onChange: (amounts: string[]) => void;
}) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string>();
  const add = () => {
    const amount = readAmount(typed, currency);
    if (typeof amount !== 'number') return setWrong(amount.unreadable);
    const known = currencySchema.safeParse(currency);
    const text = known.success ? amountText(amount, known.data) : typed.trim();
    setTyped('');
    if (!amounts.includes(text)) onChange(largestFirst([...amounts, text], currency));
  };
  return (
    <fieldset className={styles.field} {...(fault !== undefined && { 'data-invalid': true })}>
      <legend className={styles.label}>{placesText.denominations}</legend>
      <p className={styles.hint}>{placesText.denominationsHint}</p>
      {amounts.length > 0 && (
        <ul className={styles.amounts}>
          {amounts.map((amount) => (
            <li key={amount} className={cx(styles.amount, isLocked && styles.locked)}>
              {amount}
              {!isLocked && (
                <AriaButton
                  className={cx(styles.remove)}
                  aria-label={placesText.removeAmount(amount)}
                  onPress={() => onChange(amounts.filter((other) => other !== amount))}
                >
                  <Icon name="close" size="s" />
                </AriaButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {!isLocked && (
        <div className={styles.add}>
          <Field
            label={placesText.addAmount}
            value={typed}
            error={wrong}
            unit={currency}
            inputMode="decimal"
            onChange={(text) => {
              setTyped(text);
              setWrong(undefined);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return event.continuePropagation();
              event.preventDefault();
              add();
            }}
          />
          <Button size="l" icon="plus" isDisabled={typed.trim() === ''} onPress={add}>
            {placesText.add}
          </Button>
        </div>
      )}
      {fault !== undefined && <p className={styles.error}>{fault}</p>}
    </fieldset>
  );
}

function largestFirst(amounts: readonly string[], currency: string): string[] {
  const worth = (text: string): number => {
    const amount = readAmount(text, currency);
    return typeof amount === 'number' ? amount : 0;
  };
  return [...amounts].sort((one, other) => worth(other) - worth(one));
}
