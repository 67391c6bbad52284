import { useState } from 'react';
import { Radio, RadioGroup } from 'react-aria-components';
import { cx } from '../part/cx.ts';
import type { IconName } from '../part/icon.tsx';
import type { Problem } from '../part/problem.ts';
import type { Person } from './people-store.ts';
import styles from './person-pin.module.css';
import { PinPad } from './pin-pad.tsx';
import { peopleText } from './text.ts';

type Props = {
  people: readonly Person[];
  /** What the choice is called: who approves, who goes on. */
  label: string;
  action: string;
  icon: IconName;
  problem: Problem | null;
  /** What stands above the people. */
  children?: React.ReactNode;
  onPin: (person: Person, pin: string) => Promise<void>;
};

/** Somebody out of several, and their PIN: what dialogs ask that another person must answer. */
export function PersonPin({ people, label, action, icon, problem, children, onPin }: Props) {
  const [chosen, setChosen] = useState<string | null>(null);
  const person = people.find(({ user_id }) => user_id === chosen);
  return (
    <div className={styles.columns}>
      <div className={styles.who}>
        {children}
        <RadioGroup
          aria-label={label}
          className={cx(styles.people)}
          value={chosen ?? ''}
          onChange={setChosen}
        >
          {people.map(({ user_id, name }) => (
            <Radio key={user_id} value={user_id} className={cx(styles.person)}>
              {name}
            </Radio>
          ))}
        </RadioGroup>
      </div>
      <div className={cx(!person && styles.waiting)} inert={!person}>
        <PinPad
          key={chosen}
          label={person ? peopleText.pinOf(person.name) : peopleText.pin}
          action={action}
          icon={icon}
          problem={problem}
          onPin={async (pin) => {
            if (person) await onPin(person, pin);
          }}
        />
      </div>
    </div>
  );
}
