import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '#shared/contract/problem.ts';
import { openApiDocument } from '../../server/ops/openapi.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { type TestCentral, testCentral } from '../support/central.ts';
import { SECRET, type TestServer, testServer } from '../support/server.ts';
import { enrolmentCode, type TestShop, testShop } from '../support/shop.ts';
import { wireTerminal } from '../support/wire-terminal.ts';

let central: TestCentral;
let server: TestServer;
let shop: TestShop;
const log: string[] = [];

beforeAll(async () => {
  central = await testCentral();
  server = await testServer(central.db, 0, (line) => log.push(line));
  shop = await testShop(central, server);
});
afterAll(async () => {
  await server?.close();
  await central?.close();
});

type Schema = { type?: string; properties?: Record<string, Schema>; items?: Schema };
type Route = { method: string; path: string; body?: Schema; query: readonly string[] };
type Documented = {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
};

async function documentedRoutes(): Promise<Route[]> {
  const { paths } = (await openApiDocument()) as { paths: Record<string, Record<string, Documented>> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, { parameters = [], requestBody }]) => ({
      method,
      path,
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      ...(requestBody ? { body: requestBody.content['application/json'].schema } : {}),
    })),
  );
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    "'; drop table company; --",
    '../../etc/passwd',
    '%00',
    '\0',
    '{{7*7}}',
    '٣',
    '\r\nX-Evil: 1',
  ),
  fc.constantFrom(1, 200, 5000).map((length) => 'A'.repeat(length)),
  fc.constant(uuid()),
);
const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, true, -1, 0, 1e308, 2 ** 53, {}, [], [[]], '__proto__'),
  fc.jsonValue({ maxDepth: 3 }),
);

/** A body that follows the schema in places, and elsewhere holds anything. */
function nearly(schema: Schema | undefined): fc.Arbitrary<unknown> {
  if (schema?.properties) {
    const fields = Object.entries(schema.properties).map(([name, inner]) => [name, nearly(inner)] as const);
    const known = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
    const strange = fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'x', 'a\0b'), hostileValue, {
      maxKeys: 1,
    });
    return fc.oneof(
      { weight: 8, arbitrary: fc.tuple(known, strange).map(([left, right]) => ({ ...left, ...right })) },
      { weight: 1, arbitrary: hostileValue },
    );
  }
  if (schema?.items) return fc.array(nearly(schema.items), { maxLength: 4 });
  const right = schema?.type === 'integer' ? fc.constantFrom(1, 2, 500) : hostileText;
  return fc.oneof(right, hostileValue);
}

const deep = '['.repeat(200_000);

/** The bytes of a body, rightly or wrongly coded. */
const coded = (text: fc.Arbitrary<string>): fc.Arbitrary<{ payload: Buffer; encoding?: string }> =>
  fc.tuple(text, fc.constantFrom('plain', 'gzip', 'zstd', 'cut', 'lie', 'odd')).map(([body, how]) => {
    const bytes = Buffer.from(body);
    switch (how) {
      case 'gzip':
        return { payload: gzipSync(bytes), encoding: 'gzip' };
      case 'zstd':
        return { payload: zstdCompressSync(bytes), encoding: 'zstd' };
      case 'cut':
        return { payload: gzipSync(bytes).subarray(0, -5), encoding: 'gzip' };
      case 'lie':
        return { payload: bytes, encoding: 'zstd' };
      case 'odd':
        return { payload: bytes, encoding: 'br, x' };
      default:
        return { payload: bytes };
    }
  });

function requests(routes: readonly Route[], token: string): fc.Arbitrary<InjectOptions> {
  return fc.constantFrom(...routes).chain((route) =>
    fc
      .record({
        method: fc.oneof(
          { weight: 9, arbitrary: fc.constant(route.method.toUpperCase()) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
          },
        ),
        id: fc.oneof(hostileText, fc.constant(uuid())),
        query: fc.dictionary(fc.constantFrom(...route.query, 'x', 'cursor', '__proto__'), hostileText, {
          maxKeys: 3,
        }),
        body: coded(
          fc.oneof(
            { weight: 12, arbitrary: nearly(route.body).map((value) => JSON.stringify(value) ?? '') },
            { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
            {
              weight: 1,
              arbitrary: fc.constantFrom(deep, `{"operations":${deep}`, '\uFEFF{}', '{"a":1,"a":2}'),
            },
          ),
        ),
        type: fc.constantFrom(
          'application/json',
          'application/json; charset=utf-16',
          'text/plain',
          'multipart/form-data',
          'x',
        ),
        usual: fc.integer({ min: 0, max: 4 }),
        authorization: fc.oneof(
          { weight: 6, arbitrary: fc.constant(`Bearer ${token}`) },
          {
            weight: 1,
            arbitrary: fc.constantFrom('', 'Bearer', 'Bearer a.b.c', `Bearer ${token}x`, 'Basic x'),
          },
        ),
        requestId: fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 120 }), { nil: undefined }),
      })
      .map(({ method, id, query, body, type, usual, authorization, requestId }) => ({
        method: method as 'GET',
        url: route.path.replace(/\{\w+\}/, encodeURIComponent(id.toWellFormed())),
        query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value.toWellFormed()])),
        headers: {
          authorization,
          ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
          ...(method === 'GET' || method === 'HEAD'
            ? {}
            : {
                'content-type': usual > 0 ? 'application/json' : type,
                ...(body.encoding ? { 'content-encoding': body.encoding } : {}),
              }),
        },
        ...(method === 'GET' || method === 'HEAD' ? {} : { payload: body.payload }),
      })),
  );
}

const LEAKS = /select |insert |node_modules|\.ts:\d| {4}at |company_id =|relation "|syntax error at/i;

describe('whatever is sent to whichever route', () => {
  test('is never answered with a failure of the server, a stack or SQL', async () => {
    const token = await shop.terminal.token();
    const counts = new Map<number, number>();
    let sender = 0;
    await fc.assert(
      fc.asyncProperty(requests(await documentedRoutes(), token), async (request) => {
        // Ten requests an address: the limit on guessing codes is not what is tested here.
        sender += 1;
        const remoteAddress = `10.0.${(sender >> 11) % 256}.${(sender >> 3) % 256}`;
        const answer = await server.app.inject({ ...request, remoteAddress });
        counts.set(answer.statusCode, (counts.get(answer.statusCode) ?? 0) + 1);
        expect(answer.statusCode).toBeLessThan(500);
        expect(answer.body).not.toMatch(LEAKS);
        expect(answer.headers['x-request-id']).toMatch(/^[\w.:-]{1,100}$/);
        expect(answer.headers['x-evil']).toBeUndefined();
        if (answer.statusCode >= 400 && request.method !== 'HEAD') {
          const problem = problemSchema.parse(answer.json());
          expect(problem).toMatchObject({
            status: answer.statusCode,
            request_id: answer.headers['x-request-id'],
          });
        }
      }),
      { numRuns: 2000 },
    );
    // The garbage reached what lies behind the checks of form, too.
    for (const status of [200, 400, 401, 415, 422])
      expect([status, counts.get(status)]).toEqual([status, expect.any(Number)]);
  });
});

describe('the log', () => {
  test('never holds a secret, at its finest level, whether requests succeed or fail', async () => {
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
    const users = await shop.query<{ pin_hash: string }>('select pin_hash from app_user');
    const secrets = [
      code,
      code.replaceAll('-', ''),
      token,
      token.split('.')[2] ?? '',
      new TextDecoder().decode(SECRET),
      new URL(central.serverUrl).password,
      'S'.repeat(86),
      'cookie-canary',
      'pin-canary',
      'challenge-canary',
      'signature-canary',
      ...users.map((user) => user.pin_hash),
      ...DEMO_SHOP.people.map((entry) => `"${entry.pin}"`),
    ];
    const written = log.join('');
    expect(written).toContain('request refused');
    expect(written).toContain('/api/v1/sync/pull');
    for (const secret of secrets) expect(written.includes(secret) && secret).toBe(false);
  });
});
