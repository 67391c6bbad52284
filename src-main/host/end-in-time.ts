import { setTimeout as wait } from 'node:timers/promises';

/** How long a data process may take over each way of being told to end, in ms: it has one commit to finish. */
const patience = 3_000;

/** Tries one way after another to end a process, giving each its time, until `gone` settles. */
export const endInTime = async (gone: Promise<void>, ways: readonly (() => void)[]): Promise<void> => {
  for (const way of ways) {
    way();
    const giveUp = new AbortController();
    const inTime = await Promise.race([
      gone.then(() => true),
      wait(patience, false, { signal: giveUp.signal, ref: false }).catch(() => false),
    ]);
    giveUp.abort();
    if (inTime) return;
  }
};
