import { spawn } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { displayProblem } from './display.ts';

const project = resolve(import.meta.dirname, '../..');

/** Why the desktop app cannot be started here; null if it can. Never downloads anything to find out. */
export const desktopProblem = (): string | null => {
  if (electronFolder() === null) {
    return 'there is no Electron: the npm package has none and ELECTRON_OVERRIDE_DIST_PATH names none';
  }
  return displayProblem();
};

/** The folder of the Electron distribution that there is; null if there is none. */
export function electronFolder(): string | null {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return existsSync(join(named, 'version')) ? named : null;
  const own = join(createRequire(import.meta.url).resolve('electron/package.json'), '../dist');
  return existsSync(join(own, 'version')) ? own : null;
}

/** What the packed app is made of; newer than the pack, and it is packed again. */
const sources = [
  'package.json',
  'electron-builder.yml',
  'src-main/**/*',
  'src-renderer/**/*',
  'shared/**/*',
  'migrations/terminal/**/*',
];

/**
 * The program of the packed app, packed now if it is missing or older than its sources: `npm run dist -- --dir`
 * with the one fuse left on through which a test attaches to the main process.
 */
export async function packedApp(): Promise<string> {
  const program = join(project, 'dist/inspectable/linux-unpacked/tilldock');
  await alone(async () => {
    if (!isOlder(join(program, '../resources/app.asar'))) return;
    await run(process.execPath, ['src-main/pack.ts', '--dir', '--inspectable']);
  });
  return program;
}

/** The folder of the built screens, built now if they are missing or older than their sources. */
export async function builtScreens(): Promise<string> {
  const screens = join(project, 'dist/app/src-renderer');
  await alone(async () => {
    if (isOlder(join(screens, 'index.html'))) await run(process.execPath, ['src-main/build.ts']);
  });
  return screens;
}

function isOlder(made: string): boolean {
  const madeAt = statSync(made, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return globSync(sources, { cwd: project, withFileTypes: true }).some(
    (file) => file.isFile() && statSync(join(file.parentPath, file.name)).mtimeMs > madeAt,
  );
}

/** Two test runs must not pack into one folder at a time. A lock left by a killed run is taken over. */
async function alone(work: () => Promise<void>): Promise<void> {
  const lock = join(project, 'dist/.packing');
  await mkdir(join(project, 'dist'), { recursive: true });
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch {
      const since = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (since > 300_000) await rm(lock, { recursive: true, force: true });
      await wait(500);
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function run(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${said}`);
}

/** The events of a log of the app, oldest first; empty where there is none yet. */
export async function readLog(folder: string, name: 'main' | 'data'): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, 'logs', `${name}.log`), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
