import { lazy, Suspense, useEffect } from 'react';
import { Help } from './help.tsx';
import { useOffice } from './office/session-store.ts';
import { Announcer } from './part/announce.tsx';
import { Confirm } from './part/confirm.tsx';
import { StandsStill } from './people/copies/stands-still.tsx';
import { Enrol } from './people/enrol.tsx';
import { useSession } from './people/session-store.ts';
import { SignIn } from './people/sign-in.tsx';
import { Starting, Stopped, Unpaired } from './people/standstill.tsx';
import { StepUp } from './people/step-up.tsx';
import { useTill } from './people/till-store.ts';
import { useClosing } from './sales/closing-store.ts';
import { useSell } from './sales/sell-store.ts';
import { showTill } from './show-till.ts';
import { useConnection } from './sync/connection-store.ts';
import { Recovery } from './sync/recovery/recovery.tsx';
import { followStatus, takeStatus, useSync } from './sync/status-store.ts';
import { useView } from './view-store.ts';
import { Workplace } from './workplace.tsx';

/** Loaded when somebody goes there: a till starts without it. */
const Office = lazy(async () => ({ default: (await import('./office/office.tsx')).Office }));

/** Refusals that mean the ledger cannot be used at all. */
const ledgerFaults: readonly (string | undefined)[] = ['ledger_damaged', 'ledger_too_new', 'ledger_in_use'];

/** The one screen that fits the state of the till, with what may stand over any of them. */
export function App() {
  useStateOfTill();
  useFreshStatus();
  return (
    <>
      <Screen />
      <StepUp />
      <Help />
      <Confirm />
      <Announcer />
    </>
  );
}

function Screen() {
  const line = useConnection((connection) => connection.state);
  const { state, problem } = useTill();
  const session = useSession((people) => people.session);
  const told = useSync(({ status }) => status);
  const isReading = useIsReadingAnEnd();
  const isInOffice = useOffice(({ at }) => at !== 'closed');
  if (line === 'unpaired') return <Unpaired />;
  if (line === 'stopped') return <Stopped />;
  if (line === 'recovery' || ledgerFaults.includes(problem?.code)) return <Recovery />;
  if (state === null) return <Starting />;
  const sync = told ?? state.sync;
  if (isInOffice) {
    return (
      <Suspense>
        <Office />
      </Suspense>
    );
  }
  if (state.terminal === null) return <Enrol />;
  if (sync.standstill && !(isReading && session))
    return <StandsStill standstill={sync.standstill} status={sync} />;
  return session === null ? <SignIn /> : <Workplace />;
}

/** The end of a ticket with its change, or of a day, is read before anything takes its place. */
function useIsReadingAnEnd(): boolean {
  const place = useView((view) => view.place);
  const isDone = useSell(({ stage }) => stage === 'done');
  const hasReport = useClosing(({ z }) => z !== null);
  return place === 'sell' ? isDone : place === 'day' && hasReport;
}

/** Keeps asking how the exchange stands wherever somebody stands before an enrolled till, locked or not. */
function useFreshStatus(): void {
  const isEnrolled = useTill(({ state }) => (state?.terminal ?? null) !== null);
  useEffect(() => {
    if (!isEnrolled) return;
    const known = useTill.getState().state?.sync;
    if (known && useSync.getState().status === null) takeStatus(known);
    return followStatus();
  }, [isEnrolled]);
}

/** Asks how the till stands whenever a line to it opens, and shows the ticket that it keeps. */
function useStateOfTill(): void {
  const line = useConnection(({ state }) => state);
  useEffect(() => {
    if (line === 'ready' || line === 'recovery') showTill();
  }, [line]);
}
