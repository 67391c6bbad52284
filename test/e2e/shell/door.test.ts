import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { doorCloses } from '#shared/contract/door.ts';
import { type DataProcess, forkDataProcess } from '../../../src-main/data/client.ts';
import { callFrame, comeIn, leave, visit } from '../../support/door.ts';

describe('the door for browser screens', () => {
  let folder: string;
  let till: DataProcess;
  let port: number;
  const newToken = async () => new URL(await till.doorAddress()).hash.slice('#token='.length);

  beforeAll(async () => {
    // Each refusal is logged on standard error, and there are many; `unit/shell/door.test.ts` reads them.
    vi.stubEnv('TILLDOCK_LOG', 'silent');
    folder = await mkdtemp(join(tmpdir(), 'tilldock-door-'));
    await writeFile(
      join(folder, 'index.html'),
      '<!doctype html><html><head></head><body>screens</body></html>',
    );
    await writeFile(join(folder, 'secret.txt'), 'canary');
    till = await forkDataProcess({
      folder: join(folder, 'data'),
      autosync: false,
      door: { port: 0, files: folder },
    });
    port = Number(new URL(await till.doorAddress()).port);
  });
  afterAll(async () => {
    till.kill();
    await till.exited;
    await rm(folder, { recursive: true, force: true });
    vi.unstubAllEnvs();
  });

  test('lets in a page with its token, answers its calls, and gives it a secret to come back with', async () => {
    const page = await comeIn(port, { token: await newToken() });
    page.send(callFrame('1'));
    expect(await page.next()).toMatchObject({ frame: expect.stringContaining('"app_version"') });
    await leave(page);
    const again = await comeIn(port, { resume: page.resume });
    expect(again.resume).not.toBe(page.resume);
    again.send(callFrame('2'));
    expect(await again.next()).toMatchObject({ frame: expect.stringContaining('"i":"2"') });
    await leave(again);
  });

  test('a token is good once: whoever reads it later stays outside', async () => {
    const token = await newToken();
    const page = await comeIn(port, { token });
    await expect(comeIn(port, { token })).rejects.toThrow(String(doorCloses.refused));
    page.send(callFrame('1'));
    expect(await page.next(), 'and the page inside is not disturbed').toHaveProperty('frame');
    await leave(page);
  });

  test('a secret that was followed by another is dead; one whose successor was never seen is not', async () => {
    const first = await comeIn(port, { token: await newToken() });
    await leave(first);
    const unseen = await comeIn(port, { resume: first.resume });
    await leave(unseen);
    const second = await comeIn(port, { resume: first.resume });
    second.send(callFrame('1'));
    await second.next();
    await leave(second);
    await expect(comeIn(port, { resume: first.resume })).rejects.toThrow(String(doorCloses.refused));
    await expect(comeIn(port, { resume: unseen.resume })).rejects.toThrow(String(doorCloses.refused));
    await leave(await comeIn(port, { resume: second.resume }));
  });

  test('one tab has one socket: coming back closes the one before', async () => {
    const page = await comeIn(port, { token: await newToken() });
    const again = await comeIn(port, { resume: page.resume });
    expect(await page.next()).toEqual({ closed: doorCloses.replaced });
    await leave(again);
  });

  test.each([
    ['from another site', { origin: 'http://evil.example' }],
    ['from a name that begins with ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['from another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['from a page without an origin', { origin: 'null' }],
    ['for another host (DNS rebinding)', { host: 'evil.example' }],
    ['for another port', { host: '127.0.0.1:1' }],
  ])('a socket %s is refused before it is one', async (_how, headers) => {
    expect(await visit(port, { headers })).toEqual({ status: 403 });
  });

  test('an origin and a host that agree with each other but not with the door are refused', async () => {
    const forged = { host: 'evil.example', origin: 'http://evil.example' };
    expect(await visit(port, { headers: forged })).toEqual({ status: 403 });
    expect(await visit(port, { path: '/' })).toEqual({ status: 403 });
  });

  test.each([
    ['no JSON', 'hello'],
    ['a call before the knock', callFrame('1')],
    ['a token of the wrong length', '{"token":"short"}'],
    ['an invented token', `{"token":"${'A'.repeat(43)}"}`],
    ['an invented secret', `{"resume":"${'A'.repeat(43)}"}`],
  ])('%s is no knock', async (_what, frame) => {
    const visitor = await visit(port);
    if ('status' in visitor) throw new Error('refused too early');
    visitor.send(frame);
    expect(await visitor.next()).toEqual({ closed: doorCloses.refused });
  });

  test.each([
    ['a flood', '{"i":"1","t":4}', 3_000, doorCloses.flood],
    ['a frame that is no call', '{"i":"1","p":{}}', 1, doorCloses.flood],
    // The socket's own limit, kept before the frame is in memory: RFC 6455, 7.4.1, "message too big".
    ['a frame of two megabytes', 'x'.repeat(2 * 1024 * 1024), 1, 1009],
  ])('%s costs the page its socket, and the others notice nothing', async (_what, frame, times, code) => {
    const [page, other] = [
      await comeIn(port, { token: await newToken() }),
      await comeIn(port, { token: await newToken() }),
    ];
    for (let sent = 0; sent < times; sent += 1) page.send(frame);
    expect(await page.next()).toEqual({ closed: code });
    other.send(callFrame('1'));
    expect(await other.next()).toHaveProperty('frame');
    await leave(other);
  });

  const ask = (path: string, options: { method?: string; headers?: Record<string, string> } = {}) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port, path, ...options }, (answer) => {
          let body = '';
          answer.on('data', (text) => {
            body += text;
          });
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
        });
        asked.on('error', reject);
        asked.end();
      },
    );

  test('serves the screens under a strict policy, to nobody from elsewhere, and nothing beside them', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('screens');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port}`);
    expect(page.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(page.headers).not.toHaveProperty('access-control-allow-origin');
    for (const path of [
      '/data/ledger.db',
      '/secret.txt',
      '/../etc/passwd',
      '/%2e%2e/etc/passwd',
      '/..%2f..%2fetc',
      '/%00',
      '//',
    ]) {
      expect((await ask(path)).status, path).toBe(404);
    }
    expect((await ask('/', { method: 'POST' })).status).toBe(405);
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await ask('/', { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });

  test('is shut unless it is asked for', async () => {
    const plain = await forkDataProcess({ folder: join(folder, 'plain'), autosync: false });
    await expect(plain.doorAddress()).rejects.toThrow('without a door');
    plain.kill();
    await plain.exited;
  });

  test('a port that is taken is told, and the till works on without its door', async () => {
    const second = await forkDataProcess({
      folder: join(folder, 'second'),
      autosync: false,
      door: { port, files: folder },
    });
    await expect(second.doorAddress()).rejects.toThrow('EADDRINUSE');
    expect(await second.connect().client.terminal.state()).toMatchObject({ terminal: null });
    second.kill();
    await second.exited;
  });
});
