import { useEffect } from 'react';
import { Button } from '../../part/button.tsx';
import { Icon } from '../../part/icon.tsx';
import { displayCount, locale } from '../../part/money.ts';
import { Notice } from '../../part/notice.tsx';
import { Card } from '../../part/page.tsx';
import { refreshPeople, usePeople } from '../../people/people-store.ts';
import { usePermission } from '../../people/session-store.ts';
import { askSwitchUser } from '../../people/switch-user-store.ts';
import { go } from '../../view-store.ts';
import { useDesk, useOpenTroubles } from './desk-store.ts';
import { deskText } from './text.ts';
import styles from './troubles-card.module.css';

/** Whether something must be looked at: the way to it for whoever may decide, and for everybody else whom to tell. */
export function TroublesCard() {
  const count = useOpenTroubles();
  const problem = useDesk((desk) => desk.problem);
  return (
    <Card>
      <h2 className={styles.title}>{deskText.cardTitle}</h2>
      {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
      {count > 0 ? <Some count={count} /> : !problem && <Calm />}
    </Card>
  );
}

function Some({ count }: { count: number }) {
  const maySettle = usePermission('exception.settle');
  const tell = useWhomToTell();
  return (
    <Notice
      tone="warn"
      title={deskText.some(count, displayCount(count))}
      detail={maySettle ? deskText.someDetail : tell}
    >
      {maySettle ? (
        <Button size="l" tone="primary" onPress={() => go('desk')}>
          {deskText.look}
        </Button>
      ) : (
        <Button size="l" icon="person" onPress={() => askSwitchUser(true)}>
          {deskText.switchUser}
        </Button>
      )}
    </Notice>
  );
}

function Calm() {
  const maySettle = usePermission('exception.settle');
  const hasDecided = useDesk(({ settled }) => (settled?.length ?? 0) > 0);
  return (
    <div className={styles.calm}>
      <Icon name="check" />
      <p className={styles.words}>
        <strong>{deskText.calm}</strong> · {deskText.calmDetail}
      </p>
      {maySettle && hasDecided && (
        <Button
          onPress={() => {
            useDesk.setState({ shown: 'settled' });
            go('desk');
          }}
        >
          {deskText.states.settled}
        </Button>
      )}
    </div>
  );
}

/** The people of this till who may decide. */
function useWhomToTell(): string {
  const people = usePeople((state) => state.people);
  useEffect(() => {
    if (people === null) refreshPeople();
  }, [people]);
  const names = (people ?? [])
    .filter(({ permissions }) => permissions.includes('exception.settle'))
    .map(({ name }) => name);
  return names.length === 0 ? deskText.tellSomebody : deskText.tell(either(names));
}

/** `Maya Lindqvist or Tomas Reyes`. */
const either = (names: readonly string[]): string =>
  new Intl.ListFormat(locale, { type: 'disjunction' }).format(names);
