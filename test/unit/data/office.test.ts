import { setTimeout as wait } from 'node:timers/promises';
import pino from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, onTestFinished, test } from 'vitest';
import { officeContract } from '#shared/contract/office.ts';
import { type Office, openOffice } from '../../../src-main/data/office/office.ts';
import { refusal, refusalOf } from './refusals.ts';
import { type HandClock, handClock, newFolder, openTill } from './shop.ts';
import { type SmallOffice, startSmallOffice } from './small-office.ts';

const MINUTE = 60_000;
const PASSWORD = 'the password that nobody may see';

type Stage = {
  server: SmallOffice;
  office: Office;
  clock: HandClock;
  /** Signs in; answers with the handle. */
  enter: () => Promise<string>;
  /** The till's log, as one text. */
  log: () => string;
};

/** The office of a till that is not enrolled, with a server of its own. */
async function stage(): Promise<Stage> {
  const server = await startSmallOffice();
  const clock = handClock();
  let lines = '';
  const log = pino({ level: 'trace' }, { write: (line: string) => (lines += line) });
  const office = openOffice({ ...openTill(newFolder(), clock), log }, '1.2.3');
  onTestFinished(() => office.close());
  const enter = async () => {
    const who = { username: 'tomas@example.com', password: PASSWORD, server_url: server.url };
    return (await office.signIn(who)).office_session;
  };
  return { server, office, clock, enter, log: () => lines };
}

const list = ({ office }: Stage, handle: string) => office.call(handle, officeContract.departments.list, {});

describe('an office session', () => {
  test('gets a new access token before the old one expires, without being asked again', async () => {
    const shop = await stage();
    const handle = await shop.enter();
    shop.clock.pass(14 * MINUTE);
    await list(shop, handle);
    expect(shop.server.seen.get('token')).toBe(1);
    shop.clock.pass(MINUTE);
    await list(shop, handle);
    expect(shop.server.seen.get('token')).toBe(2);
    expect(shop.server.seen.get('departments')).toBe(2);
  });

  test('gets one new pair of tokens for many calls that find the old one refused at the same time', async () => {
    const shop = await stage();
    const handle = await shop.enter();
    shop.server.expireAccess();
    const answers = await Promise.all(Array.from({ length: 20 }, () => list(shop, handle)));
    expect(answers).toHaveLength(20);
    expect(shop.server.seen.get('token')).toBe(2);
    expect(shop.server.open()).toBe(1);
  });

  test('is over when the server takes neither of its tokens, and stays so', async () => {
    const shop = await stage();
    const handle = await shop.enter();
    shop.server.revokeAll();
    expect(await refusalOf(() => list(shop, handle))).toBe('office_signed_out');
    const asked = shop.server.seen.get('departments');
    expect(await refusalOf(() => list(shop, handle))).toBe('office_signed_out');
    expect(shop.server.seen.get('departments')).toBe(asked);
  });

  test('is over after fifteen minutes without a call, by either clock, and the server is told', async () => {
    const shop = await stage();
    const [walkedAway, asleep, busy] = [await shop.enter(), await shop.enter(), await shop.enter()];
    shop.clock.pass(14 * MINUTE);
    await list(shop, asleep);
    await list(shop, busy);
    shop.clock.pass(MINUTE);
    await list(shop, busy);
    expect(await refusalOf(() => list(shop, walkedAway))).toBe('office_signed_out');
    // A machine that slept: its monotonic clock slept too.
    shop.clock.set(new Date(shop.clock.wallMs() + 60 * MINUTE).toISOString());
    expect(await refusalOf(() => list(shop, asleep))).toBe('office_signed_out');
    await until(() => shop.server.open() === 0);
  });

  test('survives a server that fails, and one that is away while its tokens are to be renewed', async () => {
    const shop = await stage();
    const handle = await shop.enter();
    shop.server.faults.set('departments', [{ status: 503, code: 'busy' }]);
    expect(await refusalOf(() => list(shop, handle))).toBe('busy');
    shop.server.expireAccess();
    shop.server.faults.set('token', ['drop before', { status: 503, code: 'database_unavailable' }]);
    expect(await refusalOf(() => list(shop, handle))).toBe('server_unreachable');
    expect(await refusalOf(() => list(shop, handle))).toBe('database_unavailable');
    await list(shop, handle);
  });

  test('that could not be begun to its end is not left open at the server', async () => {
    const shop = await stage();
    shop.server.faults.set('me', [{ status: 500, code: 'internal' }]);
    expect(await refusalOf(() => shop.enter())).toBe('internal');
    await until(() => shop.server.open() === 0);
  });

  test('ends where the answer with its new tokens was lost: the old ones are spent', async () => {
    const shop = await stage();
    const handle = await shop.enter();
    shop.server.expireAccess();
    shop.server.faults.set('token', ['drop after']);
    expect(await refusalOf(() => list(shop, handle))).toBe('server_unreachable');
    expect(await refusalOf(() => list(shop, handle))).toBe('office_signed_out');
  });

  test('is signed out at the server with the process, which waits for a silent server no longer than two seconds', async () => {
    const shop = await stage();
    await Promise.all([shop.enter(), shop.enter()]);
    await shop.office.close();
    expect(shop.server.open()).toBe(0);
    const other = await stage();
    await other.enter();
    other.server.faults.set('logout', ['silence']);
    const began = performance.now();
    await other.office.close();
    expect(performance.now() - began).toBeLessThan(4000);
    expect(other.log()).toContain('was not told');
  });
});

describe('what stands between the office and its server', () => {
  test.each(['captive portal', 'half an answer', 'drop before', 'drop after'] as const)(
    'is told in plain words: %s',
    async (fault) => {
      const shop = await stage();
      shop.server.faults.set('token', [fault]);
      const { message, data } = await refusal(() => shop.enter());
      expect(data.code).toBe('server_unreachable');
      expect(message).toMatch(/^[A-Z].*\.$/);
      const handle = await shop.enter();
      shop.server.faults.set('departments', [fault]);
      expect(await refusalOf(() => list(shop, handle))).toBe('server_unreachable');
    },
  );

  test('does not keep the person who must wait in the dark about how long', async () => {
    const shop = await stage();
    shop.server.faults.set('token', [
      { status: 429, code: 'too_many_attempts', retry_after: 30, detail: 'Too many attempts.' },
    ]);
    const { message } = await refusal(() => shop.enter());
    expect(message).toBe('Too many attempts. Try again in 30 seconds.');
  });
});

test('no password, no token and no handle is in the log, whatever happens', async () => {
  const shop = await stage();
  const handles = [await shop.enter(), await shop.enter()];
  const { faults } = shop.server;
  const [first = '', second = ''] = handles;
  faults.set('departments', [
    'half an answer',
    'captive portal',
    'drop after',
    { status: 500, code: 'internal' },
  ]);
  for (let call = 0; call < 4; call += 1) await refusalOf(() => list(shop, first));
  shop.server.expireAccess();
  faults.set('token', ['half an answer']);
  await refusalOf(() => list(shop, first));
  faults.set('token', ['half an answer']);
  await refusalOf(() => shop.enter());
  faults.set('logout', ['half an answer', 'drop before']);
  shop.office.signOut(second);
  await refusalOf(() => shop.office.call(uuidv7(), officeContract.auth.me, undefined));
  await shop.office.close();
  expect(shop.log()).toContain('was not told');
  for (const secret of [PASSWORD, ...handles, ...shop.server.given]) expect(shop.log()).not.toContain(secret);
});

/** Waits until `holds`; the test's own time limit ends it otherwise. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(5);
}
