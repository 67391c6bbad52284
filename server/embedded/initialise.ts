import { spawn } from 'node:child_process';
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError } from './cluster-error.ts';
import { partialName, removeAbandoned } from './partial.ts';
import type { Person } from './place.ts';

/** Makes the files of a cluster under another name and renames them: nobody ever finds half a cluster. */
export async function initialiseOnce(
  initdb: string,
  data: string,
  { person, password }: { readonly person: Person | undefined; readonly password: string },
): Promise<void> {
  if (await isCluster(data)) return;
  await removeAbandoned(data);
  const partial = partialName(data);
  const secret = `${partial}.secret`;
  await mkdir(partial, { mode: 0o700 });
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  if (person) for (const path of [partial, secret]) await chown(path, person.uid, person.gid);
  const args = [`--pgdata=${partial}`, '--username=postgres', `--pwfile=${secret}`, '--auth=scram-sha-256'];
  const child = spawn(initdb, [...args, '--encoding=UTF8', '--locale=C', '--no-instructions'], {
    ...person,
    cwd: partial,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8');
  });
  const code = await new Promise<number | null>((settle, fail) =>
    child.once('error', fail).once('exit', settle),
  );
  await rm(secret, { force: true });
  if (code !== 0) throw new ClusterError(`PostgreSQL's initdb failed: ${complaint.trim()}`);
  try {
    await rename(partial, data);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Somebody else was first.
    if (await isCluster(data)) return;
    throw new ClusterError(`${data} is there already, and is no PostgreSQL cluster`, { cause: error });
  }
}

const isCluster = (data: string): Promise<boolean> =>
  stat(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
