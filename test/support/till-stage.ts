import type { Page } from 'playwright';
import { browserProblem } from './browser.ts';
import { openDesktopBench } from './desktop.ts';
import { desktopProblem, readLog } from './packed-app.ts';
import { testScreen } from './screen.ts';

/** A new till with its screen, wherever that screen is. */
export type TillStage = {
  readonly page: Page;
  /** SIGKILL, in the middle of whatever it does. It comes back by itself or is brought back. */
  readonly killDataProcess: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Where the same screens run: their name, why they cannot run here, and how they are opened. */
export const TILL_STAGES: readonly {
  readonly name: string;
  readonly problem: string | null;
  readonly open: () => Promise<TillStage>;
}[] = [
  { name: 'a till in Chromium', problem: browserProblem(), open: browserStage },
  { name: 'a till in the packed desktop app', problem: desktopProblem(), open: desktopStage },
];

async function browserStage(): Promise<TillStage> {
  const screen = await testScreen({ autosync: true });
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

async function desktopStage(): Promise<TillStage> {
  const bench = await openDesktopBench();
  const { page, folder } = await bench.start();
  return {
    page,
    killDataProcess: async () => {
      const ready = (await readLog(folder, 'main')).findLast(({ event }) => event === 'data process ready');
      process.kill(Number(ready?.pid), 'SIGKILL');
    },
    close: bench.close,
  };
}
