import styles from './disclosure.module.css';
import { Icon } from './icon.tsx';

/** What few people need, folded away under its title until somebody opens it. */
export const Disclosure = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <details className={styles.details}>
    <summary className={styles.title}>
      <Icon name="next" size="s" />
      {title}
    </summary>
    <div className={styles.body}>{children}</div>
  </details>
);
