import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DesktopBench, expectLogged, openDesktopBench } from '../../support/desktop.ts';
import { desktopProblem } from '../../support/packed-app.ts';

const problem = desktopProblem();

describe('the settings of the window', () => {
  // Named one by one with the reason, where there is no Electron or no display.
  beforeEach((context) => {
    if (problem !== null) context.skip(problem);
  });
  let bench: DesktopBench;
  beforeAll(async () => {
    if (problem !== null) return;
    bench = await openDesktopBench();
  });
  afterAll(() => bench?.close());

  test.each([
    ['not JSON', '{"theme": "dark", "kio', 'is not JSON'],
    ['an empty file', '', 'is not JSON'],
    ['of another make', '{"theme":"dark","api_key":"canary-4711"}', 'api_key is not a known field'],
    ['out of range', '{"window":{"x":0,"y":0,"width":1,"height":1,"maximized":false}}', 'window.width'],
  ])('when damaged (%s) are put aside and reported, and the till starts', async (_how, text, saying) => {
    const folder = await bench.newFolder();
    await writeFile(join(folder, 'settings.json'), text);
    const { page, quit } = await bench.start(folder);
    expect(await page.evaluate('tilldock.windowChoices()')).toEqual({ theme: 'system', kiosk: false });
    const aside = (await readdir(folder)).filter((name) => /^settings\.json\.damaged-\d{4}-/.test(name));
    expect(aside).toHaveLength(1);
    expect(await readFile(join(folder, aside[0] ?? ''), 'utf8')).toBe(text);
    await expectLogged(folder, 'settings damaged');
    const facts = await page.evaluate<{ name: string; value: string }[]>('tilldock.diagnostics()');
    const told = facts.find(({ name }) => name === 'Settings')?.value;
    expect(told).toContain(saying);
    expect(told).not.toContain('canary');
    await page.evaluate("tilldock.changeWindow({ theme: 'contrast' })");
    await quit();

    const kept = JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'));
    expect(Object.keys(kept).sort()).toEqual(['backups', 'kiosk', 'theme', 'window']);
    expect(kept.theme).toBe('contrast');
    expect((await stat(join(folder, 'settings.json'))).mode & 0o077).toBe(0);
  });

  test('a window that stood on a display that is gone opens on one that is there', async () => {
    const folder = await bench.newFolder();
    const place = { x: 9_000, y: 9_000, width: 1_000, height: 700, maximized: false };
    await writeFile(join(folder, 'settings.json'), JSON.stringify({ window: place }));
    const { app, quit } = await bench.start(folder);
    const bounds = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds?.x).toBeLessThan(2_000);
    expect(bounds?.y).toBeLessThan(2_000);
    await quit();
  });
});
