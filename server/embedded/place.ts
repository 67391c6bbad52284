import { chmod, mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClusterError } from './cluster-error.ts';

/** The account that PostgreSQL runs as; undefined where we are an ordinary user ourselves. */
export type Person = { readonly uid: number; readonly gid: number };

/** PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`. */
export async function unprivileged(): Promise<Person | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const account =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (!account)
    throw new ClusterError('Running as root needs an account named postgres or nobody for PostgreSQL.');
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/**
 * Makes the folder of the cluster. Where PostgreSQL runs as another account that may not pass through all that lies
 * above, it is one under /var/lib instead, which nobody but root can have prepared; that is said.
 */
export async function prepareFolder(wanted: string, person: Person | undefined): Promise<string> {
  const folder = !person || (await othersMayPass(dirname(wanted))) ? wanted : elsewhere(wanted);
  await mkdir(folder, { recursive: true });
  const { mode } = await stat(folder);
  // What lies in it keeps its own, narrower rights.
  if (person && (mode & 0o001) === 0) await chmod(folder, (mode & 0o777) | 0o011);
  return folder;
}

function elsewhere(wanted: string): string {
  const folder = join('/var/lib', `tilldock${wanted.replaceAll('/', '-')}`);
  process.stderr.write(
    `PostgreSQL does not run as root, and no other account may enter ${dirname(wanted)}: its files are in ${folder}.\n`,
  );
  return folder;
}

/** Whether every account may pass through a folder and all that lies above it. */
export async function othersMayPass(folder: string): Promise<boolean> {
  for (let place = folder; ; place = dirname(place)) {
    const found = await stat(place).catch(() => undefined);
    if (found && (found.mode & 0o001) === 0) return false;
    if (place === dirname(place)) return true;
  }
}
