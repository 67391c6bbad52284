import { ListBox, ListBoxItem, Popover } from 'react-aria-components';
import styles from './choice-list.module.css';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { partText } from './text.ts';

/** A choice, by what it is kept as, with its words. */
export type Choice<Key extends string = string> = readonly [Key, string];

/** The list that hangs from a select or a combo box. */
export function ChoiceList({ choices }: { choices: readonly Choice[] }) {
  return (
    <Popover className={cx(styles.popover)} offset={4}>
      <ListBox className={cx(styles.list)} renderEmptyState={() => <Nothing />}>
        {choices.map(([key, words]) => (
          <ListBoxItem key={key} id={key} textValue={words} className={cx(styles.option)}>
            {({ isSelected }) => (
              <>
                <span className={styles.words}>{words}</span>
                <span className={styles.check}>{isSelected && <Icon name="check" size="s" />}</span>
              </>
            )}
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  );
}

const Nothing = () => <p className={styles.none}>{partText.nothingFits}</p>;
