import { pino } from 'pino';
import { openCentral } from './central.ts';
import { readConfig } from './config.ts';
import { startWork } from './jobs/work.ts';
import { openPost } from './mail/post.ts';
import { type Running, runUntilSignal } from './run-until-signal.ts';
import { requireRuntime } from './runtime.ts';

requireRuntime();

/** `npm run worker`: works the queue of jobs in a process of its own, beside servers with `TILLDOCK_WORKER=off`. */
async function start(): Promise<Running> {
  const config = readConfig(process.env);
  const central = await openCentral(config);
  const log = pino({ level: config.TILLDOCK_LOG });
  const worker = await startWork({ db: central.db, post: openPost(config), log });
  process.stdout.write('Tilldock worker: at work\n');
  process.send?.({ type: 'working' });
  return {
    end: async () => {
      await worker.stop();
      await central.close();
    },
  };
}

runUntilSignal('worker', start);
