import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own with so much room, in MiB. `remove` it when it is over. */
export type SmallDisk = {
  readonly folder: string;
  /** Takes all room but so many bytes; it comes in blocks of 4096. */
  readonly fill: (free: number) => void;
  /** Gives that room back. */
  readonly empty: () => void;
  /** Lets nothing be written any more, or again. Nothing may be open on it. */
  readonly setReadOnly: (isReadOnly: boolean) => void;
  readonly remove: () => void;
};

/** Why there can be no such disk here; null where there can. Mounting is root's. */
export const smallDiskProblem = (): string | null =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? null
    : 'only root on Linux may mount a small disk';

export function smallDisk(mebibytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'tilldock-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  const empty = () => rmSync(filler, { force: true });
  return {
    folder,
    empty,
    fill: (free) => {
      empty();
      const { bavail, bsize } = statfsSync(folder);
      const file = openSync(filler, 'w');
      try {
        const most = Buffer.alloc(256 * bsize);
        for (let left = bavail * bsize - free; left > 0; left -= most.length) {
          writeSync(file, most, 0, Math.min(left, most.length));
        }
      } finally {
        closeSync(file);
      }
    },
    setReadOnly: (isReadOnly) => {
      execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder]);
    },
    remove: () => {
      execFileSync('umount', ['--lazy', folder]);
      rmdirSync(folder);
    },
  };
}
