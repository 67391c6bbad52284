import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

type LogLevel = 'info' | 'warn' | 'error';

/** Writes one event with its circumstances. `event` is a fixed phrase; what varies goes into `facts`. */
export type Log = (level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>) => void;

/** Per file; with the one file kept before it, a log takes at most twice as much of a till's disk. */
const largestFile = 5 * 1024 * 1024;

/**
 * A log in `folder`, one JSON object a line: `{"at", "level", "event", …facts}`. Written at once, so that the
 * last line before a crash is there. At 5 MiB the file becomes `NAME.1.log`, replacing the one before.
 *
 * A disk that takes no more must not stop the till: a line that cannot be written goes to standard error.
 */
export const openLog = (folder: string, name: string): Log => {
  const file = path.join(folder, `${name}.log`);
  mkdirSync(folder, { recursive: true });
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;

  return (level, event, facts = {}) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), level, event, ...facts })}\n`;
    try {
      if (size + line.length > largestFile) {
        renameSync(file, path.join(folder, `${name}.1.log`));
        size = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      size += line.length;
    } catch (error) {
      process.stderr.write(`${line.trimEnd()} (not written: ${describeError(error)})\n`);
    }
  };
};

/** What an error says, without its stack. */
export const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
