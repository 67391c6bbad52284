import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import { RequestHeadersPlugin } from '@orpc/server/plugins';
import type { Logger } from 'pino';
import { type DataArguments, readArguments } from './arguments.ts';
import { startBackups } from './backup/start-backups.ts';
import { nowOf, systemClock } from './clock.ts';
import { keepDoor } from './door/keep.ts';
import { openLog } from './log.ts';
import { openOffice } from './office/office.ts';
import { openCatalog, openLedger, type Recovery } from './open.ts';
import { attachToHost } from './ports.ts';
import { type CallContext, type OpenTill, router } from './router.ts';
import { startSync } from './sync/start-sync.ts';
import type { Till } from './till.ts';

/**
 * The data process: the only writer of the two files. Started as `process.ts --folder=PATH [--backups=PATH] [--autosync=false]
 * [--door=PORT --door-files=PATH]` by Electron as a utility process, or by a Node parent over IPC. It says `{type: 'ready', state}` when the files
 * are open, and serves the till contract on every port that it is given and, with `--door`, to browser screens.
 */
function main(): void {
  const log = openLog(process.env.TILLDOCK_LOG);
  process.on('uncaughtException', (error) => {
    // Whatever state this process is in now, the files are in the one of the last commit.
    log.fatal({ err: error }, 'the data process ends because of an error that nobody handled');
    process.exit(1);
  });
  const args = readArguments(process.argv.slice(2));
  const opened = open(args, log);
  const handler = new RPCHandler<CallContext>(router, { plugins: [new RequestHeadersPlugin()] });
  const serve = (port: SupportedMessagePort) => handler.upgrade(port, { context: { opened } });
  const host = attachToHost(serve, log);
  const { door, 'door-files': files } = args;
  if (door !== undefined && files !== undefined) keepDoor({ port: door, files, log }, serve, host);

  const end = () => {
    if ('till' in opened) close(opened).then(() => process.exit(0));
    else process.exit(0);
  };
  host.onGone(end);
  process.once('SIGTERM', end);
  host.say('till' in opened ? { type: 'ready', state: 'ok' } : { type: 'ready', state: 'recovery' });
}

function open({ folder, backups, autosync }: DataArguments, log: Logger): OpenTill | { recovery: Recovery } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = systemClock();
  const found = openLedger(folder, nowOf(clock));
  if ('recovery' in found) {
    log.error({ recovery: found.recovery }, 'the ledger cannot be opened');
    return found;
  }
  const { catalog, problem } = openCatalog(folder, nowOf(clock));
  if (problem) log.error({ problem }, 'the catalogue was damaged');
  const till: Till = { ledger: found.ledger, catalog, clock, log, committed: () => sync.wake() };
  const sync = startSync(till, folder, { autosync, catalogProblem: problem });
  const app_version = appVersion();
  return {
    till,
    sync,
    office: openOffice(till, app_version),
    backups: startBackups(till, backups ?? join(folder, 'backups')),
    app_version,
  };
}

async function close({ till, sync, office, backups }: OpenTill): Promise<void> {
  await Promise.all([sync.stop(), office.close(), backups.stop()]);
  till.ledger.close();
  till.catalog.close();
}

function appVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}

// In the built app a thread of this process loads this same file for the work that it was started for.
if (isMainThread) main();
