import { ComboBox as AriaComboBox, Button, Input } from 'react-aria-components';
import { type Choice, ChoiceList } from './choice-list.tsx';
import styles from './combo-box.module.css';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { Labelled } from './labelled.tsx';

/** One choice of very many, found by typing a part of its words. */
export function ComboBox({
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
  choices: readonly Choice[];
  chosen: string | null;
  onChoose: (key: string) => void;
  isDisabled?: boolean;
}) {
  return (
    <AriaComboBox
      className={cx(styles.field)}
      value={chosen}
      onChange={(key) => {
        if (typeof key === 'string') onChoose(key);
      }}
      isInvalid={error !== undefined}
      isDisabled={isDisabled}
      allowsEmptyCollection
    >
      <Labelled label={label} hint={hint} error={error}>
        <div className={styles.box}>
          <Input className={cx(styles.input)} />
          <Button className={cx(styles.opener)}>
            <Icon name="down" size="s" />
          </Button>
        </div>
      </Labelled>
      <ChoiceList choices={choices} />
    </AriaComboBox>
  );
}
