import { cx } from './cx.ts';
import { Icon, type IconName } from './icon.tsx';
import styles from './notice.module.css';

/** What a message means; each tone has its own icon, so that colour is never the only sign. */
export type Tone = 'ok' | 'info' | 'warn' | 'danger';

const icons: Record<Tone, IconName> = { ok: 'check', info: 'info', warn: 'alert', danger: 'alert' };

/** A message in place: what happened, what to do about it, and the buttons to do it with. */
export function Notice({
  tone,
  title,
  detail,
  children,
}: {
  tone: Tone;
  title: string;
  detail?: string | undefined;
  children?: React.ReactNode;
}) {
  return (
    <div className={cx(styles.notice, styles[tone])} role={tone === 'danger' ? 'alert' : undefined}>
      <Icon name={icons[tone]} />
      <div className={styles.words}>
        <p className={styles.title}>{title}</p>
        {detail && <p className={styles.detail}>{detail}</p>}
      </div>
      {children && <div className={styles.actions}>{children}</div>}
    </div>
  );
}
