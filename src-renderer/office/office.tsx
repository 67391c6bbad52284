import { useEffect } from 'react';
import { useIdle } from '../part/idle.ts';
import { shell } from '../shell-line.ts';
import { OfficeDoor } from './entry/office-door.tsx';
import { SignInAgain } from './entry/sign-in-again.tsx';
import { Frame } from './frame.tsx';
import { signOutOfOffice } from './session.ts';
import { useOffice } from './session-store.ts';
import { hasUnsaved, leave } from './unsaved-store.ts';

/** How long the office may stand untouched before it signs out, in ms. The data process holds to the same. */
const idleFor = 15 * 60_000;

const endIdle = () => signOutOfOffice('idle');

/** The back office: its door, and what is behind it. */
export function Office() {
  const office = useOffice();
  switch (office.at) {
    case 'closed':
      return null;
    case 'door':
      return <OfficeDoor why={office.why} />;
    case 'inside':
    case 'interrupted':
      return (
        <>
          <Frame key={office.session.me.user.user_id} />
          {office.at === 'inside' ? <Watch /> : <SignInAgain office={office} />}
        </>
      );
  }
}

/** Ends the session of somebody who has gone away, and asks before a window closes over unsaved work. */
function Watch() {
  useIdle(idleFor, endIdle);
  useEffect(() => {
    const onClose = (event: BeforeUnloadEvent) => {
      if (!hasUnsaved()) return;
      // A browser asks by itself. The desktop app just stays; it is asked here, and closed again by whoever says yes.
      event.preventDefault();
      if (shell) leave(() => window.close());
    };
    window.addEventListener('beforeunload', onClose);
    return () => window.removeEventListener('beforeunload', onClose);
  }, []);
  return null;
}
