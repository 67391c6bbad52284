import { Button, Group, Input, Label, NumberField } from 'react-aria-components';
import { type CashCount, countedTotal } from '#shared/sales/day.ts';
import type { Minor } from '#shared/sales/money.ts';
import { useScanLane } from '../catalogue/scan-lane.ts';
import { cx } from '../part/cx.ts';
import { Icon } from '../part/icon.tsx';
import { displayMoney } from '../part/money.ts';
import { play } from '../part/sound.ts';
import { useTerminal } from '../people/till-store.ts';
import styles from './cash-count.module.css';
import { salesText } from './text.ts';

/** How many pieces there are of each denomination (minor units). */
export type Pieces = Readonly<Record<number, number>>;

/** The count as the contract wants it: denominations of which there are some, the largest first. */
export const countOf = (pieces: Pieces): CashCount =>
  Object.entries(pieces)
    .map(([value, count]) => ({ denomination_minor: Number(value), pieces: count }))
    .filter((entry) => entry.pieces > 0)
    .sort((left, right) => right.denomination_minor - left.denomination_minor);

/** What the pieces come to. */
export const totalOf = (pieces: Pieces): Minor => countedTotal(countOf(pieces));

/** Counts a drawer by notes and coins. `Enter` goes on to the next denomination. */
export function CashCountForm({ pieces, onPieces }: { pieces: Pieces; onPieces: (pieces: Pieces) => void }) {
  const { currency, denominations } = useTerminal().location;
  // A scanner that fires at a count must not become a number of coins.
  useScanLane({ onScan: () => play('refused') });
  const descending = [...denominations].sort((left, right) => right - left);
  return (
    <fieldset className={styles.form} onKeyDownCapture={nextOnEnter}>
      <legend className={styles.legend}>{salesText.countNotes}</legend>
      {descending.map((value) => {
        const shown = displayMoney(value, currency);
        const count = pieces[value] ?? 0;
        return (
          <NumberField
            key={value}
            className={cx(styles.row)}
            value={count}
            minValue={0}
            maxValue={1_000_000}
            formatOptions={{ maximumFractionDigits: 0, useGrouping: false }}
            onChange={(next) => onPieces({ ...pieces, [value]: Number.isNaN(next) ? 0 : next })}
          >
            <Label className={cx(styles.value)}>{shown}</Label>
            <Group className={cx(styles.stepper)}>
              <Button slot="decrement" className={cx(styles.step)}>
                <Icon name="minus" />
              </Button>
              <Input className={cx(styles.input)} onFocus={(event) => event.currentTarget.select()} />
              <Button slot="increment" className={cx(styles.step)}>
                <Icon name="plus" />
              </Button>
            </Group>
            <output className={cx(styles.sum, count === 0 && styles.none)}>
              {displayMoney(totalOf({ [value]: count }), currency)}
            </output>
          </NumberField>
        );
      })}
    </fieldset>
  );
}

/** Takes `Enter` to the next field; from the last one, to whatever comes after the form. */
function nextOnEnter(event: React.KeyboardEvent<HTMLFieldSetElement>): void {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
  const fields = [...event.currentTarget.querySelectorAll('input')].filter(({ type }) => type !== 'hidden');
  const next = fields[fields.indexOf(event.target) + 1];
  event.target.blur();
  next?.focus();
  event.preventDefault();
  event.stopPropagation();
}
