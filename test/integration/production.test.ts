import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Office, officeOf } from '../support/office.ts';
import { runServer } from '../support/server-process.ts';
import { queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();
let folder: string;
let admin: Office;

beforeAll(async () => {
  admin = await officeOf(server.url, central.company);
  folder = await mkdtemp(join(tmpdir(), 'tilldock-production-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a server in production', () => {
  const SECRET = 'kJ8vQ2xWz5pLr9TnB3mYc7HdF1gSa6Ue';
  const production = () => ({
    NODE_ENV: 'production',
    DATABASE_URL: central.serverUrl,
    DATABASE_OWNER_URL: central.ownerUrl,
    TILLDOCK_SECRET: SECRET,
    TILLDOCK_WORKER: 'off',
  });
  const started = (about: NodeJS.ProcessEnv) => runServer(folder, { ...production(), ...about });

  test('does not start without a database, or with a secret that is missing, short or thought up', async () => {
    for (const [about, reason] of [
      [{ DATABASE_URL: '' }, 'DATABASE_URL: must be set in production'],
      [{ TILLDOCK_SECRET: '' }, 'TILLDOCK_SECRET: must be set in production'],
      [{ TILLDOCK_SECRET: SECRET.slice(1) }, 'TILLDOCK_SECRET: must have at least 32 characters'],
      [{ TILLDOCK_SECRET: 'change-me-change-me-change-me-now' }, 'TILLDOCK_SECRET: must be random'],
    ] as const) {
      const { code, said } = await started(about).ended;
      expect([reason, code]).toEqual([reason, 1]);
      expect(said).toContain(reason);
      expect(said).not.toContain(SECRET.slice(1));
    }
  });

  test('starts with all of it', async () => {
    const run = started({});
    const url = await run.listening;
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    run.process.kill('SIGTERM');
    expect((await run.ended).code).toBe(0);
  });

  test('does not start while a location has a time zone that it does not know, which it names', async () => {
    const zone = (name: string) =>
      queryAs(central, central.company.company_id, `update location set zone = '${name}'`);
    await zone('Mars/Olympus_Mons');
    const { code, said } = await started({}).ended;
    await zone('Europe/London');
    expect(code).toBe(1);
    expect(said).toContain('location SHOP1 has Mars/Olympus_Mons');
    expect(said).not.toContain('at requireKnownZones');
  });
});

describe('every answer', () => {
  const answers = async (init: RequestInit = {}) =>
    Promise.all(
      ['/health', '/api/v1/me', '/api/v1/nothing', '/token', '/openapi.json'].map((path) =>
        fetch(server.url + path, init),
      ),
    );

  test('bears the headers that keep browsers careful', async () => {
    for (const { headers, url } of await answers()) {
      expect([url, Object.fromEntries(headers)]).toMatchObject([
        url,
        {
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'SAMEORIGIN',
          'referrer-policy': 'no-referrer',
          'strict-transport-security': expect.stringContaining('max-age='),
          'cross-origin-resource-policy': 'same-origin',
          'cross-origin-opener-policy': 'same-origin',
        },
      ]);
      expect(headers.has('x-powered-by')).toBe(false);
      expect(headers.has('server')).toBe(false);
    }
  });

  test('opens nothing to pages from elsewhere', async () => {
    const headers = {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    for (const method of ['GET', 'OPTIONS']) {
      for (const answer of await answers({ method, headers })) {
        const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'));
        expect([answer.url, method, names]).toEqual([answer.url, method, []]);
        if (method === 'OPTIONS') expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    }
  });

  test('of the office is kept by nobody on the way', async () => {
    const found = [
      await admin.get('/api/v1/me'),
      await admin.get('/api/v1/users'),
      await admin.get('/api/v1/x'),
    ];
    for (const { headers } of found) expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a body', () => {
  const padded = (bytes: number) => ({ name: 'x'.repeat(bytes) });

  test('of the office and of the sign-in is read up to 64 KiB', async () => {
    const small = await admin.post('/api/v1/departments', padded(60_000));
    expect(small).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    const large = await admin.post('/api/v1/departments', padded(65_536));
    expect(large).toMatchObject({ status: 413, body: { code: 'content_too_large' } });
    const form = (bytes: number) =>
      fetch(`${server.url}/token`, {
        method: 'POST',
        body: new URLSearchParams({ username: 'x'.repeat(bytes) }),
      });
    expect((await form(60_000)).status).toBe(422);
    expect((await form(65_536)).status).toBe(413);
  });

  test('of a push is read beyond that', async () => {
    const answer = await fetch(`${server.url}/api/v1/sync/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(padded(200_000)),
    });
    expect(answer.status).toBe(401);
  });
});
