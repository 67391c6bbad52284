import { buildApp } from './app.ts';
import { openCentral, readSecret } from './central.ts';
import { readConfig } from './config.ts';
import { startWork } from './jobs/work.ts';
import { openPost } from './mail/post.ts';
import { requireKnownZones } from './people/known-zones.ts';
import { type Running, runUntilSignal } from './run-until-signal.ts';
import { requireRuntime } from './runtime.ts';
import { requireSafe } from './sync/safe.ts';

requireRuntime();

/** Starts the central server, with a worker unless that is a process of its own, and tells where it is. */
async function start(): Promise<Running> {
  const config = readConfig(process.env);
  const central = await openCentral(config);
  await requireKnownZones(central.db);
  await requireSafe(central.db, config.TILLDOCK_SAFE);
  const app = await buildApp({ db: central.db, secret: await readSecret(config), config });
  const address = await app.listen({ host: config.TILLDOCK_HOST, port: config.TILLDOCK_PORT });
  const worker =
    config.TILLDOCK_WORKER === 'on'
      ? await startWork({ db: central.db, post: openPost(config), log: app.log })
      : undefined;
  process.stdout.write(`Tilldock server: ${address} (documentation at ${address}/docs)\n`);
  process.send?.({ type: 'listening', address });
  return {
    end: async () => {
      await Promise.all([app.close(), worker?.stop()]);
      await central.close();
    },
  };
}

runUntilSignal('server', start);
