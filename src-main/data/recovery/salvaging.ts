import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SalvageState } from '#shared/contract/recovery.ts';
import { FILES } from '../open.ts';
import { openSalvageFile, removeSalvageFile, type SalvageFile } from '../salvage/salvage-file.ts';
import { type RunningSalvage, startSalvage } from '../salvage/start-salvage.ts';
import { summarise } from '../salvage/summarise.ts';
import { finishSettingAside, newestAside } from './set-aside.ts';

/** The reading of the damaged ledger of a folder. */
export type Salvaging = {
  state(): SalvageState;
  /** Reads it from the beginning; settles when that is done, called off or has failed. */
  read(): Promise<void>;
  cancel(): void;
  /** Hands what was read to `use`; null where nothing was. */
  withFound<Outcome>(use: (found: SalvageFile | null) => Outcome): Outcome;
  /** Removes what was read: it is in a ledger now. */
  forget(): void;
};

/** What was read; it can be made again at any time. */
const FOUND = 'ledger.salvage';

export function newSalvaging(folder: string): Salvaging {
  const found = join(folder, FOUND);
  let state: SalvageState = { phase: 'missing' };
  let running: RunningSalvage | null = null;
  return {
    state: () => state,
    read: async () => {
      running?.cancel();
      finishSettingAside(folder);
      const from = ledgerToRead(folder);
      if (from === null) {
        state = { phase: 'missing' };
        return;
      }
      state = { phase: 'reading', done: 0, total: 0 };
      const mine = startSalvage(from, found, (progress) => {
        if (running === mine) state = { phase: 'reading', ...progress };
      });
      running = mine;
      let next: SalvageState;
      try {
        const done = await mine.done;
        next = done ? { phase: 'done', found: summaryOf(found) } : { phase: 'cancelled' };
      } catch (error) {
        next = { phase: 'failed', message: error instanceof Error ? error.message : String(error) };
      }
      if (running === mine) state = next;
    },
    cancel: () => running?.cancel(),
    withFound: (use) => {
      if (state.phase !== 'done') return use(null);
      const file = openSalvageFile(found);
      try {
        return use(file);
      } finally {
        file.close();
      }
    },
    forget: () => removeSalvageFile(found),
  };
}

function summaryOf(path: string) {
  const file = openSalvageFile(path);
  try {
    return summarise(file);
  } finally {
    file.close();
  }
}

/** The damaged ledger: in its place, or where a restore that was cut short has put it. */
function ledgerToRead(folder: string): string | null {
  const path = join(folder, FILES.ledger);
  if (existsSync(path)) return path;
  const aside = newestAside(folder);
  if (aside !== null) return join(folder, aside);
  return existsSync(`${path}-wal`) ? path : null;
}
