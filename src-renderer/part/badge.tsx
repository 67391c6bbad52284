import styles from './badge.module.css';
import { cx } from './cx.ts';

/** How something stands, in a word or two; the words say it, the colour only helps to find it. */
export const Badge = ({
  tone = 'calm',
  children,
}: {
  tone?: 'calm' | 'ok' | 'info' | 'warn' | 'danger';
  children: React.ReactNode;
}) => <span className={cx(styles.badge, styles[tone])}>{children}</span>;
