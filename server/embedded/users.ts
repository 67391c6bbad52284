import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lives } from './living.ts';

/** One use of a cluster, while it lasts. */
export type Use = {
  /** Ends it; true for the last one, who is to end the cluster. False when it ended before. */
  readonly leave: () => boolean;
};

/**
 * Notes that this process uses the cluster in a folder. Whoever leaves last ends the cluster, whoever started it;
 * a process that was killed counts no longer. Synchronous, since the last chance to leave is the process's exit.
 */
export function noteUse(folder: string): Use {
  const users = join(folder, 'postgres.users');
  mkdirSync(users, { recursive: true });
  const name = `${process.pid}-${randomBytes(4).toString('hex')}`;
  writeFileSync(join(users, name), '');
  let left = false;
  const leave = (): boolean => {
    if (left) return false;
    left = true;
    rmSync(join(users, name), { force: true });
    return others(users).length === 0;
  };
  return { leave };
}

/** The names of all who still use it; those who died are removed. */
function others(users: string): string[] {
  return readdirSync(users).filter((name) => {
    if (lives(Number.parseInt(name, 10))) return true;
    rmSync(join(users, name), { force: true });
    return false;
  });
}
