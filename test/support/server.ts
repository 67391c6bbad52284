import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Db } from '../../server/db.ts';

/** The real server on a real socket, for one test file. */
export type TestServer = {
  readonly url: string;
  readonly app: FastifyInstance;
  /** Where it keeps what it makes; goes with it. */
  readonly folder: string;
  readonly close: () => Promise<void>;
};

/** What the test server signs challenges and tokens with. */
export const SECRET = new TextEncoder().encode('a secret of the tests, long enough to be taken');

/**
 * Believes what this machine says of where a request comes from, so that tests can come from many places.
 * @param log gets every line of the log, from the finest level on
 * @param environment what differs in its configuration
 */
export async function testServer(
  db: Db,
  port = 0,
  log?: (line: string) => void,
  environment: NodeJS.ProcessEnv = {},
): Promise<TestServer> {
  const level = log ? 'trace' : (process.env.TILLDOCK_LOG ?? 'silent');
  const folder = join(tmpdir(), `tilldock-server-${randomUUID()}`);
  const config = readConfig({
    TILLDOCK_LOG: level,
    NODE_ENV: 'test',
    TILLDOCK_PROXIES: '127.0.0.1',
    TILLDOCK_DATA: folder,
    ...environment,
  });
  const app = await buildApp({ db, secret: SECRET, config, ...(log ? { log: { write: log } } : {}) });
  const url = await app.listen({ host: '127.0.0.1', port });
  const close = async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { url, app, folder, close };
}
