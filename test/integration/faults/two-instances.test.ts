import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { userIdSchema } from '#shared/ids.ts';
import { type Connection, type DataProcess, forkDataProcess } from '../../../src-main/data/client.ts';
import { seedTill } from '../../support/seed-till.ts';
import { refusal, refusalOf } from '../../unit/data/refusals.ts';

/** A data process over a folder, with somebody signed in where there is a till to sign in at. */
async function start(folder: string): Promise<DataProcess & { readonly line: Connection }> {
  const child = await forkDataProcess({ folder, autosync: false });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await child.exited;
  });
  return { ...child, line: child.connect() };
}

async function newTill(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-two-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await seedTill(folder, [{ name: 'Mug', price: 499, code: 'MUG' }]);
  return folder;
}

async function signIn({ client, setSession }: Connection): Promise<void> {
  const cashier = (await client.people.list()).find(({ name }) => name === 'Ada Okafor');
  const { session } = await client.people.signIn({
    user_id: userIdSchema.parse(cashier?.user_id),
    pin: '1357',
  });
  setSession(session);
}

const fingerprint = (folder: string) =>
  ['ledger.db', 'ledger.db-wal'].map((name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
  );

/** Until the process has a till to work for. */
async function untilOpen({ client }: Connection): Promise<void> {
  for (;;) {
    try {
      await client.terminal.state();
      return;
    } catch {
      await pause(50);
    }
  }
}

test('of two processes over one folder the second is refused in plain words and touches nothing', async () => {
  const folder = await newTill();
  const first = await start(folder);
  await signIn(first.line);
  const before = fingerprint(folder);
  const second = await start(folder);
  expect(second.state).toBe('recovery');
  const said = await refusal(() => second.line.client.terminal.state());
  expect(said.data.code).toBe('ledger_in_use');
  expect(said.message).toContain('Another Tilldock is running');
  for (const call of [
    () => second.line.client.recovery.restore({ backup: null }),
    () => second.line.client.recovery.startAnew(),
  ]) {
    expect(await refusalOf(call)).toBe('ledger_in_use');
  }
  expect(fingerprint(folder)).toEqual(before);
  expect((await first.line.client.terminal.state()).terminal?.terminal_code).toBe('T1');
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'the one that waits goes on by itself when the other has ended by %s',
  async (signal) => {
    const folder = await newTill();
    const first = await start(folder);
    const second = await start(folder);
    expect(second.state).toBe('recovery');
    first.kill(signal);
    await first.exited;
    await untilOpen(second.line);
    await signIn(second.line);
    const third = await start(folder);
    expect(await refusalOf(() => third.line.client.terminal.state())).toBe('ledger_in_use');
  },
);

test('of ten processes that start at once exactly one works', async () => {
  const folder = await newTill();
  const all = await Promise.all(Array.from({ length: 10 }, () => start(folder)));
  expect(all.filter(({ state }) => state === 'ok')).toHaveLength(1);
});
