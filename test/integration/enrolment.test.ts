import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { SignJWT } from 'jose';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { challengeText } from '#shared/people/challenge.ts';
import { SECRET } from '../support/server.ts';
import { enrolmentCode, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { type Answer, wireTerminal } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();

async function post(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1/terminals/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

const newKey = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, public_key: String(publicKey.export({ format: 'jwk' }).x) };
};
const enrol = (code: string, key = newKey().public_key, name = 'Till') =>
  post('enrol', { code, name, public_key: key });
const refused = { status: 403, body: { code: 'enrolment_refused' } };

const shop = () => testShop(central, server);

describe('an enrolment code', () => {
  test('makes one terminal, and is written as people read it out', async () => {
    const { company } = await shop();
    const code = await enrolmentCode(central, company);
    expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const answer = await enrol(` ${code.toLowerCase().replaceAll('-', ' ')} `);
    expect(answer).toMatchObject({ status: 201, body: { terminal_code: 'T2', epoch: 1 } });
  });

  test('gives the same terminal again to the same key, and nothing to another', async () => {
    const { company, query } = await shop();
    const code = await enrolmentCode(central, company);
    const { public_key } = newKey();
    const first = await enrol(code, public_key);
    expect(await enrol(code)).toMatchObject(refused);
    const again = await enrol(code, public_key);
    expect(again.body).toEqual(first.body);
    expect(await query('select terminal_id from terminal')).toHaveLength(2);
  });

  test('that is wrong, expired, or of nobody is refused in the same words', async () => {
    const { company, query } = await shop();
    await query(
      `insert into enrolment (company_id, code_hash, location_id, expires_at)
       select company_id, sha256('ABCDABCDABCD'), location_id, now() - interval '1 second'
       from location where company_id = '${company.company_id}'`,
    );
    const answers = [await enrol('ABCD-ABCD-ABCD'), await enrol('0000-0000-0000')];
    for (const answer of answers) expect(answer).toMatchObject(refused);
    expect(answers[0]?.body.detail).toBe(answers[1]?.body.detail);
  });

  test('that cannot be one is refused by its field', async () => {
    for (const [code, key, name, path] of [
      ['ABCD', newKey().public_key, 'Till', 'code'],
      ['ABCD-ABCD-ABCI', newKey().public_key, 'Till', 'code'],
      ['ABCD-ABCD-ABCD', 'AAAA', 'Till', 'public_key'],
      ['ABCD-ABCD-ABCD', newKey().public_key, ' ', 'name'],
      ['ABCD-ABCD-ABCD', newKey().public_key, 'x'.repeat(61), 'name'],
    ] as const) {
      const answer = await enrol(code, key, name);
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input', errors: [{ path }] } });
    }
  });

  test('that many devices send at once makes one terminal', async () => {
    const { company, query } = await shop();
    const code = await enrolmentCode(central, company);
    const answers = await Promise.all(Array.from({ length: 8 }, () => enrol(code)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      201,
      ...Array.from({ length: 7 }, () => 403),
    ]);
    expect(await query('select terminal_id from terminal')).toHaveLength(2);
  });

  test('of which many are used at once gives every terminal a code of its own', async () => {
    const { company } = await shop();
    const made = await Promise.all(Array.from({ length: 6 }, () => enrolmentCode(central, company)));
    const answers = await Promise.all(made.map((code) => enrol(code)));
    const codes = answers.map((answer) => String(answer.body.terminal_code)).sort();
    expect(codes).toEqual(['T2', 'T3', 'T4', 'T5', 'T6', 'T7']);
  });
});

describe('a terminal that asks for a token', () => {
  /** An enrolled device that does each step by hand. */
  async function device() {
    const { company, query } = await shop();
    const { privateKey, public_key } = newKey();
    const { body } = await enrol(await enrolmentCode(central, company), public_key);
    const terminal_id = String(body.terminal_id);
    const challenge = String((await post('challenge', { terminal_id })).body.challenge);
    return { terminal_id, company, query, privateKey, challenge };
  }
  const signed = (key: KeyObject, challenge: string) =>
    sign(null, Buffer.from(challengeText(challenge)), key).toString('base64url');
  const token = (challenge: string, signature: string) => post('token', { challenge, signature });
  const unrecognised = { status: 401, body: { code: 'unauthorised' } };

  test('gets one for its signature, which opens the door for fifteen minutes', async () => {
    const { challenge, privateKey } = await device();
    const answer = await token(challenge, signed(privateKey, challenge));
    expect(answer.body).toMatchObject({ token_type: 'bearer', expires_in: 900 });
    expect(await withToken(String(answer.body.access_token))).toBe(200);
  });

  test('gets none with another key, another text, or a signature of something else', async () => {
    const { challenge, privateKey } = await device();
    const other = await device();
    expect(await token(challenge, signed(newKey().privateKey, challenge))).toMatchObject(unrecognised);
    expect(await token(challenge, signed(other.privateKey, challenge))).toMatchObject(unrecognised);
    const bare = sign(null, Buffer.from(challenge), privateKey).toString('base64url');
    expect(await token(challenge, bare)).toMatchObject(unrecognised);
    expect(await token(other.challenge, signed(privateKey, other.challenge))).toMatchObject(unrecognised);
  });

  test('gets none for a challenge that we did not make for it just now', async () => {
    const { challenge, privateKey, terminal_id } = await device();
    const [head, body] = challenge.split('.');
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const soon = Math.floor(Date.now() / 1000) + 60;
    const claims = { sub: terminal_id, aud: 'challenge', exp: soon };
    const hmac = createHmac('sha256', 'another secret, which is as long as it must be').update(
      `${head}.${body}`,
    );
    const forgeries = [
      `${encode({ alg: 'none' })}.${encode(claims)}.`,
      `${encode({ alg: 'none' })}.${body}.`,
      `${head}.${body}.${hmac.digest('base64url')}`,
      `${head}.${encode(claims)}.${challenge.split('.')[2]}`,
      await made({ ...claims, aud: 'terminal' }),
      await made({ ...claims, exp: soon - 120 }),
      'x',
      '',
    ];
    for (const forged of forgeries) {
      expect([forged, await token(forged, signed(privateKey, forged))]).toMatchObject([forged, unrecognised]);
    }
  });

  test('that nobody enrolled gets a challenge like all others, and no token', async () => {
    const { privateKey } = newKey();
    const { status, body } = await post('challenge', { terminal_id: uuid() });
    const challenge = String(body.challenge);
    expect(status).toBe(200);
    expect(await token(challenge, signed(privateKey, challenge))).toMatchObject(unrecognised);
  });

  /** A token of our own making, with our secret: only its claims may be wrong. */
  const made = (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(SECRET);
  const withToken = async (bearer: string) =>
    (await fetch(`${server.url}/api/v1/sync/state`, { headers: { authorization: `Bearer ${bearer}` } }))
      .status;

  test('opens no door with a token that is expired, for something else, or unsigned', async () => {
    const { terminal_id, company, challenge } = await device();
    const claims = { sub: terminal_id, company_id: company.company_id, epoch: 1, aud: 'terminal' };
    const now = Math.floor(Date.now() / 1000);
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(await withToken(await made({ ...claims, exp: now + 60 }))).toBe(200);
    const forgeries = [
      await made({ ...claims, exp: now - 1 }),
      await made(claims),
      await made({ ...claims, aud: 'challenge', exp: now + 60 }),
      await made({ ...claims, company_id: uuid(), exp: now + 60 }),
      await made({ ...claims, company_id: 'none', exp: now + 60 }),
      await made({ ...claims, sub: uuid(), exp: now + 60 }),
      await made({ ...claims, epoch: undefined, exp: now + 60 }),
      `${encode({ alg: 'none' })}.${encode({ ...claims, exp: now + 60 })}.`,
      challenge,
      '',
    ];
    for (const [index, forged] of forgeries.entries()) {
      expect([index, await withToken(forged)]).toEqual([index, 401]);
    }
  });
});

describe('a terminal', () => {
  test('that is revoked may still tell what it did, and is told nothing new', async () => {
    const { terminal, day, query, tickets } = await shop();
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    await query('update terminal set revoked_at = now()');
    await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
    expect(await tickets()).toBe(1);
    const pulled = await terminal.send('/api/v1/sync/pull');
    expect(pulled).toMatchObject({ status: 403, body: { code: 'terminal_revoked' } });
  });

  test('that told two histories may neither tell nor hear anything', async () => {
    const { terminal, day, tickets, company, user } = await shop();
    const opened = terminal.record('day.opened', day.opened);
    await terminal.deliver([opened]);
    const fork = await terminal.push([{ ...opened, hash: 'f'.repeat(64) }]);
    expect(fork).toMatchObject({ status: 409, body: { code: 'terminal_forked' } });
    const sold = await terminal.push([terminal.record('ticket.completed', day.ticket())]);
    expect(sold).toMatchObject({ status: 409, body: { code: 'terminal_forked' } });
    const pulled = await terminal.send('/api/v1/sync/pull');
    expect(pulled).toMatchObject({ status: 409, body: { code: 'terminal_forked' } });
    expect(await tickets()).toBe(0);
    const again = await wireTerminal(server.url, await enrolmentCode(central, company), user);
    expect((await again.send('/api/v1/sync/pull')).status).toBe(200);
  });
});
