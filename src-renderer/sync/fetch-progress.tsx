import { ProgressBar } from 'react-aria-components';
import type { CatalogueFetch } from '#shared/contract/till.ts';
import { cx } from '../part/cx.ts';
import { fetchAmount } from './fetch-amount.ts';
import styles from './fetch-progress.module.css';
import { syncText } from './text.ts';

/** How far a whole catalogue is that comes as a file: what is being done, and how much of it is done. */
export function FetchProgress({ fetching }: { fetching: CatalogueFetch }) {
  const { phase, done, total } = fetching;
  return (
    <ProgressBar
      aria-label={syncText.fetching}
      className={cx(styles.fetch)}
      isIndeterminate={total === 0}
      value={done}
      maxValue={Math.max(total, 1)}
    >
      <span className={styles.words}>
        {syncText.fetchPhases[phase]}
        <span className={styles.amount}>{fetchAmount(fetching)}</span>
      </span>
      <span className={styles.track}>
        <span
          className={cx(styles.done, total === 0 && styles.unknown)}
          style={total === 0 ? {} : { inlineSize: `${(done / total) * 100}%` }}
        />
      </span>
    </ProgressBar>
  );
}
