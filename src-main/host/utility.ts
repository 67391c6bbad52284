import { type MessagePortMain, utilityProcess } from 'electron';
import type { StartDataProcess } from '../supervise.ts';
import { endInTime } from './end-in-time.ts';
import { hostMessageSchema } from './host-message.ts';
import type { OutputSink } from './output.ts';

/**
 * Runs the data process as Electron's utility process: Chromium's own sandboxed helper with Node in it. The
 * renderer's port is handed over whole, so its frames never pass through the main process.
 */
export const startAsUtilityProcess =
  (entry: string, args: readonly string[], keepOutput: OutputSink): StartDataProcess<MessagePortMain> =>
  (events) => {
    const child = utilityProcess.fork(entry, [...args], {
      serviceName: 'Tilldock data',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    keepOutput(child.stdout, child.stderr);
    child.on('message', (message: unknown) => {
      const parsed = hostMessageSchema.safeParse(message);
      if (!parsed.success) return;
      if (parsed.data.type === 'ready') events.onReady(parsed.data.state);
      if (parsed.data.type === 'disconnect') events.onPortClosed();
    });
    const gone = new Promise<void>((resolve) => {
      child.once('exit', (code) => {
        events.onExit({ code, signal: null });
        resolve();
      });
    });
    return {
      get pid() {
        return child.pid;
      },
      connect: (port) => child.postMessage({ type: 'connect' }, [port]),
      stop: () => endInTime(gone, [() => child.kill()]),
    };
  };
