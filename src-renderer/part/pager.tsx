import { IconButton } from './button.tsx';
import { displayCount } from './money.ts';
import styles from './pager.module.css';
import { partText } from './text.ts';

/** Which rows of how many are shown, and the way to the others. */
export function Pager({
  skip,
  limit,
  shown,
  total,
  onSkip,
}: {
  skip: number;
  limit: number;
  /** How many rows the page has. */
  shown: number;
  total: number;
  onSkip: (skip: number) => void;
}) {
  return (
    <footer className={styles.pager}>
      <p role="status">
        {partText.rows(
          displayCount(Math.min(skip + 1, total)),
          displayCount(skip + shown),
          displayCount(total),
        )}
      </p>
      {total > limit && (
        <div className={styles.steps}>
          <IconButton
            icon="previous"
            label={partText.previousPage}
            isDisabled={skip === 0}
            onPress={() => onSkip(Math.max(0, skip - limit))}
          />
          <IconButton
            icon="next"
            label={partText.nextPage}
            isDisabled={skip + shown >= total}
            onPress={() => onSkip(skip + limit)}
          />
        </div>
      )}
    </footer>
  );
}
