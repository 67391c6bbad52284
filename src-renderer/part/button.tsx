import { Button as AriaButton, type ButtonProps } from 'react-aria-components';
import styles from './button.module.css';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';

type Props = Omit<ButtonProps, 'children' | 'className' | 'style'> & {
  children: React.ReactNode;
  tone?: 'plain' | 'primary' | 'quiet' | 'danger' | 'refund';
  size?: 'm' | 'l' | 'xl';
  icon?: IconName;
  /** The key that does the same, shown on the button. */
  hint?: string;
  /** Takes the whole width it is given. */
  wide?: boolean;
  /** Takes what its neighbours leave. */
  grows?: boolean;
  /** Icon above the words. */
  stacked?: boolean;
};

/** A button that a gloved finger hits: at least 44 px, words beside every icon. */
export function Button({
  children,
  tone = 'plain',
  size = 'm',
  icon,
  hint,
  wide = false,
  grows = false,
  stacked = false,
  ...rest
}: Props) {
  return (
    <AriaButton
      {...rest}
      {...(hint === undefined ? {} : { 'aria-keyshortcuts': hint })}
      className={cx(
        styles.button,
        styles[tone],
        styles[size],
        wide && styles.wide,
        grows && styles.grows,
        stacked && styles.stacked,
      )}
    >
      {icon && <Icon name={icon} size={size === 'xl' ? 'l' : 'm'} />}
      <span className={styles.words}>{children}</span>
      {hint && <kbd className={styles.hint}>{hint}</kbd>}
    </AriaButton>
  );
}

/** A square button with an icon alone; `label` is its name for those who cannot see it. */
export function IconButton({
  icon,
  label,
  tone = 'plain',
  size = 'm',
  ...rest
}: Omit<Props, 'children' | 'hint' | 'wide' | 'grows' | 'stacked'> & { icon: IconName; label: string }) {
  return (
    <AriaButton
      {...rest}
      aria-label={label}
      className={cx(styles.button, styles[tone], styles[size], styles.square)}
    >
      <Icon name={icon} size={size === 'm' ? 'm' : 'l'} />
    </AriaButton>
  );
}
