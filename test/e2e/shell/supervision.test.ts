import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Desktop, type DesktopBench, expectLogged, openDesktopBench } from '../../support/desktop.ts';
import { desktopProblem, readLog } from '../../support/packed-app.ts';
import { callState, layLine, lineOf, sendFrames } from '../../support/page-line.ts';

const problem = desktopProblem();

/** The process id of the data process that was ready last. */
async function dataPid(folder: string): Promise<number> {
  const ready = (await readLog(folder, 'main')).filter(({ event }) => event === 'data process ready');
  return Number(ready.at(-1)?.pid);
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the supervised data process', () => {
  // Named one by one with the reason, where there is no Electron or no display.
  beforeEach(async (context) => {
    if (problem !== null) context.skip(problem);
    await layLine(till.page);
  });
  let bench: DesktopBench;
  let till: Desktop;
  beforeAll(async () => {
    if (problem !== null) return;
    bench = await openDesktopBench();
    till = await bench.start();
  });
  afterAll(() => bench?.close());

  test('answers the page through the port that the shell gave it', async () => {
    expect(await callState(till.page)).toBe(200);
    expect((await lineOf(till.page)).states.at(-1)).toBe('ready');
  });

  test('is started again when it is killed, and the page is told and given a new port', async () => {
    const { page, folder } = till;
    const { ports } = await lineOf(page);
    const killed = await dataPid(folder);
    process.kill(killed, 'SIGKILL');
    await expect.poll(async () => (await lineOf(page)).ports, { timeout: 15_000 }).toBe(ports + 1);
    expect(await dataPid(folder)).not.toBe(killed);
    expect((await lineOf(page)).states.slice(-3)).toEqual(['recovering', 'starting', 'ready']);
    expect(await callState(page)).toBe(200);
    await expectLogged(folder, 'data process ended', { signal: 'SIGKILL', attempt: 1, retry_in_ms: 200 });
  });

  test('killed again and again, it is given longer pauses and comes back all the same', async () => {
    const { page, folder, quit } = await bench.start();
    await layLine(page);
    for (const [attempt, pause] of [200, 500, 1_000].entries()) {
      const killed = await dataPid(folder);
      process.kill(killed, 'SIGKILL');
      await expect.poll(() => dataPid(folder), { timeout: 15_000 }).not.toBe(killed);
      await expectLogged(folder, 'data process ended', { attempt: attempt + 1, retry_in_ms: pause });
    }
    await expect.poll(async () => (await lineOf(page)).states.at(-1), { timeout: 15_000 }).toBe('ready');
    expect(await callState(page)).toBe(200);
    await quit();
  });

  test.each([
    ['a flood of frames', '{"i":"1","t":4}', 3_000, 'too many frames'],
    ['a frame that is no call', '{"i":"1","p":{"u":"http://%"}}', 1, 'malformed'],
    ['a frame of two megabytes', 'x'.repeat(2 * 1024 * 1024), 1, 'too large'],
    ['a frame that is neither text nor bytes', { i: 1, p: {} }, 1, 'wrong type'],
  ])('%s costs the page its port, not the data process its life', async (_what, frame, times, refusal) => {
    const { page, folder } = till;
    const { ports } = await lineOf(page);
    const pid = await dataPid(folder);
    await sendFrames(page, frame, times);
    await expectLogged(folder, 'port closed for its frames', { refusal });
    await expect.poll(async () => (await lineOf(page)).ports, { timeout: 15_000 }).toBeGreaterThan(ports);
    expect(await callState(page)).toBe(200);
    expect(await dataPid(folder)).toBe(pid);
  });

  test('a crashed page is loaded again and finds the data process as it was', async () => {
    const { app, folder, quit } = await bench.start();
    await expectLogged(folder, 'port given to the page');
    const pid = await dataPid(folder);
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
    );
    await expectLogged(folder, 'page gone');
    await expect
      .poll(
        async () =>
          (await readLog(folder, 'main')).filter(({ event }) => event === 'port given to the page').length,
        {
          timeout: 15_000,
        },
      )
      .toBe(2);
    expect(await dataPid(folder)).toBe(pid);
    await quit();
  });

  test('ends with the app', async () => {
    const { folder, quit } = await bench.start();
    await expectLogged(folder, 'data process ready');
    const pid = await dataPid(folder);
    await quit();
    expect(isAlive(pid)).toBe(false);
    await expectLogged(folder, 'ended');
  });

  test('an app whose data process is down at that moment ends all the same', async () => {
    const { folder, quit } = await bench.start();
    for (const attempt of [1, 2]) {
      await expectLogged(folder, 'data process ready');
      await expect.poll(async () => isAlive(await dataPid(folder))).toBe(true);
      process.kill(await dataPid(folder), 'SIGKILL');
      await expectLogged(folder, 'data process ended', { attempt });
    }
    await quit();
    await expectLogged(folder, 'ended');
  });

  test('a ledger that cannot be opened is told as recovery, and nothing is put in its place', async () => {
    const { folder, quit } = await bench.start();
    await expectLogged(folder, 'data process ready', { ledger: 'ok' });
    await quit();
    const ledger = join(folder, 'data', 'ledger.db');
    await writeFile(ledger, 'this was a ledger once');

    const again = await bench.start(folder);
    await expectLogged(folder, 'data process ready', { ledger: 'recovery' });
    const facts = await again.page.evaluate<{ name: string; value: string }[]>('tilldock.diagnostics()');
    expect(facts.find(({ name }) => name === 'Data process')?.value).toBe('ready, ledger recovery');
    expect(await readFile(ledger, 'utf8')).toBe('this was a ledger once');
    await again.quit();
  });

  test('the packed app has its fuses set: it is no Node to anybody and loads its archive only', async () => {
    const fuses = resolve(import.meta.dirname, '../../../node_modules/.bin/electron-fuses');
    const { stdout } = await promisify(execFile)(fuses, ['read', '--app', bench.program]);
    for (const fuse of [
      'RunAsNode is Disabled',
      'EnableCookieEncryption is Enabled',
      'EnableNodeOptionsEnvironmentVariable is Disabled',
      'EnableEmbeddedAsarIntegrityValidation is Enabled',
      'OnlyLoadAppFromAsar is Enabled',
    ]) {
      expect(stdout).toContain(fuse);
    }
  });
});
