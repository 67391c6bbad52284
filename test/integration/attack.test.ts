import { createHmac, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '#shared/contract/problem.ts';
import { contractOperations } from '../../server/ops/contract-operations.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { type Attack, attacksOn } from '../support/attacks.ts';
import { type DocumentedRoute, documentedRoutes, knownFields } from '../support/documented-routes.ts';
import { everything } from '../support/everything.ts';
import { officeOf } from '../support/office.ts';
import { officeToken } from '../support/office-token.ts';
import { rawRequests, sendRaw } from '../support/raw-requests.ts';
import { SECRET } from '../support/server.ts';
import { person, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

/**
 * So many requests for each class of routes, from this seed: `ATTACKS=10000 ATTACK_SEED=7 npm test -- attack`. Like
 * the ids and tokens of a run, the requests are others each time; what is done to them is not.
 */
const ATTACKS = Number(process.env.ATTACKS ?? 2500);
const SEED = Number(process.env.ATTACK_SEED ?? 20_261_121);

/** The classes of routes, with the tags of the OpenAPI document that belong to them. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  'sign-in': ['sign-in'],
  people: ['users', 'invitations', 'roles', 'sessions', 'audit'],
  places: ['locations', 'clients'],
  lookups: [
    'departments',
    'sales-categories',
    'payment-types',
    'tax-classes',
    'currencies',
    'exchange-rates',
  ],
  sync: ['sync', 'sales'],
  exceptions: ['exceptions'],
  // After sync: the terminal may end up out of service.
  terminals: ['terminals'],
};

/** What is served beside the contract, to anyone. */
const OPEN_PATHS = [
  '/',
  '/health',
  '/ready',
  '/metrics',
  '/openapi.json',
  '/docs',
  '/docs/static/index.html',
  '/x',
];

const MARK = 'told to nobody else';
const LEAKS = [
  / {4}at |node_modules|\.ts:\d|server\/|company_id =|relation "|syntax error|violates |select .* from /i,
  new RegExp(MARK),
  new RegExp(new TextDecoder().decode(SECRET)),
];

const log: string[] = [];
const { central, server } = await startCentral((line) => log.push(line));
let victim: TestShop;
let intruder: TestShop;
let routes: DocumentedRoute[];
let ids: string[];
let forged: string[];
let before: Record<string, string>;
const counts = new Map<string, Map<number, number>>();

beforeAll(async () => {
  const people = DEMO_SHOP.people.map((one) => ({ ...one, name: `${one.name}, ${MARK}` }));
  const location = { ...DEMO_SHOP.location, name: MARK };
  victim = await testShop(central, server, { ...DEMO_SHOP, name: MARK, location, people });
  intruder = await testShop(central, server);
  const { terminal, day, company } = victim;
  const office = await officeOf(server.url, company, 'ADMIN');
  await office.post('/api/v1/departments', { code: 'FOOD', name: MARK });
  await terminal.deliver([
    terminal.record('day.opened', day.opened),
    terminal.record('ticket.completed', day.ticket()),
  ]);
  const { terminal: own } = intruder;
  await own.deliver(Array.from({ length: 25 }, () => own.forge('moon.landed', {})));
  ids = [
    company.company_id,
    company.location_id,
    terminal.enrolment.terminal_id,
    day.day_id,
    ...company.people.map(({ user_id }) => user_id),
    intruder.company.location_id,
    intruder.terminal.enrolment.terminal_id,
    intruder.day.day_id,
    ...intruder.company.people.map(({ user_id }) => user_id),
  ];
  routes = await documentedRoutes();
  forged = await forgedTokens();
  before = await everything(victim);
});
afterAll(async () => {
  report();
});

/** Tokens that say they are of the victim's administrator, signed in every way but the right one. */
async function forgedTokens(): Promise<string[]> {
  const soon = Math.floor(Date.now() / 1000) + 600;
  const claims = {
    sub: person(victim.company, 'ADMIN'),
    aud: 'office',
    exp: soon,
    company_id: victim.company.company_id,
    session_id: uuid(),
  };
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const sign = (alg: string, key: Uint8Array | typeof privateKey, about: object = {}) =>
    new SignJWT({ ...claims, ...about }).setProtectedHeader({ alg }).sign(key);
  const body = `${encoded({ alg: 'HS256' })}.${encoded(claims)}`;
  const own = await officeToken(central, intruder.company.company_id, person(intruder.company, 'ADMIN'));
  const [head, , signature] = own.split('.');
  return [
    `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
    `${encoded({ alg: 'EdDSA' })}.${encoded(claims)}.`,
    `${body}.${createHmac('sha256', publicKey.export({ format: 'der', type: 'spki' }))
      .update(body)
      .digest('base64url')}`,
    await sign('HS256', SECRET),
    await sign('EdDSA', privateKey),
    await sign('EdDSA', privateKey, { exp: soon - 3600 }),
    `${head}.${encoded(claims)}.${signature}`,
    `${own}x`,
    'a.b.c',
    '..',
    'A'.repeat(9000),
  ];
}

/** What the requests are made of: codes that exist, ids of both companies, secrets that must not come back. */
const known = () =>
  knownFields({
    ids,
    codes: ['FOOD', 'UNSORTED', 'CASH', 'CARD', 'STD', 'GBP', 'SHOP1', 'ADMIN', 'CASHIER', 'NONE'],
    addresses: ['tomas@corner-shop.example', 'nobody@corner-shop.example'],
    dates: ['2026-03-02'],
    texts: ['a', '%', 'Shop'],
  });

type Credential = 'office' | 'lesser' | 'terminal';
const tokens = new Map<Credential, string>();

/** A token of the intruder's administrator, manager or terminal; another one once a request has ended its session. */
async function tokenOf(credential: Credential): Promise<string> {
  const kept = tokens.get(credential);
  if (kept !== undefined) return kept;
  const { company, terminal, user } = intruder;
  const made = await (credential === 'terminal'
    ? terminal.token()
    : officeToken(central, company.company_id, credential === 'office' ? person(company, 'ADMIN') : user));
  tokens.set(credential, made);
  return made;
}

/** What a request is signed with, where it is with one of the tokens that hold. */
function credentialOf({ bearer }: Attack, needs: string | undefined): Credential | undefined {
  const right = needs === 'terminal' ? 'terminal' : 'office';
  switch (bearer) {
    case 'right':
      return right;
    case 'other':
      return right === 'terminal' ? 'office' : 'terminal';
    case 'lesser':
      return 'lesser';
    default:
      return undefined;
  }
}

let sender = 0;

async function send(attack: Attack, needs: string | undefined) {
  sender += 1;
  const credential = credentialOf(attack, needs);
  const bearer = credential
    ? await tokenOf(credential)
    : attack.bearer === 'forged'
      ? forged[sender % forged.length]
      : undefined;
  const reply = await server.app.inject({
    method: attack.method as 'GET',
    url: attack.url,
    // From very many places: being slowed down is not what is tested here.
    remoteAddress: `10.${(sender >> 14) % 256}.${(sender >> 6) % 256}.${sender % 64}`,
    headers: { ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...attack.headers },
    ...(attack.payload === undefined ? {} : { payload: attack.payload }),
  });
  if (credential && reply.statusCode === 401) tokens.delete(credential);
  return reply;
}

type Reply = Awaited<ReturnType<typeof send>>;

/** What every answer must be, whatever was asked. */
function check(reply: Reply, method: string): void {
  expect(reply.statusCode).toBeLessThan(500);
  for (const leak of LEAKS) expect(reply.body).not.toMatch(leak);
  expect(reply.headers['x-request-id']).toMatch(/^[\w.:-]{1,100}$/);
  expect(reply.headers['x-evil']).toBeUndefined();
  if (reply.statusCode < 400 || method === 'HEAD') return;
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = problemSchema.strict().parse(reply.json());
  expect(problem).toMatchObject({ status: reply.statusCode, request_id: reply.headers['x-request-id'] });
}

function count(name: string, status: number): void {
  const statuses = counts.get(name) ?? new Map<number, number>();
  counts.set(name, statuses.set(status, (statuses.get(status) ?? 0) + 1));
}

function report(): void {
  const lines = [...counts].map(([name, statuses]) => {
    const total = [...statuses.values()].reduce((sum, times) => sum + times, 0);
    const each = [...statuses]
      .sort(([left], [right]) => left - right)
      .map(([status, times]) => `${status}: ${times}`);
    return `${name.padEnd(10)} ${String(total).padStart(6)} requests  ${each.join(', ')}`;
  });
  process.stdout.write(`attacks from seed ${SEED}\n${lines.join('\n')}\n`);
}

test('every route of the document is in a class', () => {
  const tags = Object.values(CLASSES).flat();
  expect(routes.filter(({ tag }) => !tags.includes(tag))).toEqual([]);
});

describe.each(Object.keys(CLASSES))('whatever is sent to the routes of %s', (name) => {
  test('is answered, done or refused by a problem document, without a failure, a leak or another company’s rows', async () => {
    const needs = new Map(contractOperations().map((one) => [`${one.method} ${one.path}`, one.needs]));
    const own = routes.filter(({ tag }) => CLASSES[name]?.includes(tag));
    const attacks = fc
      .constantFrom(...own)
      .chain((route) => fc.tuple(fc.constant(route), attacksOn(route, known())));
    await fc.assert(
      fc.asyncProperty(attacks, async ([route, attack]) => {
        const reply = await send(attack, needs.get(`${route.method} ${route.path}`));
        count(name, reply.statusCode);
        check(reply, attack.method);
        // Hashes of PINs are for terminals, which decide offline.
        if (route.tag !== 'sync') expect(reply.body).not.toContain('$argon2');
      }),
      { numRuns: ATTACKS, seed: SEED },
    );
    // Not all of it fell at the first hurdle.
    const statuses = counts.get(name);
    for (const status of [200, 400, 401, 404, 415, 422])
      expect([status, statuses?.get(status)]).toEqual([status, expect.any(Number)]);
    expect(await everything(victim)).toEqual(before);
  });
});

test('whatever is sent to what is open to anyone is answered or refused, and says no secret', async () => {
  const open = OPEN_PATHS.map((path) => ({ method: 'GET', path, tag: '', parameters: [], takesForm: false }));
  const attacks = fc.constantFrom(...open).chain((route) => attacksOn(route, known()));
  await fc.assert(
    fc.asyncProperty(attacks, async (attack) => {
      const reply = await send(attack, undefined);
      count('open', reply.statusCode);
      expect(reply.statusCode).toBeLessThan(500);
      for (const leak of LEAKS.slice(1)) expect(reply.body).not.toMatch(leak);
      if (reply.statusCode >= 400) check(reply, attack.method);
    }),
    { numRuns: ATTACKS, seed: SEED },
  );
  expect(await everything(victim)).toEqual(before);
});

test('whatever bytes are written to its socket get an answer of HTTP, or none', async () => {
  await fc.assert(
    fc.asyncProperty(rawRequests, async (text) => {
      const answer = await sendRaw(server.url, text);
      const [, status = '0'] = /^HTTP\/1\.1 (\d{3}) /.exec(answer) ?? [];
      count('socket', Number(status));
      expect(answer).toMatch(/^(HTTP\/1\.1 [1-4]\d\d |$)/);
      for (const leak of LEAKS) expect(answer).not.toMatch(leak);
      // What follows the first answer is one to what followed the first request.
      const final = answer.replace(/^HTTP\/1\.1 100 .*?\r\n\r\n/s, '');
      const [head = ''] = final.split('\r\n\r\n', 1);
      expect(head).not.toMatch(/^x-evil/im);
      if (Number(status) < 400) return;
      expect(head).toMatch(/content-type: application\/problem\+json/i);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
      const body = final.slice(head.length + 4).slice(0, length);
      expect(problemSchema.strict().parse(JSON.parse(body)).status).toBe(Number(status));
    }),
    { numRuns: Math.ceil(ATTACKS / 3), seed: SEED },
  );
  expect(await everything(victim)).toEqual(before);
});

test('afterwards the server works as before, and its log holds no secret', async () => {
  expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  // The administrator's address is locked for a while by now: very many tried to guess their password.
  const office = await officeOf(server.url, victim.company, 'MANAGER');
  expect((await office.get('/api/v1/departments/FOOD')).body).toMatchObject({ name: MARK });
  const written = log.join('');
  expect(written.length).toBeGreaterThan(1000);
  const secrets = [
    ...tokens.values(),
    office.tokens.refresh_token,
    new TextDecoder().decode(SECRET),
    '$argon2',
  ];
  for (const secret of secrets) expect(written.includes(secret) && secret).toBe(false);
});
