import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own with so much room, in MiB. `remove` it when it is over. */
export type SmallDisk = { readonly folder: string; readonly remove: () => void };

/** Why there can be no such disk here; null where there can. Mounting is root's. */
export const smallDiskProblem = (): string | null =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? null
    : 'only root on Linux may mount a small disk';

export function smallDisk(mebibytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'tilldock-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  return {
    folder,
    remove: () => {
      execFileSync('umount', ['--lazy', folder]);
      rmdirSync(folder);
    },
  };
}
