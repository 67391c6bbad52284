import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { hireDoorkeeper } from '../../../src-main/data/door/doorkeeper.ts';
import { openDoor } from '../../../src-main/data/door/open.ts';
import { socketPort } from '../../../src-main/data/door/socket-port.ts';

describe('the doorkeeper', () => {
  test('forgets a token that nobody used within a quarter of an hour', () => {
    let time = 0;
    const keeper = hireDoorkeeper(() => time);
    const [early, late] = [keeper.mintToken(), keeper.mintToken()];
    time = 15 * 60_000 - 1;
    expect(keeper.admit({ token: early }, () => {})).not.toBeNull();
    time += 1;
    expect(keeper.admit({ token: late }, () => {})).toBeNull();
  });

  test('a secret is no token and a token no secret', () => {
    const keeper = hireDoorkeeper();
    const token = keeper.mintToken();
    expect(keeper.admit({ resume: token }, () => {})).toBeNull();
    const visit = keeper.admit({ token }, () => {});
    expect(keeper.admit({ token: visit?.resume ?? '' }, () => {})).toBeNull();
  });

  test('remembers sixteen tabs and forgets the oldest', () => {
    const keeper = hireDoorkeeper();
    const visits = Array.from({ length: 17 }, () => keeper.admit({ token: keeper.mintToken() }, () => {}));
    expect(keeper.admit({ resume: visits[0]?.resume ?? '' }, () => {})).toBeNull();
    expect(keeper.admit({ resume: visits[1]?.resume ?? '' }, () => {})).not.toBeNull();
  });
});

describe('a page behind the door', () => {
  test('is cut off when it does not read what it is sent', async () => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [[socket]] = await Promise.all([once(sockets, 'connection'), once(page, 'open')]);
    page.pause();
    const faults: string[] = [];
    const port = socketPort(socket, (fault) => faults.push(fault));
    const frame = 'x'.repeat(1024 * 1024);
    for (let sent = 0; sent < 64; sent += 1) port.postMessage(frame);
    expect(faults).toEqual(['slow page']);
    expect(socket.readyState).toBe(WebSocket.CLOSING);
    page.terminate();
    server.close();
  });

  test('every refusal is logged, with the reason and without a secret', async () => {
    const said: string[] = [];
    const keep = (facts: object, event: string) => said.push(`${event}: ${JSON.stringify(facts)}`);
    const door = await openDoor({ port: 0, files: '/nowhere', log: { info: keep, warn: keep } }, () => {});
    const address = new URL(door.newAddress());
    const token = address.hash.slice('#token='.length);
    const open = (path: string, origin: string) =>
      new Promise<void>((resolve) => {
        const socket = new WebSocket(`ws://${address.host}${path}`, { origin });
        socket.on('open', () =>
          socket.send(`{"token":"${token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))}"}`),
        );
        socket.on('error', () => resolve());
        socket.on('close', () => resolve());
      });
    await open('/till', 'http://evil.example');
    await open(`/other?token=${token}`, address.origin);
    await open('/till', address.origin);
    await fetch(new URL('/', address), { method: 'PUT', body: token });
    await door.close();
    for (const why of ['foreign origin', 'no such path', 'unknown token', 'not a read']) {
      expect(
        said.filter((line) => line.includes(`"why":"${why}"`)),
        why,
      ).toHaveLength(1);
    }
    expect(said.join()).not.toContain(token);
  });
});
