import { Button as AriaButton } from 'react-aria-components';
import { Button } from './part/button.tsx';
import { cx } from './part/cx.ts';
import { Icon } from './part/icon.tsx';
import { displayCount } from './part/money.ts';
import { displayDate } from './part/time.ts';
import { lock } from './people/people-store.ts';
import { usePermission, useSession } from './people/session-store.ts';
import { askSwitchUser } from './people/switch-user-store.ts';
import { peopleText } from './people/text.ts';
import { useTerminal, useTill } from './people/till-store.ts';
import styles from './status-bar.module.css';
import { useConnection } from './sync/connection-store.ts';
import { useOpenTroubles } from './sync/desk/desk-store.ts';
import { deskText } from './sync/desk/text.ts';
import { useSync } from './sync/status-store.ts';
import { summarise } from './sync/summary.ts';
import { syncText } from './sync/text.ts';
import { appText } from './text.ts';
import { go } from './view-store.ts';

/** Who is signed in, which day is open and what waits to be sent: always in view, in words and icons. */
export function StatusBar() {
  const { location, terminal_code } = useTerminal();
  const day = useTill(({ state }) => state?.day ?? null);
  const name = useSession(({ session }) => session?.name ?? '');
  return (
    <header className={styles.bar}>
      <p className={styles.place}>
        <span className={styles.location}>{location.name}</span>
        <span className={styles.terminal}>{terminal_code}</span>
      </p>
      <Line />
      <div className={styles.chips}>
        <AriaButton className={cx(styles.chip)} onPress={() => go('day')}>
          <Icon name="day" size="s" />
          {day ? appText.day(displayDate(day.business_date)) : appText.noDay}
        </AriaButton>
        <DeskChip />
        <SyncChip />
        <AriaButton
          className={cx(styles.chip)}
          aria-label={peopleText.switchLabel(name)}
          aria-keyshortcuts="Control+U"
          onPress={() => askSwitchUser(true)}
        >
          <Icon name="person" size="s" />
          <span className={styles.name}>{name}</span>
        </AriaButton>
        <Button tone="quiet" icon="lock" aria-label={peopleText.lockLabel(name)} onPress={lock}>
          {peopleText.lock}
        </Button>
      </div>
    </header>
  );
}

function SyncChip() {
  const status = useSync((sync) => sync.status);
  const isAsked = useSync((sync) => sync.isAsked);
  const isTold = useIsToldOfTroubles();
  // What must be looked at stands in a chip of its own for whoever may decide about it.
  const { tone, icon, words, detail } = summarise(
    status && isTold ? { ...status, quarantined: 0 } : status,
    isAsked,
  );
  return (
    <AriaButton
      className={cx(styles.chip, styles[tone])}
      aria-label={syncText.chip(words, detail)}
      onPress={() => go('sync')}
    >
      <Icon name={icon} size="s" />
      {words}
    </AriaButton>
  );
}

/** Whether something must be looked at, and whoever is signed in may decide about it. */
function useIsToldOfTroubles(): boolean {
  const count = useOpenTroubles();
  return usePermission('exception.settle') && count > 0;
}

function DeskChip() {
  const count = displayCount(useOpenTroubles());
  if (!useIsToldOfTroubles()) return null;
  return (
    <AriaButton className={cx(styles.chip, styles.warn)} onPress={() => go('desk')}>
      <Icon name="alert" size="s" />
      {deskText.toLookAt(count)}
    </AriaButton>
  );
}

/** What the screen waits for while the data process is away. */
function Line() {
  const connection = useConnection();
  if (connection.state === 'ready') return <span className={styles.space} />;
  return (
    <p className={styles.line} role="alert" title={syncText.lineLostDetail}>
      <Icon name="sync" size="s" />
      <strong>{syncText.lineLost}</strong>
      {connection.state === 'recovering' && <span>{syncText.attempt(connection.attempt)}</span>}
    </p>
  );
}
