import { FieldError, Label, Text } from 'react-aria-components';
import { cx } from './cx.ts';
import styles from './labelled.module.css';

/** The words around a control of a form: its label above it, and below it a hint, or what is wrong with it. */
export function Labelled({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: string | undefined;
  /** Shown in place of the hint. */
  error?: string | undefined;
  children: React.ReactNode;
}) {
  return (
    <>
      <Label className={cx(styles.label)}>{label}</Label>
      {children}
      {error === undefined && hint && (
        <Text slot="description" className={cx(styles.hint)}>
          {hint}
        </Text>
      )}
      <FieldError className={cx(styles.error)}>{error}</FieldError>
    </>
  );
}
