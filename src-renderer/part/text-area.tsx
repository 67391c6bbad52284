import { TextArea as AriaTextArea, TextField } from 'react-aria-components';
import { cx } from './cx.ts';
import { Labelled } from './labelled.tsx';
import styles from './text-area.module.css';

/** Labelled text of several lines. */
export const TextArea = ({
  label,
  hint,
  error,
  value,
  onChange,
  isDisabled,
}: {
  label: string;
  hint?: string | undefined;
  error: string | undefined;
  value: string;
  onChange: (value: string) => void;
  isDisabled: boolean;
}) => (
  <TextField
    className={cx(styles.field)}
    value={value}
    onChange={onChange}
    isInvalid={error !== undefined}
    isDisabled={isDisabled}
  >
    <Labelled label={label} hint={hint} error={error}>
      <AriaTextArea className={cx(styles.area)} />
    </Labelled>
  </TextField>
);
