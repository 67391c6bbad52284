import { connect } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { problemSchema } from '#shared/contract/problem.ts';
import { OPERATION_KINDS } from '#shared/sync/operation.ts';
import { openPool } from '../../server/db.ts';
import { newestVersion } from '../../server/migrate.ts';
import { contractOperations } from '../../server/ops/contract-operations.ts';
import { databaseLine } from '../support/proxy.ts';
import { testServer } from '../support/server.ts';
import { type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();
let shop: TestShop;

beforeAll(async () => {
  shop = await testShop(central, server);
});
const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe('the server says of itself', () => {
  test('that it lives and that it can work', async () => {
    expect(await (await get('/health')).json()).toEqual({ status: 'ok' });
    const ready = await get('/ready');
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      status: 'ready',
      checks: { database: true, schema: true, clock: true },
      warnings: [],
    });
  });

  test('that it cannot work while the database is gone, and that it can again', async () => {
    const line = await databaseLine(central.serverUrl);
    const db = openPool(line.url, 4);
    const cutOff = await testServer(db);
    const state = async (path: string) => (await fetch(cutOff.url + path)).status;
    const push = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    const challenge = JSON.stringify({ challenge: 'x', signature: 'A'.repeat(86) });
    expect(await state('/ready')).toBe(200);
    await line.cut();
    expect([await state('/health'), await state('/ready')]).toEqual([200, 503]);
    const enrol = { code: 'ABCD-ABCD-ABCD', name: 'Till', public_key: 'A'.repeat(43) };
    const answer = await fetch(`${cutOff.url}/api/v1/terminals/enrol`, {
      ...push,
      body: JSON.stringify(enrol),
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await answer.json()).toMatchObject({ code: 'database_unavailable' });
    expect((await fetch(`${cutOff.url}/api/v1/terminals/token`, { ...push, body: challenge })).status).toBe(
      401,
    );
    await line.mend();
    expect(await state('/ready')).toBe(200);
    await cutOff.close();
    await db.end();
    await line.cut();
  });

  test('that it does not fit the schema of the database', async () => {
    const owner = new pg.Client({ connectionString: central.ownerUrl });
    await owner.connect();
    const next = (await newestVersion()) + 1;
    await owner.query('insert into schema_migration (version, name, checksum) values ($1, $2, $2)', [
      next,
      'later',
    ]);
    const ready = await get('/ready');
    await owner.query('delete from schema_migration where version = $1', [next]);
    await owner.end();
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { database: true, schema: false } });
  });

  test('what it did, in figures', async () => {
    const { terminal, day } = shop;
    await terminal.deliver([terminal.record('day.opened', day.opened), terminal.forge('moon.landed', {})]);
    await get('/nothing/here');
    const answer = await get('/metrics');
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toMatch(/tilldock_operations_total\{verdict="applied"\} 1/);
    expect(text).toMatch(/tilldock_operations_total\{verdict="quarantined"\} 1/);
    expect(text).toMatch(
      /request_seconds_count\{method="POST",route="\/api\/v1\/sync\/push",status="200"\} 1/,
    );
    expect(text).toMatch(/route="none",status="404"/);
    expect(text).toContain('process_cpu_seconds_total');
  });
});

describe('the documentation', () => {
  type Document = {
    openapi: string;
    paths: Record<string, Record<string, { responses: Record<string, object>; security?: object }>>;
    components: { schemas: Record<string, object>; responses: Record<string, { content: object }> };
  };

  test('has every route of the contract, each with the shape of its refusals', async () => {
    const document = (await (await get('/openapi.json')).json()) as Document;
    expect(document.openapi).toMatch(/^3\.1\./);
    const routes = contractOperations();
    const promised = routes.map(({ method, path }) => `${method} ${path}`);
    const found = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(found.sort()).toEqual(promised.sort());
    expect(document.components.responses.Problem?.content).toEqual({
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
    });
    for (const { method, path, needs } of routes) {
      const operation = document.paths[path]?.[method.toLowerCase()];
      expect([path, operation?.responses.default]).toEqual([
        path,
        { $ref: '#/components/responses/Problem' },
      ]);
      const key = needs === 'terminal' ? 'terminal' : 'office';
      expect([path, operation?.security]).toEqual([path, needs === 'nothing' ? [] : [{ [key]: [] }]]);
    }
    for (const [kind, { version }] of Object.entries(OPERATION_KINDS)) {
      expect(document.components.schemas).toHaveProperty([`${kind}.v${version}`]);
    }
  });

  test('names nothing that it does not hold', async () => {
    const text = await (await get('/openapi.json')).text();
    const document = JSON.parse(text) as unknown;
    for (const [, path = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const held = path
        .split('/')
        .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], document);
      expect([path, held]).toEqual([path, expect.any(Object)]);
    }
  });

  test('is a page to read', async () => {
    const page = await get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});

describe('a refusal', () => {
  const ID = 'till-7:2026.11';
  const authorised = (init: RequestInit = {}) => shop.terminal.send('/api/v1/sync/push', init);
  const json = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    authorised({
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-request-id': ID, ...headers },
    });

  test('is a problem document that bears the id of its request', async () => {
    const asked = [
      [404, '/nothing', {}],
      [404, '/api/v1/nothing', {}],
      [404, '/api/v1/sync/state', { method: 'DELETE' }],
      [400, '/api/v1/sales/days/%E0%A4%A', {}],
      [401, '/api/v1/sync/state', {}],
      [401, '/api/v1/sync/pull', { headers: { authorization: 'Basic eA==' } }],
      [422, '/api/v1/terminals/challenge', { method: 'POST', body: '{"terminal_id":1}' }],
      [422, '/api/v1/terminals/challenge', { method: 'POST', body: '[]' }],
      [400, '/api/v1/terminals/challenge', { method: 'POST', body: '{' }],
      [
        415,
        '/api/v1/terminals/challenge',
        { method: 'POST', body: '<a/>', headers: { 'content-type': 'text/xml' } },
      ],
    ] as const;
    for (const [status, path, init] of asked) {
      const type = 'body' in init ? { 'content-type': 'application/json' } : {};
      const given = 'headers' in init ? init.headers : {};
      const answer = await get(path, { ...init, headers: { ...type, ...given, 'x-request-id': ID } });
      const problem = problemSchema.parse(await answer.json());
      expect([path, answer.status, problem.status]).toEqual([path, status, status]);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect([answer.headers.get('x-request-id'), problem.request_id]).toEqual([ID, ID]);
    }
  });

  test('gets an id of its own where the given one could not stand in a log', async () => {
    for (const id of ['with space', 'x'.repeat(101), '"quoted"', '']) {
      const answer = await get('/nothing', { headers: { 'x-request-id': id } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  test('meets a body that is damaged, too large, or in another coding', async () => {
    const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);
    const whole = JSON.stringify({ protocol: 1, padding: 'x'.repeat(1000) });
    const bomb = Buffer.alloc(16 * 1024 * 1024 + 1, ' ');
    const expected = [
      [
        400,
        'broken_compression',
        await json(bytes(gzipSync(whole).subarray(0, 20)), { 'content-encoding': 'gzip' }),
      ],
      [
        400,
        'broken_compression',
        await json(bytes(zstdCompressSync(whole).subarray(0, 20)), { 'content-encoding': 'zstd' }),
      ],
      [400, 'broken_compression', await json(whole, { 'content-encoding': 'gzip' })],
      [413, 'content_too_large', await json(bytes(gzipSync(bomb)), { 'content-encoding': 'gzip' })],
      [413, 'content_too_large', await json(bytes(zstdCompressSync(bomb)), { 'content-encoding': 'zstd' })],
      [413, 'content_too_large', await json(bytes(bomb))],
      [415, 'unsupported_encoding', await json(whole, { 'content-encoding': 'br' })],
      [415, 'unsupported_media_type', await json(whole, { 'content-type': 'text/plain' })],
      [400, 'invalid_json', await json('')],
      [400, 'invalid_json', await json('{"protocol":1')],
      [422, 'invalid_input', await json(whole, { 'content-encoding': 'identity' })],
      [422, 'invalid_input', await json(bytes(gzipSync(whole)), { 'content-encoding': 'GZIP' })],
    ] as const;
    for (const [status, code, answer] of expected)
      expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('is given even to what is no HTTP', async () => {
    const answers = await Promise.all(
      ['\x16\x03\x01\x02noise\r\n\r\n', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`].map(
        raw,
      ),
    );
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 400', 'HTTP/1.1 431']);
    for (const answer of answers) {
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const problem = problemSchema.parse(JSON.parse(body));
      expect(head).toContain('application/problem+json');
      expect(head).toContain(`X-Request-Id: ${problem.request_id}`);
    }
  });

  /** Sends bytes, gives what comes back until the server hangs up. */
  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let got = '';
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () =>
        socket.write(bytes, 'latin1'),
      );
      socket.on('data', (chunk) => {
        got += chunk.toString('utf8');
      });
      socket.once('error', reject).once('close', () => resolve(got));
    });
});
