import { constants } from 'node:os';
import { failureText } from '../failure.ts';

/** A mistake of whoever typed the command or answered its questions: told in one line, exit code 2. */
export class UsageError extends Error {}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs a command to its end. Exit codes: 0 done, 1 failed, 2 asked for wrongly. */
export function runCommand(usage: string, command: () => Promise<void>): void {
  // Through the exit handlers, so that no PostgreSQL that we started is left running.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  command().then(
    () => process.exit(0),
    (error: unknown) => {
      const isUsage = error instanceof UsageError || isParseArgs(error);
      const text = isUsage ? `${(error as Error).message}\n\n${usage}` : `${failureText(error)}\n`;
      process.stderr.write(text, () => process.exit(isUsage ? 2 : 1));
    },
  );
}

const isParseArgs = (error: unknown): boolean =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
