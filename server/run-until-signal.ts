import { failureText } from './failure.ts';

/** An orderly end takes as long as the slowest request or mail; one that takes longer is cut off. */
const PATIENCE_MS = 15_000;

/** Something that runs until it is ended. */
export type Running = { readonly end: () => Promise<void> };

/**
 * Runs a process until SIGINT, SIGTERM or SIGHUP, and then ends it in order; at once while it is still starting.
 * @param name how the process calls itself when it was cut off
 */
export function runUntilSignal(name: string, start: () => Promise<Running>): void {
  let running: Running | undefined;
  let ending = false;
  const end = async () => {
    // npm and a terminal may each pass Ctrl-C on.
    if (ending) return;
    ending = true;
    setTimeout(() => {
      process.stderr.write(`The ${name} did not end in time and was cut off.\n`);
      process.exit(1);
    }, PATIENCE_MS).unref();
    await running?.end();
    // The embedded PostgreSQL ends with the process, where it did not end before.
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => end().catch(fail));
  }
  start().then((value) => {
    running = value;
  }, fail);
}

function fail(error: unknown): void {
  process.stderr.write(`${failureText(error)}\n`);
  process.exit(1);
}
