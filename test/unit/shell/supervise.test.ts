import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DataState } from '#shared/contract/shell.ts';
import { type RelayedPort, startAsNodeChild } from '../../../src-main/host/node.ts';
import { restartWait, superviseDataProcess } from '../../../src-main/supervise.ts';

/** Node's port in the shape of Electron's, whose listeners are given an event. */
const relayed = (port: MessagePort): RelayedPort => ({
  on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
    port.on(event, (data) => listener({ data })),
  postMessage: (message) => port.postMessage(message),
  start: () => port.start(),
  close: () => port.close(),
});

/** A child that says it is ready, answers each frame with itself, and dies of the call `/die/now`. */
const child = `
  process.send({ type: 'ready', state: 'ok' });
  process.on('message', ({ type, channel, data }) => {
    if (type === 'data' && data.includes('/die/now')) process.exit(3);
    if (type === 'data') process.send({ type, channel, data });
  });
  process.on('disconnect', () => process.exit(0));
`;
const frame = (u: string) => JSON.stringify({ i: '1', p: { u } });

describe('supervision', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tilldock-supervise-'));
    await writeFile(join(folder, 'child.mjs'), child);
    await writeFile(join(folder, 'dead.mjs'), 'process.exit(9)');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const supervise = (entry: string, node = process.execPath) => {
    const states: DataState[] = [];
    const events: string[] = [];
    const log = (_level: string, event: string) => events.push(event);
    const start = startAsNodeChild({ node, entry: join(folder, entry), args: [], keepOutput: () => {}, log });
    const supervisor = superviseDataProcess(start, {
      onState: (state) => states.push(state),
      onPortClosed: () => events.push('port closed'),
      log,
    });
    return { supervisor, states, events };
  };

  test('the pauses grow and then stay', () => {
    expect([1, 2, 3, 4, 5, 6, 100].map(restartWait)).toEqual([200, 500, 1_000, 2_000, 5_000, 5_000, 5_000]);
  });

  test('a process that works relays frames both ways, dies once, and comes back for a new port', async () => {
    const { supervisor, states } = supervise('child.mjs');
    expect(supervisor.connect(relayed(new MessageChannel().port1)), 'nobody is there yet').toBe(false);
    await expect.poll(() => supervisor.state().state).toBe('ready');
    const { port1, port2 } = new MessageChannel();
    const heard: unknown[] = [];
    port2.on('message', (data) => heard.push(data));
    let closed = false;
    port2.on('close', () => {
      closed = true;
    });
    expect(supervisor.connect(relayed(port1))).toBe(true);
    port2.postMessage(frame('/sync/status'));
    await expect.poll(() => heard).toEqual([frame('/sync/status')]);

    port2.postMessage(frame('/die/now'));
    await expect.poll(() => closed).toBe(true);
    await expect
      .poll(() => states.map(({ state }) => state))
      .toEqual(['starting', 'ready', 'recovering', 'starting', 'ready']);
    expect(supervisor.history()).toMatchObject({ restarts: 1, last_exit: { code: 3, signal: null } });
    await supervisor.stop();
    expect(supervisor.state()).toEqual({ state: 'stopped' });
    expect(supervisor.history().pid).toBeUndefined();
  });

  test.each([
    ['dies at birth', 'dead.mjs', process.execPath],
    ['has no program to run it', 'child.mjs', '/nowhere/node'],
  ])(
    'a process that %s is tried again with longer pauses, until it is told to stop',
    async (_how, entry, node) => {
      const { supervisor, states } = supervise(entry, node);
      await expect
        .poll(() => states.filter(({ state }) => state === 'recovering').length, { timeout: 20_000 })
        .toBeGreaterThanOrEqual(3);
      expect(states.filter(({ state }) => state === 'recovering').slice(0, 3)).toEqual([
        { state: 'recovering', attempt: 1, retry_in_ms: 200 },
        { state: 'recovering', attempt: 2, retry_in_ms: 500 },
        { state: 'recovering', attempt: 3, retry_in_ms: 1_000 },
      ]);
      await supervisor.stop();
      const told = states.length;
      await wait(1_200);
      expect(states).toHaveLength(told);
    },
  );

  test('a flooding page loses its port; the process hears of no frame after that', async () => {
    const { supervisor, events } = supervise('child.mjs');
    await expect.poll(() => supervisor.state().state).toBe('ready');
    const { port1, port2 } = new MessageChannel();
    supervisor.connect(relayed(port1));
    for (let sent = 0; sent < 1_500; sent += 1) port2.postMessage(frame('/sync/status'));
    port2.postMessage(frame('/die/now'));
    await expect.poll(() => events).toContain('port closed');
    expect(events).toContain('port closed for its frames');
    await wait(300);
    expect(supervisor.state().state).toBe('ready');
    await supervisor.stop();
  });
});
