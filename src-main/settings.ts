import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import ElectronStore from 'electron-store';
import { z } from 'zod';
import { issuesOf } from '#shared/contract/problem.ts';
import { themeSchema } from '#shared/contract/shell.ts';

const windowPlaceSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(320).max(20_000),
  height: z.int().min(240).max(20_000),
  maximized: z.boolean(),
});

/** Where a window stood, in device-independent pixels. */
export type WindowPlace = z.infer<typeof windowPlaceSchema>;

/**
 * What this machine remembers of its window. The schema is strict, and no secret has a field in it: what the
 * terminal proves itself with lives in the data process's own files.
 */
const settingsSchema = z.strictObject({
  theme: themeSchema.default('system'),
  kiosk: z.boolean().default(false),
  window: windowPlaceSchema.nullable().default(null),
  /** Where copies of the ledger are kept, best on another disk; beside the ledger where null. */
  backups: z.string().min(1).nullable().default(null),
});
type Settings = z.infer<typeof settingsSchema>;

export type SettingsStore = {
  get(): Settings;
  /** Keeps the change on disk before it answers. */
  change(change: Partial<Settings>): Settings;
  /** Where a damaged file was put aside at this start, and what was wrong with it. */
  damage: { file: string; problem: string } | null;
};

/**
 * Opens `settings.json` in `folder`. A file that is not JSON or not settings is renamed to
 * `settings.json.damaged-<time>`, reported in `damage`, and the defaults take its place: a till must start.
 */
export const openSettings = (folder: string, now: () => Date = () => new Date()): SettingsStore => {
  const file = path.join(folder, 'settings.json');
  const read = readSettings(file);
  let damage: SettingsStore['damage'] = null;
  if ('problem' in read) {
    const aside = `${file}.damaged-${now().toISOString().replaceAll(/[:.]/g, '-')}`;
    renameSync(file, aside);
    damage = { file: aside, problem: read.problem };
  }

  const store = new ElectronStore<Record<string, unknown>>({
    cwd: folder,
    name: 'settings',
    clearInvalidConfig: false,
    configFileMode: 0o600,
  });
  let settings = 'settings' in read ? read.settings : settingsSchema.parse({});

  return {
    get: () => settings,
    change: (change) => {
      settings = settingsSchema.parse({ ...settings, ...change });
      store.store = { ...settings };
      return settings;
    },
    damage,
  };
};

const readSettings = (file: string): { settings: Settings } | { problem: string } => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { settings: settingsSchema.parse({}) };
    }
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { problem: 'is not JSON' };
  }
  const parsed = settingsSchema.safeParse(json);
  return parsed.success
    ? { settings: parsed.data }
    : {
        problem: issuesOf(parsed.error)
          .map(({ path: at, message }) => `${at === '' ? 'settings' : at} ${message}`)
          .join('; '),
      };
};
