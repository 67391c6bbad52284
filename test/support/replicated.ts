import { appendFile, chown, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import { startCluster } from '../../server/embedded.ts';
import { postmasterOf } from './postmaster.ts';
import { type DatabaseLine, databaseLine } from './proxy.ts';
import { asSuperuser } from './superuser.ts';
import { makeTwins } from './twin-clusters.ts';

const DATABASE = 'tilldock';
/** What an application is told to use: the address of the one that is primary, as a proxy or a virtual address has it. */
export type Replicated = {
  readonly serverUrl: string;
  readonly ownerUrl: string;
  /** Waits until the replica has all that the primary has. */
  readonly catchUp: () => Promise<void>;
  /** From now on the replica hears nothing more: what is committed is on the primary alone. */
  readonly cutReplica: () => Promise<void>;
  /** SIGKILL for the primary; then the replica takes over, with what it has, and the address leads to it. */
  readonly failOver: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * A primary with one streaming replica, asynchronous as PostgreSQL is unless it is told otherwise: a commit is answered
 * before the replica has it. Clusters of our own, so that nothing else is needed.
 */
export async function startReplicated(): Promise<Replicated> {
  const { folder, first, second } = await makeTwins(DATABASE, 'tilldock-replicated-');
  const primary = await startCluster({ folder: first, durable: false });
  const stream = await databaseLine(primary.ownerUrl(DATABASE));
  await makeStandby(join(second, 'postgres'), stream.url);
  const replica = await startCluster({ folder: second, durable: false });
  const [server, owner] = await Promise.all([
    databaseLine(primary.serverUrl(DATABASE)),
    databaseLine(primary.ownerUrl(DATABASE)),
  ]);
  const lines: readonly DatabaseLine[] = [server, owner];
  let isCut = false;
  const cutReplica = async () => {
    if (!isCut) await stream.cut();
    isCut = true;
  };
  return {
    serverUrl: server.url,
    ownerUrl: owner.url,
    catchUp: async () => {
      const [at] = await asSuperuser(primary, 'select pg_current_wal_lsn()::text as lsn');
      await vi.waitFor(async () => {
        const sql = `select pg_last_wal_replay_lsn() >= '${String(at?.lsn)}' as is_there`;
        if ((await asSuperuser(replica, sql))[0]?.is_there !== true) throw new Error('the replica is behind');
      }, 30_000);
    },
    cutReplica,
    failOver: async () => {
      await cutReplica();
      process.kill(await postmasterOf(first), 'SIGKILL');
      await asSuperuser(replica, 'select pg_promote(true, 30)');
      for (const line of lines) {
        line.lead(replica.serverUrl(DATABASE));
        // Whoever was connected when the primary died is told so by now; whoever hung is told here.
        await line.cut();
        await line.mend();
      }
    },
    close: async () => {
      await cutReplica();
      for (const line of lines) await line.cut();
      await replica.stop();
      await primary.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Has a cluster that does not run follow another one, as whoever owns its files. */
async function makeStandby(data: string, primaryUrl: string): Promise<void> {
  const { hostname, port, password } = new URL(primaryUrl);
  const { uid, gid } = await stat(data);
  const settings = `primary_conninfo = 'host=${hostname} port=${port} user=postgres password=${password}'\n`;
  await appendFile(join(data, 'postgresql.auto.conf'), settings);
  await writeFile(join(data, 'standby.signal'), '');
  await chown(join(data, 'standby.signal'), uid, gid);
}
