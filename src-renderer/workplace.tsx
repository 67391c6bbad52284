import { useEffect } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { OfficeOnRail } from './office/office-button.tsx';
import { Button } from './part/button.tsx';
import { cx } from './part/cx.ts';
import { Icon, type IconName } from './part/icon.tsx';
import { useShortcuts } from './part/shortcuts.ts';
import { Brand } from './people/brand.tsx';
import { useIdleLock } from './people/idle-lock.ts';
import { OfficeNotices } from './people/office-notices.tsx';
import { lock } from './people/people-store.ts';
import { usePermission } from './people/session-store.ts';
import { SwitchUser } from './people/switch-user.tsx';
import { askSwitchUser } from './people/switch-user-store.ts';
import { useTill } from './people/till-store.ts';
import { CloseDay } from './sales/close-day.tsx';
import { useClosing } from './sales/closing-store.ts';
import { OpenDay } from './sales/open-day.tsx';
import { SellScreen } from './sales/sell-screen.tsx';
import { TicketsScreen } from './sales/tickets-screen.tsx';
import { ZReport } from './sales/z-report.tsx';
import { showTill } from './show-till.ts';
import { StatusBar } from './status-bar.tsx';
import { DeskScreen } from './sync/desk/desk-screen.tsx';
import { useFreshDesk } from './sync/desk/desk-store.ts';
import { useSync } from './sync/status-store.ts';
import { SyncScreen } from './sync/sync-screen.tsx';
import { TillScreen } from './sync/till-screen.tsx';
import { appText } from './text.ts';
import { go, onRail, PLACES, type Place, showHelp, useView } from './view-store.ts';
import styles from './workplace.module.css';

const icons: Record<(typeof PLACES)[number], IconName> = {
  sell: 'sell',
  tickets: 'tickets',
  day: 'day',
  sync: 'sync',
  till: 'wrench',
};

/** Where an unlocked till works: the rail on the left, the status above, and the place that was chosen. */
export function Workplace() {
  const place = useView((view) => view.place);
  useIdleLock();
  useFreshTill();
  useFreshDesk();
  useShortcuts({
    'ctrl+l': lock,
    'ctrl+u': () => askSwitchUser(true),
    f1: () => showHelp(true),
    '?': () => showHelp(true),
    ...Object.fromEntries(PLACES.map((name, index) => [`alt+${index + 1}`, () => go(name)])),
  });
  return (
    <div className={styles.workplace}>
      <Rail place={place} />
      <StatusBar />
      <div className={styles.notices}>
        <OfficeNotices />
      </div>
      <main className={styles.main}>
        <Content place={place} />
      </main>
      <SwitchUser />
    </div>
  );
}

function Rail({ place }: { place: Place }) {
  return (
    <nav className={styles.rail} aria-label={appText.rail}>
      <Brand isSmall />
      <div className={styles.places}>
        {PLACES.map((name) => (
          <AriaButton
            key={name}
            className={cx(styles.place)}
            {...(name === onRail(place) ? { 'aria-current': 'page' } : {})}
            onPress={() => go(name)}
          >
            <Icon name={icons[name]} size="l" />
            {appText.places[name]}
          </AriaButton>
        ))}
      </div>
      <OfficeOnRail />
      <Button tone="quiet" icon="keyboard" stacked onPress={() => showHelp(true)}>
        {appText.help}
      </Button>
    </nav>
  );
}

function Content({ place }: { place: Place }) {
  const hasDay = useTill(({ state }) => state?.day !== null);
  const z = useClosing((closing) => closing.z);
  const maySettle = usePermission('exception.settle');
  switch (place) {
    case 'sell':
      return hasDay ? <SellScreen /> : <OpenDay />;
    case 'day':
      return z ? <ZReport z={z} /> : hasDay ? <CloseDay /> : <OpenDay />;
    case 'tickets':
      return <TicketsScreen />;
    case 'sync':
      return <SyncScreen />;
    case 'desk':
      return maySettle ? <DeskScreen /> : <SyncScreen />;
    case 'till':
      return <TillScreen />;
  }
}

function useFreshTill(): void {
  // With each exchange the office may have changed what this till is: its name, its place, whether it may sell.
  const pulled = useSync(({ status }) => status?.last_pull_at);
  const trouble = useSync(({ status }) => status?.problem?.kind);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the two say when to ask again, not what
  useEffect(() => {
    showTill();
  }, [pulled, trouble]);
}
