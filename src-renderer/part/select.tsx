import { Select as AriaSelect, Button, Label, SelectValue } from 'react-aria-components';
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
  hint,
  error,
  placeholder,
  ...rest
}: Props<Key> & { hint?: string | undefined; error?: string | undefined; placeholder: string }) {
  return (
    <Chooser {...rest} placeholder={placeholder} isInvalid={error !== undefined} className={styles.field}>
      <Labelled label={rest.label} hint={hint} error={error}>
        <Opener />
      </Labelled>
    </Chooser>
  );
}

/** The same in one line, with its label inside: for the filters above a table. */
export function FilterSelect<Key extends string>(props: Props<Key>) {
  return (
    <Chooser {...props} placeholder="" isInvalid={false} className={styles.field}>
      <Opener isSmall>
        <Label className={cx(styles.inside)}>{props.label}</Label>
      </Opener>
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
}: Props<Key> & {
  placeholder: string;
  isInvalid: boolean;
  className: string | undefined;
  children: React.ReactNode;
}) {
  return (
    <AriaSelect
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

const Opener = ({ isSmall = false, children }: { isSmall?: boolean; children?: React.ReactNode }) => (
  <Button className={cx(styles.button, isSmall && styles.small)}>
    {children}
    <SelectValue className={cx(styles.value)} />
    <Icon name="down" size="s" />
  </Button>
);
