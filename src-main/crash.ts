import { app, crashReporter, type WebContents } from 'electron';
import { describeError, type Log } from './log.ts';

/** A page that dies more often than this within a minute is left dead, so that it can be looked at. */
const mostReloads = 3;

/**
 * Keeps minidumps in the app's own crash folder and sends them nowhere; logs the end of every helper process;
 * loads the page again when its process dies. Must be called before the app is ready.
 */
export const keepCrashReports = (log: Log): void => {
  crashReporter.start({ uploadToServer: false, ignoreSystemCrashHandler: false });
  app.on('child-process-gone', (_event, { type, reason, exitCode, serviceName }) =>
    log(reason === 'clean-exit' ? 'info' : 'error', 'helper process gone', {
      type,
      reason,
      exit_code: exitCode,
      name: serviceName,
    }),
  );
  process.on('unhandledRejection', (problem) =>
    log('error', 'unhandled rejection', { problem: describeError(problem) }),
  );
  process.on('uncaughtException', (problem) => {
    log('error', 'uncaught exception', { problem: describeError(problem), stack: problem.stack });
    app.exit(70);
  });
};

/** Loads a page again when its process is gone: what was acknowledged is with the data process, not the page. */
export const reviveAfterCrash = (contents: WebContents, log: Log): void => {
  let recent: number[] = [];
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log('error', 'page gone', { reason, exit_code: exitCode });
    const now = performance.now();
    recent = [...recent.filter((at) => now - at < 60_000), now];
    if (reason === 'clean-exit') return;
    if (recent.length > mostReloads) return log('error', 'page dies again and again; left dead');
    contents.reload();
  });
  contents.on('unresponsive', () => log('warn', 'page unresponsive'));
  contents.on('responsive', () => log('info', 'page responsive again'));
  contents.on('did-fail-load', (_event, code, problem) =>
    log('error', 'page failed to load', { code, problem }),
  );
  contents.on('preload-error', (_event, _path, problem) =>
    log('error', 'preload failed', { problem: describeError(problem) }),
  );
};
