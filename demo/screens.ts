import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer } from 'vite';
import { forkDataProcess } from '../src-main/data/client.ts';
import type { ElectronRuntime } from './electron-runtime.ts';
import { note } from './progress.ts';

const PROJECT = resolve(import.meta.dirname, '..');

/** A till screen that is being shown. `closed` settles when the person has closed it. */
export type Screen = { readonly closed: Promise<void>; readonly close: () => Promise<void> };

/** Enrols the till kept in `folder`, unless it is enrolled already, and fetches its goods and people. */
export async function enrolOnce(
  folder: string,
  serverUrl: string,
  newCode: () => Promise<string>,
): Promise<void> {
  const till = await forkDataProcess({ folder, autosync: false });
  try {
    const { client } = till.connect();
    const { terminal } = await client.terminal.state();
    if (terminal) return;
    await client.terminal.enrol({ server_url: serverUrl, code: await newCode(), name: 'Front till' });
    const { items } = await client.sync.run();
    note(`Enrolled the till; it holds ${items} items.`);
  } finally {
    till.kill();
    await till.exited;
  }
}

/** Shows the till in a window of its own. `devUrl` is a Vite server to take the screens from. */
export function openWindow(runtime: ElectronRuntime, folder: string, devUrl: string | null): Screen {
  const child = spawn(runtime.program, [...runtime.args, `--folder=${folder}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      TILLDOCK_NODE: process.execPath,
      ...(devUrl === null ? {} : { TILLDOCK_DEV_URL: devUrl }),
    },
  });
  const closed = new Promise<void>((settle, reject) => {
    child.once('error', reject);
    child.once('exit', () => settle());
  });
  return {
    closed,
    close: async () => {
      child.kill();
      await closed;
    },
  };
}

/** Shows the till in whatever browser is pointed at the address that this prints. */
export async function openBrowserScreen(folder: string): Promise<Screen> {
  const till = await forkDataProcess({
    folder: join(folder, 'data'),
    door: { port: 0, files: join(PROJECT, 'dist/app/src-renderer') },
  });
  const tell = async () =>
    note(
      `\nOpen the till in a browser on this machine, once, within 15 minutes:\n  ${await till.doorAddress()}`,
    );
  await tell();
  if (process.stdin.isTTY) {
    note('Press Enter for another address.');
    createInterface({ input: process.stdin }).on('line', () => void tell());
  }
  return {
    closed: till.exited.then(() => {}),
    close: async () => {
      till.kill();
      await till.exited;
    },
  };
}

/** Serves the screens' sources with hot reload. */
export async function serveSources(): Promise<{ url: string; close: () => Promise<void> }> {
  const server = await createServer({
    configFile: join(PROJECT, 'src-renderer/vite.config.ts'),
    server: { host: '127.0.0.1', port: 5173, hmr: { host: '127.0.0.1', protocol: 'ws' } },
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('Vite tells no address');
  return { url, close: () => server.close() };
}
