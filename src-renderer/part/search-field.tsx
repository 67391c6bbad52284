import { SearchField as AriaSearchField, Button, Input } from 'react-aria-components';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import styles from './search-field.module.css';

/** A line of text that narrows down what is shown below it. Escape empties it. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  /** What can be searched for; stands in the field while it is empty. */
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <AriaSearchField
      className={cx(styles.field)}
      aria-label={label}
      value={value}
      onChange={onChange}
      maxLength={200}
    >
      <Icon name="search" size="s" />
      <Input className={cx(styles.input)} placeholder={label} />
      <Button className={cx(styles.clear)}>
        <Icon name="close" size="s" />
      </Button>
    </AriaSearchField>
  );
}
