import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A screen to open windows on. `display` is what `DISPLAY` must say; undefined where the platform needs none. */
export type Display = { display: string | undefined; close: () => void };

/** Where a program of this name is on the PATH; null if nowhere. */
const findProgram = (name: string): string | null =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file)) ?? null;

/** Whether windows can be opened here, or why not. */
export const displayProblem = (): string | null =>
  process.platform !== 'linux' || process.env.DISPLAY || findProgram('Xvfb')
    ? null
    : 'there is no display and no Xvfb';

/** The display there is, else a virtual one of our own on a free number. */
export async function openDisplay(): Promise<Display> {
  if (process.platform !== 'linux' || process.env.DISPLAY) {
    return { display: process.env.DISPLAY, close: () => {} };
  }
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
    child.stdio[3]?.once('data', (said) => resolve(String(said).trim()));
  });
  return { display: `:${number}`, close: () => child.kill() };
}
