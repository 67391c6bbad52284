/** Something that a loop sleeps on and others ring. */
export type Bell = {
  /** Wakes the sleeper, or the next one if nobody sleeps now. */
  ring(): void;
  /** Wakes the sleeper, if there is one. */
  nudge(): void;
  /** Settles when woken, after `ms`, or when `signal` aborts, whichever comes first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
};

export function newBell(): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    nudge() {
      wake?.();
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const timer = Number.isFinite(ms) ? setTimeout(done, ms) : undefined;
        function done() {
          rung = false;
          wake = null;
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        }
        wake = done;
        signal.addEventListener('abort', done);
        if (rung || signal.aborted) done();
      }),
  };
}
