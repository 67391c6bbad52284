import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The central server as a process of its own, which is really stopped and started again. */
export type ServerProcess = {
  readonly url: string;
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));
const listeningSchema = z.object({ type: z.literal('listening'), address: z.url() });

/** @param port 0 for a free one; the same one again keeps the address that the till knows */
export async function startServer(databaseUrl: string, data: string, port: number): Promise<ServerProcess> {
  const child = fork(MAIN, [], {
    env: {
      ...process.env,
      NODE_ENV: 'development',
      DATABASE_URL: databaseUrl,
      DATABASE_OWNER_URL: databaseUrl,
      TILLDOCK_DATA: data,
      TILLDOCK_HOST: '127.0.0.1',
      TILLDOCK_PORT: String(port),
      TILLDOCK_LOG: 'error',
    },
    // In a group of its own: Ctrl-C reaches the demo, which ends its parts in order.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The server ended before it listened (code ${code}).`)));
    child.on('message', (message) => {
      const read = listeningSchema.safeParse(message);
      if (read.success) resolve(read.data.address);
    });
  });
  return { url, pid: child.pid ?? 0, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await exited;
}
