import { afterAll } from 'vitest';
import { type TestCentral, testCentral } from './central.ts';
import { type TestServer, testServer } from './server.ts';

/** A server that can go away and come back at the same address. */
type StartedServer = TestServer & { readonly comeBack: () => Promise<void> };

/**
 * A central database with a company of the demo in it, and the real server over it, for the test file that asks. Both
 * are gone after its last test.
 * @param log gets every line of the server's log, from the finest level on
 */
export async function startCentral(
  log?: (line: string) => void,
): Promise<{ readonly central: TestCentral; readonly server: StartedServer }> {
  const central = await testCentral();
  afterAll(() => central.close());
  let running = await testServer(central.db, 0, log);
  afterAll(() => running.close());
  const { url, folder } = running;
  const server = {
    url,
    folder,
    get app() {
      return running.app;
    },
    close: () => running.close(),
    comeBack: async () => {
      running = await testServer(central.db, Number(new URL(url).port), log);
    },
  };
  return { central, server };
}
