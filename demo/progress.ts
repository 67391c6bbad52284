import { Presets, SingleBar } from 'cli-progress';

/** Tells a person how far a step is. On a terminal a bar, elsewhere a line now and then; always on stderr. */
export type Progress = { readonly at: (done: number) => void; readonly end: (note?: string) => void };

const LINE_EVERY_MS = 3000;

/** Begins a step of `total` parts. */
export function progress(title: string, total: number): Progress {
  return process.stderr.isTTY ? bar(title, total) : lines(title, total);
}

/** One line about a step that has no parts to count. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`);

function bar(title: string, total: number): Progress {
  const drawn = new SingleBar(
    { format: `${title.padEnd(28)} {bar} {value}/{total}`, hideCursor: true, clearOnComplete: false },
    Presets.shades_classic,
  );
  drawn.start(Math.max(total, 1), 0);
  return {
    at: (done) => drawn.update(done),
    end: (text) => {
      drawn.update(Math.max(total, 1));
      drawn.stop();
      if (text !== undefined) note(`  ${text}`);
    },
  };
}

function lines(title: string, total: number): Progress {
  let last = performance.now();
  note(`${title} …`);
  return {
    at: (done) => {
      if (performance.now() - last < LINE_EVERY_MS) return;
      last = performance.now();
      note(`  ${title}: ${done} of ${total}`);
    },
    end: (text) => note(`  ${title}: ${text ?? 'done'}`),
  };
}
