import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { type Db, openPool } from './db.ts';
import { SERVER_LOGIN, startCluster } from './embedded.ts';
import { keptSecret } from './kept-secret.ts';
import { migrate } from './migrate.ts';

const DATABASE = 'tilldock';

/** The central database, migrated and ready, whether ours or somebody else's. */
export type Central = {
  readonly db: Db;
  /** The owner's address, for the few commands that write what all companies share. */
  readonly ownerUrl: string;
  readonly close: () => Promise<void>;
};

/** Opens the central database: at DATABASE_URL, or in a PostgreSQL of our own under the data folder. */
export async function openCentral(config: Config): Promise<Central> {
  if (config.DATABASE_URL !== undefined) {
    const ownerUrl = config.DATABASE_OWNER_URL ?? config.DATABASE_URL;
    const login = decodeURIComponent(new URL(config.DATABASE_URL).username);
    await migrate(ownerUrl, ownerUrl === config.DATABASE_URL ? undefined : login);
    const db = openPool(config.DATABASE_URL, config.TILLDOCK_POOL);
    return { db, ownerUrl, close: () => db.end() };
  }
  const cluster = await startCluster({ folder: config.TILLDOCK_DATA });
  try {
    await cluster.createDatabase(DATABASE);
    await migrate(cluster.ownerUrl(DATABASE), SERVER_LOGIN);
    const db = openPool(cluster.serverUrl(DATABASE), config.TILLDOCK_POOL);
    const close = async () => {
      await db.end();
      await cluster.stop();
    };
    return { db, ownerUrl: cluster.ownerUrl(DATABASE), close };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** The signing secret: from the environment, or made once and kept beside the data. */
export async function readSecret(config: Config): Promise<Uint8Array> {
  if (config.TILLDOCK_SECRET !== undefined) return new TextEncoder().encode(config.TILLDOCK_SECRET);
  await mkdir(config.TILLDOCK_DATA, { recursive: true });
  return new TextEncoder().encode(await keptSecret(join(config.TILLDOCK_DATA, 'server.secret')));
}
