import { create } from 'zustand';
import styles from './announce.module.css';

type Announcements = { polite: string; assertive: string; turn: number };

const useAnnouncements = create<Announcements>()(() => ({ polite: '', assertive: '', turn: 0 }));

/**
 * Says something to whoever cannot see the screen: that a line was added, what the change is. `assertive` is for
 * what must not be missed. The same words twice are said twice.
 */
export function announce(text: string, urgency: 'polite' | 'assertive' = 'polite'): void {
  useAnnouncements.setState((before) => ({ [urgency]: text, turn: before.turn + 1 }));
}

/** The two live regions; stands once in the app, outside everything that is hidden behind dialogs. */
export function Announcer() {
  const { polite, assertive, turn } = useAnnouncements();
  const mark = turn % 2 === 0 ? '' : '\u00a0';
  return (
    <div className={styles.hidden}>
      <div role="status" aria-live="polite">
        {polite + mark}
      </div>
      <div role="alert" aria-live="assertive">
        {assertive === '' ? '' : assertive + mark}
      </div>
    </div>
  );
}
