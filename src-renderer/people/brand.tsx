import styles from './brand.module.css';
import { peopleText } from './text.ts';

/** The product's mark with its name. */
export function Brand({ isSmall = false }: { isSmall?: boolean }) {
  return (
    <p className={styles.brand}>
      <svg className={isSmall ? styles.small : styles.mark} viewBox="0 0 32 32" aria-hidden="true">
        <rect className={styles.ground} width="32" height="32" rx="8" />
        <path className={styles.post} d="M8 10h16M16 10v8" />
        <path className={styles.hull} d="M7 17v1.5A6.5 6.5 0 0 0 13.5 25h5a6.5 6.5 0 0 0 6.5-6.5V17" />
      </svg>
      <span className={isSmall ? styles.hidden : styles.name}>{peopleText.product}</span>
    </p>
  );
}
