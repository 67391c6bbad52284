import { useEffect, useState } from 'react';
import { Button } from '../part/button.tsx';
import { Empty } from '../part/empty.tsx';
import { Notice } from '../part/notice.tsx';
import { Brand } from './brand.tsx';
import styles from './standstill.module.css';
import { peopleText } from './text.ts';
import { refreshTill, useTill } from './till-store.ts';

/** How long a start may take before the screen says that it takes long, in ms. */
const patience = 5_000;

/** Shown until the data process has told its state for the first time. */
export function Starting() {
  const problem = useTill((state) => state.problem);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main className={styles.screen}>
      <div className={styles.centre}>
        <Brand />
        {problem ? (
          <Notice tone="danger" title={peopleText.noState} detail={`${problem.title}. ${problem.detail}`}>
            <Button icon="sync" onPress={() => refreshTill()}>
              {peopleText.tryAgain}
            </Button>
          </Notice>
        ) : (
          <p className={styles.quiet} role="status">
            {isLong ? peopleText.startingLong : peopleText.starting}
          </p>
        )}
      </div>
    </main>
  );
}

/** Shown when the data process was ended for good. */
export const Stopped = () => (
  <main className={styles.screen}>
    <Empty icon="door" title={peopleText.stopped} detail={peopleText.stoppedDetail} />
  </main>
);

/** Shown in a browser that has no right, or no longer a right, to this till. */
export const Unpaired = () => (
  <main className={styles.screen}>
    <Empty icon="lock" title={peopleText.unpairedTitle} detail={peopleText.unpairedDetail} />
  </main>
);

/** Shown when a screen failed to draw itself: the till behind it is well, and so is the ticket. */
export const Crashed = () => (
  <main className={styles.screen}>
    <Empty icon="alert" title={peopleText.crashed} detail={peopleText.crashedDetail}>
      <Button tone="primary" size="l" icon="sync" onPress={() => location.reload()}>
        {peopleText.reload}
      </Button>
    </Empty>
  </main>
);
