import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { browserProblem } from './browser.ts';
import { type DesktopBench, openDesktopBench } from './desktop.ts';
import { desktopProblem, readLog } from './packed-app.ts';
import { testScreen } from './screen.ts';

/** A till with its screen, wherever that screen is. */
export type TillStage = {
  readonly page: Page;
  /** SIGKILL, in the middle of whatever it does. It comes back by itself or is brought back. */
  readonly killDataProcess: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Prepare = (folder: string) => Promise<void>;

/** Where the same screens run: their name, why they cannot run here, and how they are opened. */
export const TILL_STAGES: readonly {
  readonly name: string;
  readonly problem: string | null;
  /** A new till, or one into whose folder something was put before it started. */
  readonly open: (prepare?: Prepare) => Promise<TillStage>;
}[] = [
  { name: 'a till in Chromium', problem: browserProblem(), open: browserStage },
  { name: 'a till in the packed desktop app', problem: desktopProblem(), open: desktopStage },
];

async function browserStage(prepare?: Prepare): Promise<TillStage> {
  const screen = await testScreen({ autosync: true, ...(prepare && { prepare }) });
  const page = await screen.open();
  return {
    page,
    killDataProcess: async () => {
      await screen.crash();
      // A new process knows no visitor of the one before: whoever is at the terminal lets the page in again.
      const turnedAway = page.getByText('This screen is not connected to a till');
      await turnedAway.waitFor();
      await page.goto(await screen.address());
      await turnedAway.waitFor({ state: 'detached' });
    },
    close: screen.close,
  };
}

/** A till in the packed app, in a window of its own. */
export async function desktopStage(prepare?: Prepare): Promise<TillStage> {
  const bench = await openDesktopBench();
  try {
    return await startTill(bench, prepare);
  } catch (error) {
    await bench.close();
    throw error;
  }
}

async function startTill(bench: DesktopBench, prepare?: Prepare): Promise<TillStage> {
  const folder = await bench.newFolder();
  const data = join(folder, 'data');
  await mkdir(data);
  await prepare?.(data);
  const { page } = await bench.start(folder);
  return {
    page,
    killDataProcess: async () => {
      const ready = (await readLog(folder, 'main')).findLast(({ event }) => event === 'data process ready');
      process.kill(Number(ready?.pid), 'SIGKILL');
    },
    close: bench.close,
  };
}
