import { useEffect, useState } from 'react';
import { announce } from '../part/announce.tsx';
import { Dialog } from '../part/dialog.tsx';
import { Notice } from '../part/notice.tsx';
import type { Problem } from '../part/problem.ts';
import { type Person, refreshPeople, signIn, usePeople } from './people-store.ts';
import { PersonPin } from './person-pin.tsx';
import { useSession } from './session-store.ts';
import { askSwitchUser, useSwitchUser } from './switch-user-store.ts';
import { peopleText } from './text.ts';

/** Lets somebody else take over the till as it stands: the ticket on it, the place, the payment half taken. */
export function SwitchUser() {
  const { isOpen } = useSwitchUser();
  useEffect(() => () => askSwitchUser(false), []);
  return isOpen ? <Takeover /> : null;
}

function Takeover() {
  const people = usePeople((state) => state.people);
  const present = useSession(({ session }) => session?.user_id);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    refreshPeople();
  }, []);
  const takeOver = async (person: Person, pin: string) => {
    const refusal = await signIn(person, pin);
    setProblem(refusal);
    if (refusal) return;
    askSwitchUser(false);
    announce(peopleText.signedInNow(person.name));
  };
  return (
    <Dialog title={peopleText.switchUser} shape="wide" onClose={() => askSwitchUser(false)}>
      <PersonPin
        people={(people ?? []).filter(({ user_id }) => user_id !== present)}
        label={peopleText.whoTitle}
        action={peopleText.signIn}
        icon="door"
        problem={problem}
        onPin={takeOver}
      >
        <Notice tone="info" title={peopleText.switchDetail} />
      </PersonPin>
    </Dialog>
  );
}
