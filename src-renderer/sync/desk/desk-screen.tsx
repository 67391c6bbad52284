import { useEffect } from 'react';
import type { DeskItem } from '#shared/contract/desk.ts';
import { Button } from '../../part/button.tsx';
import { cx } from '../../part/cx.ts';
import { Empty } from '../../part/empty.tsx';
import { Icon } from '../../part/icon.tsx';
import { Notice } from '../../part/notice.tsx';
import { Segments } from '../../part/segments.tsx';
import { useShortcuts } from '../../part/shortcuts.ts';
import { partText } from '../../part/text.ts';
import { displayInstant } from '../../part/time.ts';
import { VirtualList } from '../../part/virtual-list.tsx';
import { useTerminal } from '../../people/till-store.ts';
import { go } from '../../view-store.ts';
import { troubleText } from '../trouble/text.ts';
import { amountWords, personWords, subjectWords } from '../trouble/words.ts';
import styles from './desk-screen.module.css';
import { refreshDesk, troubleKey, useDesk } from './desk-store.ts';
import { SentBadge } from './sent-badge.tsx';
import { deskText } from './text.ts';
import { TroublePane } from './trouble-pane.tsx';

const LIST = 'troubles';

/** The repair desk of this till: what must be looked at, what was decided here, and the one that is chosen. */
export function DeskScreen() {
  const { shown, said, problem, chosen, ...lists } = useDesk();
  const items = lists[shown];
  const item = items?.find((one) => troubleKey(one) === chosen) ?? items?.[0];
  useShortcuts({ escape: () => go('sync') });
  useEffect(() => {
    refreshDesk();
    return () => useDesk.setState({ said: null, chosen: null, shown: 'open' });
  }, []);
  return (
    <div className={styles.screen}>
      <section className={styles.list}>
        <header className={styles.head}>
          <h1 className={styles.title}>{deskText.title}</h1>
          <Button icon="back" onPress={() => go('sync')}>
            {deskText.back}
          </Button>
        </header>
        <div className={styles.filter}>
          <Segments
            label={deskText.which}
            choices={[
              ['open', deskText.states.open],
              ['settled', deskText.states.settled],
            ]}
            chosen={shown}
            onChoose={(state) => useDesk.setState({ shown: state, chosen: null, said: null })}
          />
        </div>
        {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
        {said && <Notice tone="ok" title={said} detail={deskText.recorded} />}
        {items && items.length > 0 ? (
          <VirtualList
            id={LIST}
            label={deskText.entries}
            rows={items}
            rowKey={troubleKey}
            chosen={item ? troubleKey(item) : null}
            estimate={66}
            onChoose={(one) => useDesk.setState({ chosen: troubleKey(one), said: null })}
          >
            {(one) => <TroubleRow item={one} />}
          </VirtualList>
        ) : (
          <Nothing shown={shown} isLoading={items === null && problem === null} />
        )}
      </section>
      <aside className={styles.pane} aria-label={deskText.entry}>
        {item && <TroublePane key={troubleKey(item)} item={item} onDecided={focusList} />}
      </aside>
    </div>
  );
}

/** What had the focus is gone with the entry. */
const focusList = (): void => {
  const next =
    document.getElementById(LIST) ?? document.querySelector('main [role=radio][aria-checked=true]');
  if (next instanceof HTMLElement) next.focus();
};

function Nothing({ shown, isLoading }: { shown: DeskItem['state']; isLoading: boolean }) {
  if (isLoading) return <Empty icon="clock" title={partText.loading} />;
  return shown === 'open' ? (
    <Empty icon="check" title={deskText.none} detail={deskText.noneDetail} />
  ) : (
    <Empty icon="note" title={deskText.noneSettled} detail={deskText.noneSettledDetail} />
  );
}

function TroubleRow({ item }: { item: DeskItem }) {
  const { zone } = useTerminal().location;
  const { facts, decision } = item;
  const amount = amountWords(facts?.amounts[0]?.minor ?? null, facts?.currency ?? null);
  return (
    <span className={styles.row}>
      <span className={cx(styles.sign, item.kind === 'quarantined' && styles.aside)}>
        <Icon name={decision ? 'check' : 'alert'} />
      </span>
      <span className={styles.name}>{troubleText.titles[item.code]}</span>
      <span className={styles.amount}>{amount}</span>
      <span className={styles.sub}>
        {subjectWords(item.operation_kind, facts?.receipt_number ?? null)}
        {item.occurred_at && ` · ${displayInstant(item.occurred_at, zone)}`}
        {item.user && ` · ${personWords(item.user)}`}
      </span>
      {decision && (
        <span className={styles.badge}>
          <SentBadge isSent={decision.sent} />
        </span>
      )}
    </span>
  );
}
