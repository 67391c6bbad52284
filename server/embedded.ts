import { join, resolve } from 'node:path';
import pg from 'pg';
import { prepareFolder, unprivileged } from './embedded/place.ts';
import { endPostmaster, endPostmasterSoon, joinOrLaunch } from './embedded/postmaster.ts';
import { noteUse } from './embedded/users.ts';
import { keptSecret } from './kept-secret.ts';

/** A PostgreSQL of our own. */
export type Cluster = {
  /** Address of a database in it for the role that owns schemas (not a superuser). */
  ownerUrl: (database: string) => string;
  /** Address for the server's login, which owns nothing. */
  serverUrl: (database: string) => string;
  /** Makes a database, as a copy of `template` where one is named. */
  createDatabase: (name: string, template?: string) => Promise<void>;
  /** Ends it, unless somebody else still uses it. */
  stop: () => Promise<void>;
};

type ClusterOptions = {
  /** Where its files live; made where missing. */
  folder: string;
  /** False gives up safety against power cuts, for tests. */
  durable?: boolean;
};

const OWNER = 'tilldock_owner';
export const SERVER_LOGIN = 'tilldock_server';
const LOCK = 7_142_305;

/**
 * Starts a real PostgreSQL from the npm package of this platform, or joins the one that already runs in the
 * folder. Whoever of those that use it stops last ends it, at the latest when the process exits.
 */
export async function startCluster({ folder, durable = true }: ClusterOptions): Promise<Cluster> {
  const person = await unprivileged();
  const place = await prepareFolder(resolve(folder), person);
  const password = await keptSecret(join(place, 'postgres.secret'));
  const use = noteUse(place);
  const atExit = () => {
    if (use.leave()) endPostmasterSoon(place);
  };
  process.once('exit', atExit);
  const stop = async () => {
    process.off('exit', atExit);
    if (use.leave()) await endPostmaster(place);
  };
  const answers = (port: number) => doesAnswer(address('postgres', password, port, 'postgres'));
  try {
    const port = await joinOrLaunch({ folder: place, durable, person, password, answers });
    const cluster = clusterAt(port, password, stop);
    await makeRoles(port, password);
    return cluster;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function doesAnswer(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

const makeRoles = (port: number, password: string): Promise<void> =>
  asSuperuser(port, password, async (client) => {
    const secret = pg.escapeLiteral(password);
    for (const [name, rights] of [
      [OWNER, 'createrole createdb'],
      [SERVER_LOGIN, 'noinherit'],
    ]) {
      const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
      if (found.rowCount === 0) await client.query(`create role ${name} login ${rights} password ${secret}`);
    }
  });

const clusterAt = (port: number, password: string, stop: () => Promise<void>): Cluster => ({
  ownerUrl: (database) => address(OWNER, password, port, database),
  serverUrl: (database) => address(SERVER_LOGIN, password, port, database),
  createDatabase: (name, template) =>
    asSuperuser(port, password, async (client) => {
      const found = await client.query('select 1 from pg_database where datname = $1', [name]);
      if (found.rowCount !== 0) return;
      const copy = template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`;
      await client.query(`create database ${pg.escapeIdentifier(name)}${copy} owner ${OWNER}`);
    }),
  stop,
});

/** Works as the superuser; of several at once, one after the other. */
async function asSuperuser(
  port: number,
  password: string,
  work: (client: pg.Client) => Promise<void>,
): Promise<void> {
  const client = new pg.Client(address('postgres', password, port, 'postgres'));
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    await work(client);
  } finally {
    await client.end();
  }
}

const address = (user: string, password: string, port: number, database: string): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
