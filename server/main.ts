import { buildApp } from './app.ts';
import { openCentral, readSecret } from './central.ts';
import { ConfigError, readConfig } from './config.ts';
import { requireRuntime } from './runtime.ts';

requireRuntime();

/** Starts the central server and tells where it is; ends in order on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const central = await openCentral(config);
  const app = await buildApp({ db: central.db, secret: await readSecret(config), config });
  let ending = false;
  const end = async (signal: NodeJS.Signals) => {
    if (ending) return;
    ending = true;
    app.log.info({ signal }, 'ending');
    await app.close();
    await central.close();
    process.exit(0);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  const address = await app.listen({ host: config.TILLDOCK_HOST, port: config.TILLDOCK_PORT });
  process.stdout.write(`Tilldock server: ${address} (documentation at ${address}/docs)\n`);
  process.send?.({ type: 'listening', address });
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) process.stderr.write(`The configuration is wrong:\n${error.message}\n`);
  else
    process.stderr.write(
      `The server could not start: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
    );
  process.exit(1);
});
