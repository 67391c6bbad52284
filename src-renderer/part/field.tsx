import { FieldError, Input, Label, Text, TextField, type TextFieldProps } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './field.module.css';

type Props = Omit<TextFieldProps, 'className' | 'style' | 'children'> & {
  label: string;
  hint?: string;
  /** What is wrong with it; shown under the field in place of the hint. */
  error?: string | undefined;
  placeholder?: string;
  /** Letters of one width and more space between them: for codes. */
  isCode?: boolean;
};

/** A labelled line of text. */
export function Field({ label, hint, error, placeholder, isCode = false, ...rest }: Props) {
  return (
    <TextField {...rest} isInvalid={error !== undefined} className={cx(styles.field)}>
      <Label className={cx(styles.label)}>{label}</Label>
      <Input
        className={cx(styles.input, isCode && styles.code)}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      {error === undefined && hint && (
        <Text slot="description" className={cx(styles.hint)}>
          {hint}
        </Text>
      )}
      <FieldError className={cx(styles.error)}>{error}</FieldError>
    </TextField>
  );
}
