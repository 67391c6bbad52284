import { useId } from 'react';
import { Select as AriaSelect, Button, SelectValue } from 'react-aria-components';
import { type Choice, ChoiceList } from './choice-list.tsx';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { Labelled } from './labelled.tsx';
import styles from './select.module.css';

type Props<Key extends string> = {
  label: string;
  choices: readonly Choice<Key>[];
  /** The key that is chosen; null while none is. */
  chosen: Key | null;
  onChoose: (key: Key) => void;
  isDisabled?: boolean;
};

/** One choice of many, from a list that opens. */
export function Select<Key extends string>({
  label,
  hint,
  error,
  placeholder,
  ...rest
}: Props<Key> & { hint?: string | undefined; error?: string | undefined; placeholder: string }) {
  return (
    <Chooser {...rest} placeholder={placeholder} isInvalid={error !== undefined} className={styles.field}>
      <Labelled label={label} hint={hint} error={error}>
        <Button className={cx(styles.button)}>
          <SelectValue className={cx(styles.value)} />
          <Icon name="down" size="s" />
        </Button>
      </Labelled>
    </Chooser>
  );
}

/** The same in one line, with its label inside: for the filters above a table. */
export function FilterSelect<Key extends string>({ label, ...rest }: Props<Key>) {
  const name = useId();
  const value = useId();
  const words = rest.choices.find(([choice]) => choice === rest.chosen)?.[1] ?? '';
  return (
    <Chooser {...rest} placeholder="" isInvalid={false} className={styles.field} aria-label={label}>
      {/* Named as it is read: the label, then what is chosen. React Aria would have it the other way round. */}
      <Button className={cx(styles.button, styles.small)} aria-labelledby={`${name} ${value}`}>
        <span id={name} className={styles.inside}>
          {label}
        </span>{' '}
        <span id={value} className={styles.value}>
          {words}
        </span>
        <Icon name="down" size="s" />
      </Button>
    </Chooser>
  );
}

function Chooser<Key extends string>({
  choices,
  chosen,
  onChoose,
  isDisabled = false,
  placeholder,
  isInvalid,
  className,
  children,
  ...rest
}: Omit<Props<Key>, 'label'> & {
  placeholder: string;
  isInvalid: boolean;
  className: string | undefined;
  children: React.ReactNode;
  'aria-label'?: string;
}) {
  return (
    <AriaSelect
      {...rest}
      className={cx(className)}
      value={chosen}
      isDisabled={isDisabled}
      isInvalid={isInvalid}
      placeholder={placeholder}
      onChange={(key) => {
        const found = choices.find(([choice]) => choice === key);
        if (found) onChoose(found[0]);
      }}
    >
      {children}
      <ChoiceList choices={choices} />
    </AriaSelect>
  );
}
