import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { inCompany, rows } from '../../../server/db.ts';
import { emptyCentral } from '../../support/central.ts';
import { type Replicated, startReplicated } from '../../support/replicated.ts';
import { centreOver, type SafeCentre, stateOf, terminalAt } from '../../support/safe-centre.ts';
import { testServer } from '../../support/server.ts';
import { runServer } from '../../support/server-process.ts';

/** What a server says that does not start with a policy. */
async function refusalOver(
  { serverUrl, ownerUrl }: { readonly serverUrl: string; readonly ownerUrl: string },
  policy: string,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-safe-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const run = runServer(folder, {
    ...{ DATABASE_URL: serverUrl, DATABASE_OWNER_URL: ownerUrl, TILLDOCK_SAFE: policy },
    TILLDOCK_SECRET: 'kXo3vTq9Zr1mYb7LwCj5Hs8NfUe2PdGa',
  });
  const { code, said } = await run.ended;
  expect(code).toBe(1);
  return said;
}

describe('where what a replica has is safe', () => {
  let database: Replicated;
  let centre: SafeCentre;
  beforeAll(async () => {
    database = await startReplicated();
    centre = await centreOver(database.serverUrl, 'replicated');
  }, 90_000);
  afterAll(async () => {
    await centre?.close();
    await database?.close();
  });

  test('nothing is where more replicas are asked for than there are', async () => {
    const server = await testServer(centre.db, 0, undefined, { TILLDOCK_SAFE: 'replicated:2' });
    onTestFinished(() => server.close());
    const { terminal, day } = await terminalAt({ ...centre, servers: [server, server] });
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    for (let times = 0; times < 3; times += 1) {
      expect(await stateOf(terminal)).toMatchObject({ acked_seq: 1, safe_seq: 0 });
    }
  });

  test('a server does not start with an archive that is switched off, and calls nothing safe where that happened later', async () => {
    const [archived] = await inCompany(centre.db, centre.company.company_id, (tx) =>
      rows(tx, "select safe_lsn('archived') as lsn"),
    );
    expect(archived).toEqual({ lsn: null });
    expect(await refusalOver(database, 'archived')).toContain(
      'TILLDOCK_SAFE: archived needs archive_mode = on in PostgreSQL',
    );
  });

  test('what no replica has is not, and the one that takes over has all that was called safe', async () => {
    const { terminal, day } = await terminalAt(centre);
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    await vi.waitFor(async () => expect(await stateOf(terminal)).toMatchObject({ safe_seq: 2 }), 30_000);
    await database.cutReplica();
    await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    const before = await stateOf(terminal);
    expect(before).toMatchObject({ acked_seq: 3, safe_seq: 2 });
    expect(await stateOf(terminal)).toEqual(before);

    await database.failOver();
    await vi.waitFor(async () => expect(await stateOf(terminal)).toMatchObject({ acked_seq: 2 }), 30_000);
    const after = await stateOf(terminal);
    expect(after.safe_seq).toBeLessThanOrEqual(2);
    expect(after.server_epoch).not.toBe(before.server_epoch);
  });
});

test('where nobody may look any more how far the WAL is, nothing becomes safe and all else goes on', async () => {
  const central = await emptyCentral();
  onTestFinished(() => central.close());
  for (const policy of ['archived', 'replicated']) {
    const centre = await centreOver(central.serverUrl, policy);
    onTestFinished(centre.close);
    const { terminal, day } = await terminalAt(centre);
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    for (const seq of [2, 3]) {
      expect(await stateOf(terminal)).toMatchObject({ acked_seq: seq - 1, safe_seq: 0 });
      await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    }
    const metrics = await (await fetch(`${centre.servers[0].url}/metrics`)).text();
    expect(metrics).toMatch(/^tilldock_unsafe_wal_bytes Nan$/m);
  }
});

test('a server whose owner may not look how far the WAL is does not start with a policy that needs it', async () => {
  const central = await emptyCentral();
  onTestFinished(() => central.close());
  for (const policy of ['archived', 'replicated']) {
    const said = await refusalOver(central, policy);
    expect(said).toContain(`${policy} needs a superuser to say: grant pg_monitor to tilldock_owner`);
  }
});
