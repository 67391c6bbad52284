/**
 * Makes sure that a job never runs twice at once: a call that comes while one is under way waits for it to end,
 * well or not, and then shares one more run with all others that came meanwhile.
 */
export function oneAtATime(job: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const start = (): Promise<void> => {
    running = job().finally(() => {
      running = null;
    });
    return running;
  };
  const startNext = (): Promise<void> => {
    next = null;
    return start();
  };
  return () => {
    if (!running) return start();
    next ??= running.then(startNext, startNext);
    return next;
  };
}
