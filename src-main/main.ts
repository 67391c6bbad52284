import path from 'node:path';
import { app, type BrowserWindow, Menu, type MessagePortMain } from 'electron';
import type { DataState } from '#shared/contract/shell.ts';
import { keepCrashReports, reviveAfterCrash } from './crash.ts';
import { openPortDesk } from './data-port.ts';
import { gatherDiagnostics } from './diagnostics.ts';
import { guardPages } from './guard.ts';
import { chooseHost } from './host/choose.ts';
import { answerPreload } from './ipc.ts';
import { describeError, type Log, openLog } from './log.ts';
import { readOptions } from './options.ts';
import { placesIn } from './places.ts';
import { declareAppScheme, serveAppScheme } from './protocol.ts';
import { runSalvage, salvageArguments } from './salvage.ts';
import { openSettings } from './settings.ts';
import { type Supervisor, superviseDataProcess } from './supervise.ts';
import { loadScreens, openWindow, showWindow } from './window.ts';

const options = readOptions(process.argv, process.env, app.isPackaged);
// Before anything asks for a path or for the lock, both of which belong to the folder.
if (options.folder !== null) app.setPath('userData', options.folder);

const salvage = salvageArguments(process.argv);
if (salvage !== null) beginSalvage(salvage);
else if (app.requestSingleInstanceLock()) begin();
else app.quit(); // The first instance hears of it and shows its window.

/** `tilldock salvage …`: beside a till that runs, too. */
function beginSalvage(args: readonly string[]): void {
  app
    .whenReady()
    .then(() => runSalvage(placesIn(app.getAppPath()).data, args, options.node))
    .then(
      (code) => app.exit(code),
      (problem: unknown) => {
        process.stderr.write(`${describeError(problem)}\n`);
        app.exit(1);
      },
    );
}

function begin(): void {
  const logs = path.join(app.getPath('userData'), 'logs');
  const log = openLog(logs, 'main');
  log('info', 'started', { version: app.getVersion(), electron: process.versions.electron });
  keepCrashReports(log);
  declareAppScheme();
  Menu.setApplicationMenu(null);
  void app.whenReady().then(() => run(log, openLog(logs, 'data')));
}

function run(log: Log, dataLog: Log): void {
  const settings = openSettings(app.getPath('userData'));
  if (settings.damage !== null) log('error', 'settings damaged', settings.damage);
  const places = placesIn(app.getAppPath());
  guardPages(log);
  serveAppScheme(places.renderer, options.devUrl);

  const window = openWindow(settings, places.preload);
  reviveAfterCrash(window.webContents, log);
  app.on('second-instance', () => showWindow(window));

  const host = chooseHost({
    entry: places.data,
    args: [
      `--folder=${path.join(app.getPath('userData'), 'data')}`,
      ...(settings.get().backups === null ? [] : [`--backups=${settings.get().backups}`]),
    ],
    named: options.node,
    dataLog,
    log,
  });
  const supervisor = superviseDataProcess<MessagePortMain>(host.start, {
    onState: (state) => {
      tell(window, state);
      if (state.state === 'ready') desk.give();
    },
    onPortClosed: () => desk.give(),
    log,
  });
  const desk = openPortDesk(supervisor, log);

  answerPreload({
    window,
    settings,
    desk,
    tellState: () => tell(window, supervisor.state()),
    diagnostics: () =>
      gatherDiagnostics({
        settings,
        data: { state: supervisor.state(), host: host.name, ...supervisor.history() },
      }),
    log,
  });
  quitWithData(supervisor, log);
  loadScreens(window).catch((problem: unknown) =>
    log('error', 'screens could not be loaded', { problem: describeError(problem) }),
  );
}

function tell(window: BrowserWindow, state: DataState): void {
  if (!window.isDestroyed()) window.webContents.send('shell:state', state);
}

/** Lets the data process finish what it is at before the app ends. */
function quitWithData(supervisor: Supervisor<MessagePortMain>, log: Log): void {
  let stopped = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void supervisor
      .stop()
      .catch((problem: unknown) =>
        log('error', 'data process not stopped', { problem: describeError(problem) }),
      )
      .finally(() => {
        stopped = true;
        log('info', 'ended');
        // Not from within the event: Electron takes no second quit before the first is called off.
        setImmediate(() => app.quit());
      });
  });
}
