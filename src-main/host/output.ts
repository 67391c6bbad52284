import { createInterface } from 'node:readline';
import type { Log } from '../log.ts';

/** Takes what a data process prints. */
export type OutputSink = (
  stdout: NodeJS.ReadableStream | null | undefined,
  stderr: NodeJS.ReadableStream | null | undefined,
) => void;

/** A line longer than this is cut, so that a runaway print cannot fill the log at one stroke. */
const longestLine = 4_000;

/** Keeps each line that a data process prints as one event of `log`. */
export const keepOutputIn =
  (log: Log): OutputSink =>
  (stdout, stderr) => {
    for (const [level, stream] of [
      ['info', stdout],
      ['warn', stderr],
    ] as const) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) =>
        log(level, 'data process said', { line: line.slice(0, longestLine) }),
      );
    }
  };
