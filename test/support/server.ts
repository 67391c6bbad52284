import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Db } from '../../server/db.ts';

/** The real server on a real socket, for one test file. */
export type TestServer = {
  readonly url: string;
  readonly app: FastifyInstance;
  readonly close: () => Promise<void>;
};

/** What the test server signs challenges and tokens with. */
export const SECRET = new TextEncoder().encode('a secret of the tests, long enough to be taken');

/**
 * Believes what this machine says of where a request comes from, so that tests can come from many places.
 * @param log gets every line of the log, from the finest level on
 */
export async function testServer(db: Db, port = 0, log?: (line: string) => void): Promise<TestServer> {
  const level = log ? 'trace' : (process.env.TILLDOCK_LOG ?? 'silent');
  const config = readConfig({ TILLDOCK_LOG: level, NODE_ENV: 'test', TILLDOCK_PROXIES: '127.0.0.1' });
  const app = await buildApp({ db, secret: SECRET, config, ...(log ? { log: { write: log } } : {}) });
  const url = await app.listen({ host: '127.0.0.1', port });
  return { url, app, close: () => app.close() };
}
