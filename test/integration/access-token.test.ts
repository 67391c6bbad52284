import { createPrivateKey, createPublicKey, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { companyIdSchema, officeSessionIdSchema, userIdSchema } from '#shared/ids.ts';
import { type AccessClaims, issueAccessToken } from '../../server/people/access-token.ts';
import { type Office, officeOf } from '../support/office.ts';
import { SECRET } from '../support/server.ts';
import { person, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();
let office: Office;
let claims: AccessClaims;

beforeAll(async () => {
  office = await officeOf(server.url, central.company);
  claims = {
    company_id: central.company.company_id,
    user_id: person(central.company, 'ADMIN'),
    session_id: officeSessionIdSchema.parse((await office.get('/api/v1/me')).body.session_id),
  };
});
const ask = async (authorization: string | undefined, path = '/api/v1/me') => {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const response = await fetch(server.url + path, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const unauthorised = { status: 401, body: { code: 'unauthorised' } };

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const soon = () => Math.floor(Date.now() / 1000) + 60;
/** What our tokens say, with another expiry. */
const said = (about: JWTPayload = {}): JWTPayload => ({
  company_id: claims.company_id,
  session_id: claims.session_id,
  sub: claims.user_id,
  aud: 'office',
  exp: soon(),
  ...about,
});
/** The server's own private key, as `access-token.ts` derives it, to sign what the server never would. */
const privateKey = createPrivateKey({
  key: Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    Buffer.from(hkdfSync('sha256', SECRET, '', 'tilldock access token', 32)),
  ]),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = createPublicKey(privateKey);
const signed = (payload: JWTPayload) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA' }).sign(privateKey);

describe('an access token', () => {
  test('is EdDSA and ends after fifteen minutes', async () => {
    const [head = '', body = ''] = office.tokens.access_token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as JWTPayload;
    expect(read(head)).toEqual({ alg: 'EdDSA' });
    const { exp, ...rest } = read(body);
    expect(rest).toEqual({ ...said(), exp: undefined });
    expect(Math.abs(Number(exp) - Date.now() / 1000 - 900)).toBeLessThan(60);
    expect((await ask(`Bearer ${await signed(said())}`)).status).toBe(200);
  });

  test('opens nothing when it is expired, for something else, or without an end', async () => {
    const { exp: _, ...endless } = said();
    const { sub: _sub, ...nobody } = said();
    for (const payload of [
      said({ exp: soon() - 61 }),
      said({ nbf: soon() }),
      said({ aud: 'terminal' }),
      said({ aud: 'challenge' }),
      endless,
      nobody,
    ]) {
      expect([payload, await ask(`Bearer ${await signed(payload)}`)]).toMatchObject([payload, unauthorised]);
    }
  });

  test('opens nothing when it names another company, person or session, though it was signed by the server', async () => {
    const other = await central.addCompany();
    const [company_id, user_id, session_id] = [
      companyIdSchema.parse(uuid()),
      userIdSchema.parse(uuid()),
      officeSessionIdSchema.parse(uuid()),
    ];
    for (const about of [
      { company_id },
      { company_id: other.company_id },
      { company_id: other.company_id, user_id: person(other, 'ADMIN') },
      { user_id },
      { user_id: person(central.company, 'MANAGER') },
      { session_id },
    ]) {
      const token = await issueAccessToken(SECRET, { ...claims, ...about });
      expect([about, await ask(`Bearer ${token}`)]).toMatchObject([about, unauthorised]);
    }
    for (const about of [{ company_id: "' or true" }, { session_id: null }, { sub: 'admin' }, { sub: '' }]) {
      expect([about, await ask(`Bearer ${await signed(said(about))}`)]).toMatchObject([about, unauthorised]);
    }
  });

  test('opens nothing when it is signed in another way', async () => {
    const [head = '', body = '', signature = ''] = office.tokens.access_token.split('.');
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    const raw = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
    const pem = Buffer.from(publicKey.export({ format: 'pem', type: 'spki' }));
    const hs256 = (key: Uint8Array) => new SignJWT(said()).setProtectedHeader({ alg: 'HS256' }).sign(key);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    const embedded = generateKeyPairSync('ed25519');
    const forged = [
      `${encoded({ alg: 'none' })}.${body}.`,
      `${encoded({ alg: 'None' })}.${encoded(said())}.${signature}`,
      `${head}.${body}.`,
      `${head}.${encoded(said({ sub: uuid() }))}.${signature}`,
      `${head}.${body}.${signature.slice(0, -4)}AAAA`,
      // The secret itself, and the public key in every form, as the key of a symmetric signature.
      await hs256(SECRET),
      await hs256(raw),
      await hs256(spki),
      await hs256(pem),
      await new SignJWT(said()).setProtectedHeader({ alg: 'EdDSA' }).sign(stranger),
      await new SignJWT(said())
        .setProtectedHeader({ alg: 'EdDSA', jwk: embedded.publicKey.export({ format: 'jwk' }) as never })
        .sign(embedded.privateKey),
      await new SignJWT(said())
        .setProtectedHeader({ alg: 'EdDSA', jku: `${server.url}/keys`, kid: '../../dev/null' })
        .sign(embedded.privateKey),
      `${encoded({ alg: 'EdDSA', crit: ['exp'] })}.${body}.${signature}`,
    ];
    for (const [index, token] of forged.entries()) {
      expect([index, await ask(`Bearer ${token}`)]).toMatchObject([index, unauthorised]);
    }
  });

  test('is asked for in the one place it belongs to', async () => {
    const { access_token } = office.tokens;
    for (const authorization of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      access_token,
      `Basic ${access_token}`,
      'Bearer x',
    ]) {
      expect([authorization, await ask(authorization)]).toMatchObject([authorization, unauthorised]);
    }
    expect(await ask(undefined, `/api/v1/me?access_token=${access_token}`)).toMatchObject(unauthorised);
    expect((await ask(`bearer ${access_token}`)).status).toBe(200);
  });

  test('opens no door of terminals, and theirs none of the office', async () => {
    const { terminal } = await testShop(central, server);
    const token = await terminal.token();
    expect((await ask(`Bearer ${token}`, '/api/v1/sync/state')).status).toBe(200);
    expect(await ask(`Bearer ${token}`)).toMatchObject(unauthorised);
    for (const path of ['/api/v1/sync/state', '/api/v1/sync/pull', `/api/v1/sales/days/${uuid()}`]) {
      expect(await ask(`Bearer ${office.tokens.access_token}`, path)).toMatchObject(unauthorised);
    }
  });
});
