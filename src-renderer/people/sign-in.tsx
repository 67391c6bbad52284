import { useEffect, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { OfficeButton } from '../office/office-button.tsx';
import { cx } from '../part/cx.ts';
import { Empty } from '../part/empty.tsx';
import { Icon } from '../part/icon.tsx';
import { displayCount } from '../part/money.ts';
import { Notice } from '../part/notice.tsx';
import type { Problem } from '../part/problem.ts';
import { FetchProgress } from '../sync/fetch-progress.tsx';
import { Brand } from './brand.tsx';
import { OfficeNotices } from './office-notices.tsx';
import { type Person, refreshPeople, signIn, usePeople } from './people-store.ts';
import { PinPad } from './pin-pad.tsx';
import { useSession } from './session-store.ts';
import styles from './sign-in.module.css';
import { peopleText } from './text.ts';
import { refreshTill, useTerminal, useTill } from './till-store.ts';

/** How often the till is asked who its people are, in ms. */
const askAgain = 1_000;

/** Unlocks the till: people as tiles, then a PIN. */
export function SignIn() {
  const { people, problem } = usePeople();
  const ended = useSession((state) => state.ended);
  const [chosen, setChosen] = useState<Person | null>(null);
  const isEmpty = people?.length === 0;
  useEffect(() => {
    refreshPeople();
    // Whether a ticket waits, and what the office has said meanwhile.
    refreshTill();
  }, []);
  useEffect(() => {
    // People come and go with every exchange, also while nobody is at the till.
    const timer = setInterval(() => {
      refreshPeople();
      if (isEmpty) refreshTill();
    }, askAgain);
    return () => clearInterval(timer);
  }, [isEmpty]);
  const person =
    people?.find(({ user_id }) => user_id === chosen?.user_id) ??
    (people?.length === 1 ? people[0] : undefined);
  return (
    <main className={styles.screen}>
      <section className={styles.who} aria-labelledby="who">
        <PlaceHead />
        <h1 id="who" className={styles.title}>
          {peopleText.whoTitle}
        </h1>
        {ended !== null && <Notice tone="warn" title={ended} />}
        {problem && <Notice tone="danger" title={problem.title} detail={problem.detail} />}
        <OfficeNotices />
        {isEmpty ? <Waiting /> : <Tiles people={people ?? []} chosen={person} onChoose={setChosen} />}
      </section>
      <aside className={styles.pin}>
        {person ? (
          <Unlock key={person.user_id} person={person} />
        ) : (
          <Empty icon="lock" title={peopleText.choosePerson} />
        )}
      </aside>
    </main>
  );
}

function PlaceHead() {
  const { location, terminal_code, name } = useTerminal();
  const hasCart = useTill(({ state }) => (state?.cart?.lines.length ?? 0) > 0);
  return (
    <header className={styles.place}>
      <div className={styles.top}>
        <Brand />
        <OfficeButton />
      </div>
      <p className={styles.where}>
        {location.name} · {name} ({terminal_code})
      </p>
      {hasCart && <p className={styles.where}>{peopleText.waitingCart}</p>}
    </header>
  );
}

function Tiles({
  people,
  chosen,
  onChoose,
}: {
  people: readonly Person[];
  chosen: Person | undefined;
  onChoose: (person: Person) => void;
}) {
  return (
    <ul className={styles.tiles} aria-label={peopleText.people}>
      {people.map((person) => (
        <li key={person.user_id}>
          <AriaButton
            className={cx(styles.tile, person.user_id === chosen?.user_id && styles.chosen)}
            aria-pressed={person.user_id === chosen?.user_id}
            onPress={() => onChoose(person)}
          >
            <span className={styles.initials} aria-hidden="true">
              {initials(person.name)}
            </span>
            <span className={styles.name}>{person.name}</span>
            {person.user_id === chosen?.user_id && <Icon name="check" />}
          </AriaButton>
        </li>
      ))}
    </ul>
  );
}

function Unlock({ person }: { person: Person }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <PinPad
      label={peopleText.pinOf(person.name)}
      action={peopleText.signIn}
      icon="door"
      problem={problem}
      onPin={async (pin) => setProblem(await signIn(person, pin))}
    />
  );
}

function Waiting() {
  const items = useTill(({ state }) => state?.sync.items ?? 0);
  const problem = useTill(({ state }) => state?.sync.problem?.message ?? null);
  const fetching = useTill(({ state }) => state?.sync.fetching ?? null);
  return (
    <Empty icon="sync" title={peopleText.nobody} detail={peopleText.nobodyDetail}>
      {fetching ? (
        <FetchProgress fetching={fetching} />
      ) : (
        <p className={styles.where}>{peopleText.nobodyWaiting(displayCount(items))}</p>
      )}
      {problem && <Notice tone="warn" title={problem} />}
    </Empty>
  );
}

/** The first letters of the first and the last word of a name. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
