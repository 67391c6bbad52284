import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Db, inCompany, openPool, rows } from '../../server/db.ts';
import { type Cluster, SERVER_LOGIN, startCluster } from '../../server/embedded.ts';
import { migrate } from '../../server/migrate.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { createCompany, type SeededCompany, seedPermissions } from '../../server/people/seed.ts';
import { type FaultLine, faultLine } from './fault-line.ts';
import { killWithChildren } from './kill-group.ts';
import { runServer, type ServerRun } from './server-process.ts';

/**
 * A centre of real processes, each of which can be killed and started again: a durable PostgreSQL of its own, a line to
 * it, `npm run server`, and a line to that. Addresses stay the same, whatever dies.
 */
export type OwnCentre = {
  /** Of the server, through its line. */
  readonly url: string;
  readonly company: SeededCompany;
  readonly lines: { readonly server: FaultLine; readonly database: FaultLine };
  readonly enrolmentCode: () => Promise<string>;
  readonly query: <Row extends Record<string, unknown>>(sql: string) => Promise<Row[]>;
  readonly db: Db;
  /** SIGKILL; settles when a new one listens. */
  readonly killServer: () => Promise<void>;
  /** SIGKILL of the postmaster and all that it started; settles when a new one has recovered. */
  readonly killDatabase: () => Promise<void>;
  /** Both at the same moment, as a power cut does it. */
  readonly killBoth: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const DATABASE = 'tilldock';
const SECRET = 'a secret of the tests, long enough to be taken';

export async function ownCentre(): Promise<OwnCentre> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-centre-'));
  let cluster: Cluster = await startCluster({ folder });
  await cluster.createDatabase(DATABASE);
  await migrate(cluster.ownerUrl(DATABASE), SERVER_LOGIN);
  await seedPermissions(cluster.ownerUrl(DATABASE));
  const database = await faultLine(portOf(cluster.serverUrl(DATABASE)));
  const through = (url: string) => withPort(url, database.port);
  const db = openPool(through(cluster.serverUrl(DATABASE)), 4);
  const company = await createCompany(db, DEMO_SHOP);

  const start = (port: number) =>
    runServer(join(folder, 'server'), {
      DATABASE_URL: through(cluster.serverUrl(DATABASE)),
      DATABASE_OWNER_URL: through(cluster.ownerUrl(DATABASE)),
      TILLDOCK_SECRET: SECRET,
      TILLDOCK_PORT: String(port),
      TILLDOCK_LOG: 'fatal',
      TILLDOCK_WORKER: 'off',
    });
  let running: ServerRun = start(0);
  const port = portOf(await running.listening);
  const server = await faultLine(port);
  const endServer = async (signal: NodeJS.Signals) => {
    running.process.kill(signal);
    await running.ended;
  };
  const startServer = async () => {
    running = start(port);
    await running.listening;
  };
  const endDatabase = async () => {
    const file = join(folder, 'postgres', 'postmaster.pid');
    await killWithChildren(Number.parseInt(await readFile(file, 'utf8'), 10));
    await cluster.stop();
  };
  const startDatabase = async () => {
    cluster = await startCluster({ folder });
    database.leadTo(portOf(cluster.serverUrl(DATABASE)));
  };
  return {
    url: `http://127.0.0.1:${server.port}`,
    company,
    db,
    lines: { server, database },
    enrolmentCode: () =>
      inCompany(db, company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id)),
    query: <Row extends Record<string, unknown>>(sql: string) =>
      inCompany(db, company.company_id, (tx) => rows<Row>(tx, sql)),
    killServer: async () => {
      await endServer('SIGKILL');
      await startServer();
    },
    killDatabase: async () => {
      await endDatabase();
      await startDatabase();
    },
    killBoth: async () => {
      await Promise.all([endServer('SIGKILL'), endDatabase()]);
      await startDatabase();
      await startServer();
    },
    close: async () => {
      await endServer('SIGTERM');
      await db.end();
      await Promise.all([server.close(), database.close()]);
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const portOf = (url: string): number => Number(new URL(url).port);

function withPort(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}
