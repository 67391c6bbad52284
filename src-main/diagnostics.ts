import { readdirSync, statfsSync } from 'node:fs';
import os from 'node:os';
import { app, screen } from 'electron';
import type { DataState, Diagnostic } from '#shared/contract/shell.ts';
import type { SettingsStore } from './settings.ts';
import type { DataExit } from './supervise.ts';

type Known = {
  settings: SettingsStore;
  data: {
    state: DataState;
    host: string;
    restarts: number;
    last_exit: DataExit | null;
    pid: number | undefined;
  };
};

/**
 * What a person on the telephone needs to know of this machine, numbered. The numbers are stable: a fact that
 * goes away leaves its number unused.
 */
export const gatherDiagnostics = ({ settings, data }: Known): Diagnostic[] => {
  const folder = app.getPath('userData');
  const { last_exit: exit } = data;
  const facts: readonly (readonly [number, string, string])[] = [
    [1, 'Tilldock', `${app.getVersion()}${app.isPackaged ? '' : ' (unpacked)'}`],
    [
      2,
      'Electron',
      `${process.versions.electron}, Chromium ${process.versions.chrome}, Node ${process.versions.node}`,
    ],
    [3, 'Machine', `${os.type()} ${os.release()} ${process.arch}, ${os.cpus().length} cores`],
    [4, 'Memory', `${gib(os.freemem())} of ${gib(os.totalmem())} GiB free`],
    [5, 'Folder', withoutHome(folder)],
    [6, 'Disk', `${gib(freeBytes(folder))} GiB free`],
    [
      7,
      'Data process',
      `${data.state.state}${'ledger' in data.state ? `, ledger ${data.state.ledger}` : ''}`,
    ],
    [8, 'Data process host', `${data.host}, process ${data.pid ?? 'none'}`],
    [
      9,
      'Data process restarts',
      exit === null ? '0' : `${data.restarts}, last ended with ${exit.signal ?? exit.code ?? 'no start'}`,
    ],
    [
      10,
      'Settings',
      settings.damage === null
        ? 'sound'
        : `damaged: ${settings.damage.problem}; kept as ${withoutHome(settings.damage.file)}`,
    ],
    [
      11,
      'Displays',
      screen
        .getAllDisplays()
        .map(({ size, scaleFactor }) => `${size.width}×${size.height}@${scaleFactor}`)
        .join(', '),
    ],
    [12, 'Crash reports', String(countCrashReports(app.getPath('crashDumps')))],
    [13, 'Time', `${new Date().toISOString()} ${Intl.DateTimeFormat().resolvedOptions().timeZone}`],
  ];
  return facts.map(([no, name, value]) => ({ no, name, value }));
};

/** The diagnostics as lines to paste into a message. */
export const diagnosticsText = (facts: readonly Diagnostic[]): string =>
  facts.map(({ no, name, value }) => `${String(no).padStart(2)} ${name}: ${value}`).join('\n');

const gib = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

/** A home folder's name is often a person's. */
const withoutHome = (file: string): string => file.replace(os.homedir(), '~');

const countCrashReports = (folder: string): number => {
  try {
    return readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.dmp')).length;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0; // None was ever written.
    throw error;
  }
};
