import path from 'node:path';

/** What the command line and the environment may say to the app. */
export type Options = {
  /** Where everything of this till is kept; null for the platform's usual place. */
  folder: string | null;
  /** A Vite server that serves the screens while they are being worked on. Never in a packed app. */
  devUrl: string | null;
  /** A Node ≥ 22 to run the data process with, where this Electron is too old for it. */
  node: string | null;
};

/** Reads `--folder=<dir>`, `TILLDOCK_DEV_URL` and `TILLDOCK_NODE`; Chromium's own switches are none of ours. */
export const readOptions = (
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  isPackaged: boolean,
): Options => {
  const folder = argv.find((argument) => argument.startsWith('--folder='))?.slice('--folder='.length);
  return {
    folder: folder ? path.resolve(folder) : null,
    devUrl: (!isPackaged && env.TILLDOCK_DEV_URL) || null,
    node: env.TILLDOCK_NODE || null,
  };
};
