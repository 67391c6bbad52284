import { isMainThread } from 'node:worker_threads';
import type { SupportedMessagePort } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import { RequestHeadersPlugin } from '@orpc/server/plugins';
import { readArguments } from './arguments.ts';
import { backupFolder } from './backup/backup-place.ts';
import { keepDoor } from './door/keep.ts';
import { openLog } from './log.ts';
import { attachToHost } from './ports.ts';
import { type CallContext, router } from './router.ts';
import { salvageCommand } from './salvage/salvage-command.ts';
import { openPlace, type TillPlace } from './till-place.ts';

/**
 * The data process: the only writer of the two files. Started as `process.ts --folder=PATH [--backups=PATH] [--autosync=false]
 * [--door=PORT --door-files=PATH]` by Electron as a utility process, or by a Node parent over IPC. It says `{type: 'ready', state}`
 * each time that the files were opened, and serves the till contract on every port that it is given and, with `--door`, to
 * browser screens.
 */
function main(): void {
  const log = openLog(process.env.TILLDOCK_LOG);
  process.on('uncaughtException', (error) => {
    // Whatever state this process is in now, the files are in the one of the last commit.
    log.fatal({ err: error }, 'the data process ends because of an error that nobody handled');
    process.exit(1);
  });
  const asked = readArguments(process.argv.slice(2));
  const args = { ...asked, backups: backupFolder(asked.folder, asked.backups) };
  const sayReady = (opened: TillPlace) =>
    host.say({ type: 'ready', state: 'till' in opened.opened() ? 'ok' : 'recovery' });
  const place = openPlace(args, log, sayReady);
  const handler = new RPCHandler<CallContext>(router, { plugins: [new RequestHeadersPlugin()] });
  const serve = (port: SupportedMessagePort) => handler.upgrade(port, { context: { place } });
  const host = attachToHost(serve, log);
  const { door, 'door-files': files } = args;
  if (door !== undefined && files !== undefined) keepDoor({ port: door, files, log }, serve, host);

  const end = () => void place.close().then(() => process.exit(0));
  host.onGone(end);
  process.once('SIGTERM', end);
  sayReady(place);
}

// In the built app a thread of this process loads this same file for the work that it was started for.
if (isMainThread) {
  const [command, ...args] = process.argv.slice(2);
  // `salvage` needs no till: where a ledger is damaged there may be none.
  if (command === 'salvage') process.exitCode = await salvageCommand(args);
  else main();
}
