import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVER_LOGIN, startCluster } from '../../server/embedded.ts';
import { migrate } from '../../server/migrate.ts';
import { seedPermissions } from '../../server/people/seed.ts';
import { asSuperuser } from './superuser.ts';

/** Two clusters that are the same and do not run, each in a folder of its own in `folder`. */
export type TwinClusters = { readonly folder: string; readonly first: string; readonly second: string };

/**
 * Makes a cluster with a database of ours, whose owner may look how far the WAL is, and a copy of it: of one that was ended
 * in order that is as good as a base backup.
 */
export async function makeTwins(database: string, prefix: string): Promise<TwinClusters> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  await promisify(execFile)('chmod', ['0711', folder]);
  const made = await startCluster({ folder: first, durable: false });
  await made.createDatabase(database);
  await migrate(made.ownerUrl(database), SERVER_LOGIN);
  await seedPermissions(made.ownerUrl(database));
  await asSuperuser(made, 'grant pg_monitor to tilldock_owner');
  await made.stop();
  await promisify(execFile)('cp', ['-a', first, second]);
  return { folder, first, second };
}
