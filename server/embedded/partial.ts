import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { lives } from './living.ts';

/** A name beside `path` for what is made there and renamed when it is whole. */
export const partialName = (path: string): string =>
  `${path}.${process.pid}.${randomBytes(4).toString('hex')}.partial`;

/** Removes what processes began under such names and did not live to finish. */
export async function removeAbandoned(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    const pid = /\.(\d+)\.[0-9a-f]{8}\.partial/.exec(name)?.[1];
    if (pid !== undefined && !lives(Number(pid))) {
      await rm(join(dirname(path), name), { recursive: true, force: true });
    }
  }
}
