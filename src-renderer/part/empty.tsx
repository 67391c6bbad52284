import styles from './empty.module.css';
import { Icon, type IconName } from './icon.tsx';

/** What stands where a list has nothing to show: why, and what would fill it. */
export function Empty({
  icon,
  title,
  detail,
  children,
}: {
  icon: IconName;
  title: string;
  detail?: string;
  children?: React.ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <span className={styles.icon}>
        <Icon name={icon} size="xl" />
      </span>
      <p className={styles.title}>{title}</p>
      {detail && <p className={styles.detail}>{detail}</p>}
      {children}
    </div>
  );
}
