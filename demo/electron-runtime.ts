import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '..');
const APP = join(PROJECT, 'dist/app');

/** A program that shows the built app in a window, with the arguments it must be given. */
export type ElectronRuntime = { readonly program: string; readonly args: readonly string[] };

/**
 * Finds an Electron: the distribution that `ELECTRON_OVERRIDE_DIST_PATH` names, else the one of the npm package,
 * which downloads itself if it can. Says why where there is none, or nothing to show a window on.
 */
export function findElectron(): ElectronRuntime | { readonly missing: string } {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { missing: 'there is no display' };
  }
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (named) return runtimeIn(named);
  try {
    const program: unknown = createRequire(import.meta.url)('electron');
    return { program: String(program), args: [APP, ...machineSwitches()] };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** Chromium's sandbox refuses to be started by root; a newcomer in a container is root. */
const machineSwitches = (): string[] =>
  process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

function runtimeIn(distribution: string): ElectronRuntime | { missing: string } {
  const program = PROGRAMS[process.platform] ?? 'electron';
  if (!existsSync(join(distribution, program)))
    return { missing: `there is no ${program} in ${distribution}` };
  if (process.platform === 'darwin' || existsSync(join(distribution, 'resources/default_app.asar'))) {
    return { program: join(distribution, program), args: [APP, ...machineSwitches()] };
  }
  return { program: join(linkedDistribution(distribution), program), args: machineSwitches() };
}

const PROGRAMS: Partial<Record<NodeJS.Platform, string>> = {
  win32: 'electron.exe',
  darwin: 'Electron.app/Contents/MacOS/Electron',
};

/**
 * A distribution without Electron's own starter runs only what lies in its `resources/app`. So it is linked into
 * `dist/electron`, file by file, with the built app in that place.
 */
function linkedDistribution(distribution: string): string {
  const linked = join(PROJECT, 'dist/electron');
  const version = readFileSync(join(distribution, 'version'), 'utf8');
  const kept = join(linked, 'version');
  if (existsSync(kept) && readFileSync(kept, 'utf8') === version) return linked;
  rmSync(linked, { recursive: true, force: true });
  linkFolder(distribution, linked);
  symlinkSync(APP, join(linked, 'resources/app'), 'junction');
  return linked;
}

function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, target);
    else linkFile(source, target);
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    // Another disk, or one that knows no links.
    if (!(error instanceof Error && 'code' in error && ['EXDEV', 'EPERM'].includes(String(error.code))))
      throw error;
    copyFileSync(source, target);
  }
}
