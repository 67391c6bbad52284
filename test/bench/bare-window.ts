import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron as electron } from 'playwright';
import { attached, type DesktopBench } from '../support/desktop.ts';
import { electronFolder } from '../support/packed-app.ts';
import { percentile } from './measure.ts';
import { type Memory, memoryOf } from './window-memory.ts';

/** What the same Electron needs to show one heading in a sandboxed window of the same size. */
export type BareWindow = { readonly start_ms: number; readonly memory: Memory };

const MAIN = `
  const { app, BrowserWindow } = require('electron');
  app.whenReady().then(() => {
    new BrowserWindow({ width: 1280, height: 800, webPreferences: { sandbox: true } })
      .loadURL('data:text/html,<h1>bare</h1>');
  });
`;

/** Starts a window without an app so many times, from a copy of the Electron distribution. */
export async function measureBareWindow(bench: DesktopBench, times: number): Promise<BareWindow> {
  const distribution = electronFolder();
  if (distribution === null) throw new Error('There is no Electron distribution.');
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-bare-'));
  try {
    await cp(distribution, folder, { recursive: true });
    const app = join(folder, 'resources/app');
    await mkdir(app, { recursive: true });
    await writeFile(join(app, 'package.json'), '{ "name": "bare", "main": "main.cjs" }');
    await writeFile(join(app, 'main.cjs'), MAIN);
    const starts: number[] = [];
    let bare = await startBare(bench, folder);
    for (starts.push(bare.start_ms); starts.length < times; starts.push(bare.start_ms)) {
      bare = await startBare(bench, folder);
    }
    return { ...bare, start_ms: percentile(starts, 0.5) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const startBare = (bench: DesktopBench, folder: string): Promise<BareWindow> =>
  attached(async (timeout) => {
    const options = {
      executablePath: join(folder, 'electron'),
      args: bench.args(join(folder, 'user-data')),
      env: bench.env,
      timeout,
    };
    const begun = performance.now();
    const app = await electron.launch(options);
    await (await app.firstWindow()).waitForSelector('h1');
    const start_ms = performance.now() - begun;
    const memory = await memoryOf(app, null);
    await app.close();
    return { start_ms, memory };
  });
