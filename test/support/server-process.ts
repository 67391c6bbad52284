import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

/** `npm run server` as a process of its own, with an embedded PostgreSQL in a folder. */
export type ServerRun = {
  readonly process: ChildProcess;
  /** Its address, once it listens. */
  readonly listening: Promise<string>;
  /** Its exit code and what it said, once it has ended. */
  readonly ended: Promise<{ code: number | null; said: string }>;
};

export function runServer(folder: string, environment: NodeJS.ProcessEnv = {}): ServerRun {
  const child = fork(MAIN, [], {
    env: {
      PATH: process.env.PATH,
      TILLDOCK_DATA: folder,
      TILLDOCK_PORT: '0',
      TILLDOCK_LOG: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  }
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, said }));
  });
  const listening = new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { address: string }).address));
    ended.then(({ said: last }) => reject(new Error(`it ended before it listened: ${last}`)));
  });
  listening.catch(() => {});
  return { process: child, listening, ended };
}
