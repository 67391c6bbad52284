import { SingleBar } from 'cli-progress';
import type { ImportCounts } from './import-catalogue.ts';

/** Shows how far an import is. */
export type ProgressShown = {
  readonly at: (counts: Readonly<ImportCounts>) => void;
  readonly end: () => void;
};

const LINE_EVERY_MS = 5000;
const BAR = ' {bar} {percentage} % | {rows} rows | {rate} rows/s | {eta_formatted} to go';

/** A bar where a person looks on; elsewhere (logs, CI) a line every five seconds. Both on standard error. */
export function showProgress(total: number, stream: NodeJS.WriteStream): ProgressShown {
  const started = performance.now();
  const rate = (read: number) => inGroups(Math.round((read / (performance.now() - started)) * 1000));
  if (stream.isTTY) {
    const bar = new SingleBar({
      format: BAR,
      stream,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 50,
    });
    bar.start(total, 0, { rows: '0', rate: '0' });
    return {
      at: ({ bytes, read }) => bar.update(bytes, { rows: inGroups(read), rate: rate(read) }),
      end: () => bar.stop(),
    };
  }
  let last = started;
  return {
    at: ({ bytes, read }) => {
      if (performance.now() - last < LINE_EVERY_MS) return;
      last = performance.now();
      stream.write(`${inGroups(read)} rows (${Math.floor((bytes / total) * 100)} %), ${rate(read)} rows/s\n`);
    },
    end: () => {},
  };
}

/** 398975 as 398,975. */
export const inGroups = (value: number): string => value.toLocaleString('en-GB');
