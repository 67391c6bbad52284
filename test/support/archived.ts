import { appendFile, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type Cluster, startCluster } from '../../server/embedded.ts';
import { postmasterOf } from './postmaster.ts';
import { asSuperuser } from './superuser.ts';
import { makeTwins } from './twin-clusters.ts';

const DATABASE = 'tilldock';

/** A PostgreSQL whose write-ahead log goes to an archive, segment by segment, and a base backup from before it began. */
export type Archived = {
  readonly serverUrl: string;
  readonly ownerUrl: string;
  /** Ends the segment that is being written, as archive_timeout does it in time, and waits until it is archived. */
  readonly archive: () => Promise<string>;
  /** Whether the archive takes segments. */
  readonly breakArchive: (isBroken: boolean) => Promise<void>;
  /** PostgreSQL does not know any more that it has archived a segment, as after a crash; then it does again. */
  readonly forget: (segment: string) => Promise<() => Promise<void>>;
  /** The machine is gone, at once; another one begins with the base backup and all that the archive has. */
  readonly restore: () => Promise<Pick<Archived, 'serverUrl' | 'ownerUrl'>>;
  readonly close: () => Promise<void>;
};

export async function startArchived(): Promise<Archived> {
  const { folder, first, second } = await makeTwins(DATABASE, 'tilldock-archived-');
  const kept = join(folder, 'kept');
  await mkdir(kept);
  const { uid, gid } = await stat(join(first, 'postgres'));
  await chown(kept, uid, gid);
  const command = `test ! -e "${kept}/broken" && test ! -e "${kept}/%f" && cp "%p" "${kept}/%f"`;
  await set(first, `archive_mode = on\narchive_command = '${command}'\n`);
  const primary = await startCluster({ folder: first, durable: false });
  let restored: Cluster | undefined;
  const breakArchive = async (isBroken: boolean) => {
    const file = join(kept, 'broken');
    if (isBroken) await writeFile(file, '');
    else await rm(file);
  };
  return {
    ...urlsOf(primary),
    archive: async () => {
      const [ended] = await asSuperuser(primary, 'select pg_walfile_name(pg_switch_wal()) as name');
      await vi.waitFor(() => stat(join(kept, String(ended?.name))), 30_000);
      await vi.waitFor(async () => {
        const sql = `select last_archived_wal >= '${String(ended?.name)}' as is_done from pg_stat_archiver`;
        if ((await asSuperuser(primary, sql))[0]?.is_done !== true) throw new Error('not archived yet');
      }, 30_000);
      return String(ended?.name);
    },
    breakArchive,
    forget: async (segment) => {
      const done = join(first, 'postgres', 'pg_wal', 'archive_status', `${segment}.done`);
      await rename(done, join(folder, segment));
      return () => rename(join(folder, segment), done);
    },
    restore: async () => {
      await breakArchive(true);
      process.kill(await postmasterOf(first), 'SIGKILL');
      await set(second, `restore_command = 'cp "${kept}/%f" "%p"'\n`);
      await writeFile(join(second, 'postgres', 'recovery.signal'), '');
      await chown(join(second, 'postgres', 'recovery.signal'), uid, gid);
      const cluster = await startCluster({ folder: second, durable: false });
      restored = cluster;
      await vi.waitFor(async () => {
        const [at] = await asSuperuser(cluster, 'select pg_is_in_recovery() as is_under_way');
        if (at?.is_under_way !== false) throw new Error('not recovered yet');
      }, 30_000);
      return urlsOf(cluster);
    },
    close: async () => {
      await primary.stop();
      await restored?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const urlsOf = (cluster: Cluster) => ({
  serverUrl: cluster.serverUrl(DATABASE),
  ownerUrl: cluster.ownerUrl(DATABASE),
});

const set = (folder: string, settings: string): Promise<void> =>
  appendFile(join(folder, 'postgres', 'postgresql.auto.conf'), settings);
