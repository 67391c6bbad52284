import { Radio, RadioGroup } from 'react-aria-components';
import type { Choice } from './choice-list.tsx';
import { cx } from './cx.ts';
import { Labelled } from './labelled.tsx';
import styles from './radios.module.css';

/** One choice of a few, below one another. */
export function Radios<Key extends string>({
  label,
  hint,
  error,
  choices,
  disabled = [],
  chosen,
  onChoose,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  choices: readonly Choice<Key>[];
  /** Those that cannot be chosen now. */
  disabled?: readonly Key[];
  chosen: Key;
  onChoose: (key: Key) => void;
}) {
  return (
    <RadioGroup
      className={cx(styles.group)}
      value={chosen}
      isInvalid={error !== undefined}
      onChange={(key) => {
        const found = choices.find(([choice]) => choice === key);
        if (found) onChoose(found[0]);
      }}
    >
      <Labelled label={label} hint={hint} error={error}>
        {choices.map(([choice, words]) => (
          <Radio
            key={choice}
            value={choice}
            isDisabled={disabled.includes(choice)}
            className={cx(styles.radio)}
          >
            {words}
          </Radio>
        ))}
      </Labelled>
    </RadioGroup>
  );
}
