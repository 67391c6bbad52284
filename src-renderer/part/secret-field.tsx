import { useState } from 'react';
import { Input, TextField, ToggleButton } from 'react-aria-components';
import { cx } from './cx.ts';
import { Icon } from './icon.tsx';
import { Labelled } from './labelled.tsx';
import styles from './secret-field.module.css';
import { partText } from './text.ts';

/** A password or a PIN, hidden until somebody wants to see what they typed. */
export function SecretField({
  label,
  hint,
  error,
  value,
  onChange,
  kind,
  autoFocus = false,
  isDisabled = false,
}: {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  kind: 'password' | 'new password' | 'PIN';
  autoFocus?: boolean;
  isDisabled?: boolean;
}) {
  const [isShown, setShown] = useState(false);
  const complete = { password: 'current-password', 'new password': 'new-password', PIN: 'off' } as const;
  return (
    <TextField
      className={cx(styles.field)}
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      type={isShown ? 'text' : 'password'}
      inputMode={kind === 'PIN' ? 'numeric' : 'text'}
      autoComplete={complete[kind]}
      autoFocus={autoFocus}
      isDisabled={isDisabled}
      spellCheck="false"
    >
      <Labelled label={label} hint={hint} error={error}>
        <div className={styles.line}>
          <Input className={cx(styles.input)} />
          <ToggleButton
            className={cx(styles.eye)}
            aria-label={partText.show(label)}
            isSelected={isShown}
            onChange={setShown}
          >
            <Icon name={isShown ? 'eye-off' : 'eye'} />
          </ToggleButton>
        </div>
      </Labelled>
    </TextField>
  );
}
