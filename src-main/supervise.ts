import type { DataState } from '#shared/contract/shell.ts';
import { describeError, type Log } from './log.ts';

/** How a data process ended: its exit code, or the signal that ended it. */
export type DataExit = { code: number | null; signal: string | null };

type DataHostEvents = {
  /** The data process has opened its files and takes ports. */
  onReady(ledger: 'ok' | 'recovery'): void;
  /** It, or its host for it, closed a port: the page asked for too much at once, or for what is no frame. */
  onPortClosed(): void;
  /** It is gone. Called once, also if it could not be started at all. */
  onExit(exit: DataExit): void;
};

/** A running data process that takes ports of type `Port`. */
type DataProcess<Port> = {
  readonly pid: number | undefined;
  connect(port: Port): void;
  /** Asks it to end, and makes it end if it does not. Settles when it is gone. */
  stop(): Promise<void>;
};

/** Starts one data process: as Electron's utility process (`host/utility.ts`) or as a Node child (`host/node.ts`). */
export type StartDataProcess<Port> = (events: DataHostEvents) => DataProcess<Port>;

export type Supervisor<Port> = {
  state(): DataState;
  /** How often the data process was started again, and how it ended last. */
  history(): { restarts: number; last_exit: DataExit | null; pid: number | undefined };
  /** Gives `port` to the data process. Answers false, and leaves the port alone, while there is none ready. */
  connect(port: Port): boolean;
  stop(): Promise<void>;
};

/** Waits before each start of a process that keeps dying, in ms; after the last, `longestWait` for ever. */
const waits = [200, 500, 1_000, 2_000] as const;
const longestWait = 5_000;

/** A process that lived this long (ms) is taken to be well, and the next death is counted as a first. */
const wellAfter = 60_000;

/** The wait before start number `attempt` (from 1) after a death. */
export const restartWait = (attempt: number): number => waits[attempt - 1] ?? longestWait;

/**
 * Keeps a data process running until `stop`: starts it, starts it again with growing waits when it dies, and
 * tells every change of state. A dead data process loses nothing that was acknowledged, so starting it again is
 * always right; a ledger that cannot be opened is no death but the state `ready` with `ledger: 'recovery'`.
 */
export const superviseDataProcess = <Port>(
  start: StartDataProcess<Port>,
  { onState, onPortClosed, log }: { onState(state: DataState): void; onPortClosed(): void; log: Log },
): Supervisor<Port> => {
  let state: DataState = { state: 'starting' };
  let running: DataProcess<Port> | null = null;
  let lastExit: DataExit | null = null;
  let restarts = 0;
  let attempt = 0;
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const enter = (next: DataState) => {
    state = next;
    onState(next);
  };

  const startOne = () => {
    startedAt = performance.now();
    enter({ state: 'starting' });
    try {
      running = start({
        onReady: (ledger) => {
          if (state.state === 'stopped') return;
          log('info', 'data process ready', { pid: running?.pid, ledger });
          enter({ state: 'ready', ledger });
        },
        onPortClosed,
        onExit: ended,
      });
    } catch (error) {
      log('error', 'data process could not be started', { problem: describeError(error) });
      ended({ code: null, signal: null });
    }
  };

  const ended = (exit: DataExit) => {
    running = null;
    lastExit = exit;
    if (state.state === 'stopped') return;
    attempt = performance.now() - startedAt >= wellAfter ? 1 : attempt + 1;
    const wait = restartWait(attempt);
    log('error', 'data process ended', { ...exit, attempt, retry_in_ms: wait });
    timer = setTimeout(() => {
      restarts += 1;
      startOne();
    }, wait);
    enter({ state: 'recovering', attempt, retry_in_ms: wait });
  };

  startOne();
  return {
    state: () => state,
    history: () => ({ restarts, last_exit: lastExit, pid: running?.pid }),
    connect: (port) => {
      if (state.state !== 'ready' || running === null) return false;
      running.connect(port);
      return true;
    },
    stop: async () => {
      clearTimeout(timer);
      enter({ state: 'stopped' });
      await running?.stop();
    },
  };
};
