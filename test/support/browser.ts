import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright';

/** The Chromium of the tests: the one that the environment names, else Debian's. */
const program = process.env.TILLDOCK_CHROMIUM ?? '/usr/bin/chromium';

/** Why no browser can be started here; null if one can. Never downloads one to find out. */
export const browserProblem = (): string | null =>
  existsSync(program) ? null : `there is no Chromium at ${program}, and TILLDOCK_CHROMIUM names no other`;

/** Starts Chromium so that it runs as root in a container, and reaches out to nobody. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: program,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
