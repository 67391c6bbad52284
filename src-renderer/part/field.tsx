import { Input, TextField, type TextFieldProps } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './field.module.css';
import { Labelled } from './labelled.tsx';

type Props = Omit<TextFieldProps, 'className' | 'style' | 'children'> & {
  label: string;
  hint?: string | undefined;
  /** What is wrong with it; shown under the field in place of the hint. */
  error?: string | undefined;
  placeholder?: string;
  /** Letters of one width and more space between them: for codes. */
  isCode?: boolean;
  /** What follows the text: a currency, a unit, `%`. */
  unit?: string;
};

/** A labelled line of text. */
export function Field({ label, hint, error, placeholder, isCode = false, unit, ...rest }: Props) {
  return (
    <TextField {...rest} isInvalid={error !== undefined} className={cx(styles.field)}>
      <Labelled label={label} hint={hint} error={error}>
        <span className={styles.line}>
          <Input
            className={cx(styles.input, isCode && styles.code, unit !== undefined && styles.beforeUnit)}
            {...(placeholder === undefined ? {} : { placeholder })}
          />
          {unit !== undefined && <span className={styles.unit}>{unit}</span>}
        </span>
      </Labelled>
    </TextField>
  );
}
