import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('../../server/worker.ts', import.meta.url));

/** `npm run worker` as a process of its own. */
export type WorkerRun = {
  readonly process: ChildProcess;
  /** Once it works the queue. */
  readonly working: Promise<void>;
  /** Its exit code, or the signal that ended it, and what it said. */
  readonly ended: Promise<{ code: number | NodeJS.Signals | null; said: string }>;
};

export function runWorker(environment: NodeJS.ProcessEnv): WorkerRun {
  const child = fork(WORKER, [], {
    env: { PATH: process.env.PATH, TILLDOCK_LOG: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
  }
  const ended = new Promise<{ code: number | NodeJS.Signals | null; said: string }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code: code ?? signal, said }));
  });
  const working = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    ended.then(({ said: last }) => reject(new Error(`it ended before it worked: ${last}`)));
  });
  // Whoever only waits for the end need not hear of it twice.
  working.catch(() => {});
  return { process: child, working, ended };
}
