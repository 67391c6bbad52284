import * as argon2 from '@node-rs/argon2';
import { v7 as uuid } from 'uuid';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { atTheGate } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { askForToken, newPlace, withTokens } from '../support/office.ts';
import { testServer } from '../support/server.ts';
import { queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import type { Answer } from '../support/wire-terminal.ts';

// Does what it did, and counts.
vi.mock('@node-rs/argon2', { spy: true });

const PASSWORD = 'correct horse battery';

const { central, server } = await startCentral();

/** A company whose administrator has an address of their own. */
async function companyOf(email: string, password = PASSWORD): Promise<SeededCompany> {
  const people = [{ name: 'Eve', role: 'ADMIN', office: { email, password } }] as const;
  return central.addCompany({ ...DEMO_SHOP, people });
}
const newAddress = () => `${uuid()}@shop.example`;
const signIn = (username: string, password = PASSWORD, from?: string): Promise<Answer> =>
  askForToken(server.url, { grant_type: 'password', username, password }, from);
const query = (company: SeededCompany, sql: string) => queryAs(central, company.company_id, sql);

const refused = { status: 401, body: { code: 'sign_in_refused' } };
const wait = (seconds: number) => [429, 'too_many_attempts', String(seconds)];
const outcome = ({ status, body, headers }: Answer) => [status, body.code, headers.get('retry-after')];

describe('a sign-in', () => {
  test('gives tokens that are never kept on the way, for an address in any case', async () => {
    const email = newAddress();
    const company = await companyOf(email);
    const answer = await signIn(` ${email.toUpperCase()} `);
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'bearer', expires_in: 900 } });
    expect(Object.keys(answer.body).sort()).toEqual([
      'access_token',
      'expires_in',
      'refresh_token',
      'token_type',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const me = await withTokens(server.url, answer.body as never).get('/api/v1/me');
    expect(me).toMatchObject({ status: 200, body: { user: { email }, company: { name: DEMO_SHOP.name } } });
    expect(await query(company, 'select ip, user_agent from office_session')).toEqual([
      { ip: expect.stringMatching(/^2001:db8:/), user_agent: 'node' },
    ]);
  });

  test('is taken as a form, as the same form without grant_type, and as JSON', async () => {
    const username = newAddress();
    await companyOf(username);
    const forms = [
      { grant_type: 'password', username, password: PASSWORD, scope: '' },
      { username, password: PASSWORD },
    ];
    for (const form of forms) expect((await askForToken(server.url, form)).status).toBe(200);
    const json = await fetch(`${server.url}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(forms[0]),
    });
    expect(json.status).toBe(200);
  });

  test('names the field that cannot be accepted, and reads forms nowhere else', async () => {
    const form = { grant_type: 'password', username: newAddress(), password: PASSWORD };
    const wrong = [
      [{ ...form, grant_type: 'client_credentials' }, 'grant_type'],
      [{ grant_type: 'password', username: form.username }, 'password'],
      [{ ...form, client_id: 'shop' }, 'client_id'],
      [{ ...form, scope: 'everything' }, 'scope'],
      [{ ...form, otp: '1' }, 'otp'],
      [{ ...form, username: 'x'.repeat(255) }, 'username'],
      [{ ...form, password: 'a\0b' }, 'password'],
      [{ grant_type: 'refresh_token' }, 'refresh_token'],
    ] as const;
    for (const [sent, path] of wrong) {
      const answer = await askForToken(server.url, sent as unknown as Record<string, string>);
      expect([path, answer]).toMatchObject([path, { status: 422, body: { errors: [{ path }] } }]);
    }
    const body = new URLSearchParams({ terminal_id: uuid() });
    const elsewhere = await fetch(`${server.url}/api/v1/terminals/challenge`, { method: 'POST', body });
    expect(elsewhere.status).toBe(415);
  });

  test('wants the company where several know the address, and does not say so', async () => {
    const username = newAddress();
    const [one, other] = [await companyOf(username), await companyOf(username, 'another long password')];
    expect(await signIn(username)).toMatchObject(refused);
    for (const [company, password, status] of [
      [one, PASSWORD, 200],
      [other, PASSWORD, 401],
      [other, 'another long password', 200],
    ] as const) {
      const form = { username, password, client_id: company.company_id };
      expect((await askForToken(server.url, form)).status).toBe(status);
    }
    await query(other, "update app_user set status = 'DISABLED', disabled_at = now()");
    expect((await signIn(username)).status).toBe(200);
  });
});

describe('a sign-in that is refused', () => {
  let verified: number;
  beforeEach(() => {
    verified = vi.mocked(argon2.verify).mock.calls.length;
  });
  const verifications = () => vi.mocked(argon2.verify).mock.calls.slice(verified);

  test('says the same and costs one verification, whatever was wrong', async () => {
    const [known, disabled, invited, tillOnly] = [newAddress(), newAddress(), newAddress(), newAddress()];
    const company = await companyOf(known);
    const set = (email: string, change: string) =>
      companyOf(email).then((made) => query(made, `update app_user set ${change}`));
    await set(disabled, "status = 'DISABLED', disabled_at = now()");
    await set(invited, "status = 'INVITED'");
    await set(tillOnly, 'password_hash = null');
    const twice = newAddress();
    await Promise.all([companyOf(twice), companyOf(twice)]);
    const tries: Record<string, Record<string, string>> = {
      'a wrong password': { username: known, password: 'wrong' },
      'an empty password': { username: known, password: '' },
      'an address that nobody has': { username: newAddress(), password: PASSWORD },
      'no address at all': { username: "' or 1=1 --", password: PASSWORD },
      'somebody disabled': { username: disabled, password: PASSWORD },
      'somebody invited': { username: invited, password: PASSWORD },
      'somebody without a password': { username: tillOnly, password: PASSWORD },
      'an address of several companies': { username: twice, password: PASSWORD },
      'another company': { username: known, password: PASSWORD, client_id: central.company.company_id },
      'a company that does not exist': { username: known, password: PASSWORD, client_id: uuid() },
    };
    const said = new Set<string>();
    for (const [what, form] of Object.entries(tries)) {
      verified = vi.mocked(argon2.verify).mock.calls.length;
      const { status, body, headers } = await askForToken(server.url, form);
      expect([what, verifications().length]).toEqual([what, 1]);
      const { request_id, ...rest } = body;
      said.add(JSON.stringify([status, rest, headers.get('www-authenticate'), headers.get('retry-after')]));
    }
    expect([...said]).toEqual([expect.stringContaining('sign_in_refused')]);
    expect(await query(company, 'select session_id from office_session')).toEqual([]);
  });

  test('compares where there is no password with a hash of the same cost', async () => {
    const email = newAddress();
    await companyOf(email);
    await signIn(email);
    await signIn(newAddress());
    const [real, decoy] = verifications().map(([hash]) => String(hash).split('$'));
    expect(decoy?.slice(0, 4)).toEqual(real?.slice(0, 4));
    expect(decoy?.map((part) => part.length)).toEqual(real?.map((part) => part.length));
    expect(real?.slice(1, 4)).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1']);
  });
});

describe('whoever guesses passwords', () => {
  const guess = (username: string, from: string) => signIn(username, 'wrong', from);
  /** Makes everything that was tried so many seconds older. */
  const later = async (seconds: number): Promise<void> => {
    await atTheGate(central.db, (client) =>
      client.query("update sign_in_failure set last_at = last_at - $1 * interval '1 second'", [seconds]),
    );
  };

  test('has five tries, then waits: for an address that somebody has and for one that nobody has', async () => {
    const email = newAddress();
    await companyOf(email);
    for (const address of [email, newAddress()]) {
      const from = newPlace();
      for (let count = 0; count < 5; count += 1) expect(await guess(address, from)).toMatchObject(refused);
      expect(outcome(await guess(address, from))).toEqual(wait(30));
      expect(outcome(await signIn(address, PASSWORD, from))).toEqual(wait(30));
    }
    expect((await signIn(email)).status).toBe(200);
  });

  test('waits twice as long after each further one, up to a quarter of an hour', async () => {
    const [address, from] = [newAddress(), newPlace()];
    for (let count = 0; count < 5; count += 1) await guess(address, from);
    for (const seconds of [30, 60, 120, 240, 480, 900, 900]) {
      expect(outcome(await guess(address, from))).toEqual(wait(seconds));
      await later(seconds - 5);
      expect(outcome(await guess(address, from))).toEqual(wait(5));
      await later(5);
      expect(await guess(address, from)).toMatchObject(refused);
    }
    await later(24 * 3600);
    for (let count = 0; count < 5; count += 1) expect(await guess(address, from)).toMatchObject(refused);
    expect(outcome(await guess(address, from))).toEqual(wait(30));
  });

  test('gains nothing by trying many at once, nor at another server, nor after a restart', async () => {
    const [address, from] = [newAddress(), newPlace()];
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess(address, from)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(25);
    const another = await testServer(central.db);
    const form = { grant_type: 'password', username: address, password: PASSWORD };
    expect((await askForToken(another.url, form, from)).status).toBe(429);
    await another.close();
  });

  test('has twenty tries from all over the world', async () => {
    const email = newAddress();
    await companyOf(email);
    for (let count = 0; count < 20; count += 1) expect(await guess(email, newPlace())).toMatchObject(refused);
    expect(outcome(await guess(email, newPlace()))).toEqual(wait(30));
    await later(30);
    expect((await signIn(email)).status).toBe(200);
  });

  test('is forgotten when the right password comes', async () => {
    const [email, from] = [newAddress(), newPlace()];
    await companyOf(email);
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 4; count += 1) await guess(email, from);
      expect((await signIn(email, PASSWORD, from)).status).toBe(200);
    }
  });

  test('leaves nothing behind for ever', async () => {
    for (let count = 0; count < 10; count += 1) await guess(newAddress(), newPlace());
    await later(25 * 3600);
    for (let count = 0; count < 10; count += 1) await guess(newAddress(), newPlace());
    const left = await atTheGate(central.db, async (client) =>
      client.query<{ old: number }>(
        "select count(*)::integer as old from sign_in_failure where last_at < now() - interval '1 day'",
      ),
    );
    expect(left.rows).toEqual([{ old: 0 }]);
  });

  test('is held to a hundred tries a minute from one place, for whatever addresses', async () => {
    const from = newPlace();
    const answers: Answer[] = [];
    for (let count = 0; count < 101; count += 1) {
      // A form that is refused unread costs as much of the budget, and no password.
      answers.push(await askForToken(server.url, { username: newAddress() }, from));
    }
    expect(answers.slice(0, 100).every(({ status }) => status === 422)).toBe(true);
    expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    const seconds = Number(answers.at(-1)?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(60);
  });
});
