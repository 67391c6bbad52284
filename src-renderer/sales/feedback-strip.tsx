import { Button } from '../part/button.tsx';
import { Notice } from '../part/notice.tsx';
import styles from './feedback-strip.module.css';
import { undoLast } from './ring.ts';
import { useSell } from './sell-store.ts';
import { salesText } from './text.ts';

/** The answer to the last scan or step, in words, icon and colour; it stays until the next one. */
export function FeedbackStrip() {
  const feedback = useSell((state) => state.feedback);
  if (feedback === null) return null;
  const { tone, title, detail, canUndo } = feedback;
  return (
    <div className={styles.strip}>
      <Notice tone={tone} title={title} detail={detail}>
        {canUndo && (
          <Button tone="quiet" icon="undo" aria-keyshortcuts="Control+Z" onPress={() => undoLast()}>
            {salesText.undo}
          </Button>
        )}
      </Notice>
    </div>
  );
}
