import { create } from 'zustand';
import type { SyncStatus } from '#shared/contract/till.ts';
import { till } from '../api.ts';
import { explain, type Problem } from '../part/problem.ts';

type Sync = {
  status: SyncStatus | null;
  /** Somebody asked for it here and waits. */
  isAsked: boolean;
  problem: Problem | null;
};

/** What waits to be sent, and how the last exchange with the server went. */
export const useSync = create<Sync>()(() => ({
  status: null,
  isAsked: false,
  problem: null,
}));

/** Takes in a status. */
export const takeStatus = (status: SyncStatus): void => useSync.setState({ status });

/** Asks how the exchange stands; a failure is shown by the line's own state and leaves the last status. */
export const refreshStatus = (): Promise<void> =>
  till.sync.status().then(takeStatus, (error: unknown) => useSync.setState({ problem: explain(error) }));

/** How long after a status the next one is asked for, in ms: sooner while something is on its way. */
const calm = 4_000;
const moving = 500;

const isMoving = (status: SyncStatus | null): boolean =>
  status !== null && (status.running || (status.waiting > 0 && status.problem === null));

/** Keeps the status fresh until the answer is called. Whoever asks in between begins the wait anew. */
export function followStatus(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(refreshStatus, isMoving(useSync.getState().status) ? moving : calm);
  };
  const end = useSync.subscribe(schedule);
  refreshStatus();
  return () => {
    end();
    clearTimeout(timer);
  };
}

/** Sends what waits and fetches what is new, now. */
export async function syncNow(): Promise<void> {
  if (useSync.getState().isAsked) return;
  useSync.setState({ isAsked: true, problem: null });
  try {
    takeStatus(await till.sync.run());
  } catch (error) {
    useSync.setState({ problem: explain(error) });
  } finally {
    useSync.setState({ isAsked: false });
  }
}
