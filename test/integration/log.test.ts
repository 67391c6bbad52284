import { v7 as uuid } from 'uuid';
import { beforeAll, expect, test } from 'vitest';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { askForToken, officeOf } from '../support/office.ts';
import { SECRET } from '../support/server.ts';
import { enrolmentCode, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { wireTerminal } from '../support/wire-terminal.ts';

const log: string[] = [];
const { central, server } = await startCentral((line) => log.push(line));
let shop: TestShop;

beforeAll(async () => {
  shop = await testShop(central, server);
});
test('the log never holds a secret, at its finest level, whether requests succeed or fail', async () => {
  const code = await enrolmentCode(central, shop.company);
  const terminal = await wireTerminal(server.url, code, shop.user);
  const token = await terminal.token();
  await terminal.send('/api/v1/sync/pull');
  await terminal.send('/api/v1/sync/pull?cursor=spoilt');
  const post = (path: string, body: object) =>
    terminal.send(`/api/v1/terminals/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'session=cookie-canary' },
      body: JSON.stringify(body),
    });
  await post('enrol', { code, name: 'Till', public_key: 'A'.repeat(43), pin: 'pin-canary' });
  await post('token', { challenge: 'challenge-canary', signature: 'S'.repeat(86) });
  await post('token', { challenge: terminal.enrolment.terminal_id, signature: 'signature-canary' });

  const office = await officeOf(server.url, shop.company, 'ADMIN');
  const { location_id } = shop.company;
  const made = await office.post('/api/v1/terminals/enrolment-codes', { location_id });
  const user = { user_id: uuid(), name: 'Noor', roles: ['CASHIER'], scope: { kind: 'company' } };
  expect((await office.post('/api/v1/users', { ...user, pin: '74918' })).status).toBe(201);
  await office.post('/api/v1/users', { ...user, user_id: 'nobody', pin: 'pin-canary' });
  await office.post('/api/v1/me/password', { current_password: 'canary of now', password: 'canary of then' });
  await office.post('/api/v1/me/password', { password: 'canary of then', hint: 'canary of a hint' });
  const { refresh_token } = office.tokens;
  const refresh = () => askForToken(server.url, { grant_type: 'refresh_token', refresh_token });
  const refreshed = (await refresh()).body;
  expect((await refresh()).status).toBe(401);
  await askForToken(server.url, { username: 'tomas@corner-shop.example', password: 'canary of a guess' });

  const hashes = await shop.query<{ hash: string }>(
    'select pin_hash as hash from app_user union select password_hash from app_user where password_hash is not null',
  );
  const secrets = [
    code,
    code.replaceAll('-', ''),
    String(made.body.code),
    token,
    token.split('.')[2] ?? '',
    office.tokens.access_token,
    refresh_token,
    String(refreshed.access_token),
    String(refreshed.refresh_token),
    new TextDecoder().decode(SECRET),
    new URL(central.serverUrl).password,
    'S'.repeat(86),
    'canary',
    '74918',
    ...hashes.map(({ hash }) => hash),
    ...DEMO_SHOP.people.flatMap(({ pin, office: account }) => [`"${pin}"`, account?.password ?? `"${pin}"`]),
  ];
  const written = log.join('');
  expect(written).toContain('request refused');
  expect(written).toContain('/api/v1/sync/pull');
  expect(written).toContain('/api/v1/me/password');
  for (const secret of secrets) expect(written.includes(secret) && secret).toBe(false);
});
