import { Checkbox as AriaCheckbox, CheckboxGroup } from 'react-aria-components';
import styles from './checkbox.module.css';
import type { Choice } from './choice-list.tsx';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { Labelled } from './labelled.tsx';

/** Any of several. */
export function Checkboxes<Key extends string>({
  label,
  hint,
  error,
  choices,
  chosen,
  onChoose,
  isDisabled = false,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  choices: readonly Choice<Key>[];
  chosen: readonly Key[];
  /** Is given all that are chosen, in the order of the choices. */
  onChoose: (chosen: Key[]) => void;
  isDisabled?: boolean;
}) {
  return (
    <CheckboxGroup
      className={cx(styles.group)}
      value={[...chosen]}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
      onChange={(keys) =>
        onChoose(choices.filter(([choice]) => keys.includes(choice)).map(([choice]) => choice))
      }
    >
      <Labelled label={label} hint={hint} error={error}>
        <div className={styles.boxes}>
          {choices.map(([choice, words]) => (
            <AriaCheckbox key={choice} value={choice} className={cx(styles.checkbox)}>
              <Mark />
              {words}
            </AriaCheckbox>
          ))}
        </div>
      </Labelled>
    </CheckboxGroup>
  );
}

const Mark = () => (
  <span className={styles.box}>
    <Icon name="check" size="s" />
  </span>
);
