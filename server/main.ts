import { buildApp } from './app.ts';
import { openCentral, readSecret } from './central.ts';
import { readConfig } from './config.ts';
import { failureText } from './failure.ts';
import { requireRuntime } from './runtime.ts';

requireRuntime();

/** An orderly end takes as long as the slowest request; one that takes longer is cut off. */
const PATIENCE_MS = 15_000;

type Started = { readonly end: () => Promise<void> };

/** Starts the central server and tells where it is. */
async function start(): Promise<Started> {
  const config = readConfig(process.env);
  const central = await openCentral(config);
  const app = await buildApp({ db: central.db, secret: await readSecret(config), config });
  const address = await app.listen({ host: config.TILLDOCK_HOST, port: config.TILLDOCK_PORT });
  process.stdout.write(`Tilldock server: ${address} (documentation at ${address}/docs)\n`);
  process.send?.({ type: 'listening', address });
  return {
    end: async () => {
      await app.close();
      await central.close();
    },
  };
}

/** Ends in order on SIGINT, SIGTERM and SIGHUP; at once while it is still starting. */
function endOnSignal(): void {
  let ending = false;
  const end = async () => {
    // npm and a terminal may each pass Ctrl-C on.
    if (ending) return;
    ending = true;
    setTimeout(() => {
      process.stderr.write('The server did not end in time and was cut off.\n');
      process.exit(1);
    }, PATIENCE_MS).unref();
    await started?.end();
    // The embedded PostgreSQL ends with the process, where it did not end before.
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => end().catch(fail));
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${failureText(error)}\n`);
  process.exit(1);
}

let started: Started | undefined;
endOnSignal();
start().then((value) => {
  started = value;
}, fail);
