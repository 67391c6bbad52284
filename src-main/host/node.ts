import { fork } from 'node:child_process';
import { openFrameGate } from '../frame-gate.ts';
import type { Log } from '../log.ts';
import type { StartDataProcess } from '../supervise.ts';
import { endInTime } from './end-in-time.ts';
import { hostMessageSchema } from './host-message.ts';
import type { OutputSink } from './output.ts';

/** What of an Electron `MessagePortMain` the relay uses. */
export type RelayedPort = {
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
};

type NodeChildOptions = {
  node: string;
  entry: string;
  args: readonly string[];
  keepOutput: OutputSink;
  log: Log;
};

/**
 * Runs the data process as a child of a newer Node than the one in this Electron, because better-sqlite3 wants
 * Node-API 10. A Node child cannot take a port, so each port's frames are relayed over the one IPC channel under
 * the port's number.
 */
export const startAsNodeChild =
  ({ node, entry, args, keepOutput, log }: NodeChildOptions): StartDataProcess<RelayedPort> =>
  (events) => {
    const child = fork(entry, [...args], {
      execPath: node,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: childEnvironment(),
    });
    keepOutput(child.stdout, child.stderr);

    const ports = new Map<number, RelayedPort>();
    let lastChannel = 0;
    // A frame to a child that has just died is lost like the child: the renderer is told by the port's end.
    const send = (message: object) => {
      if (child.connected) child.send(message, (error) => error && log('warn', 'frame not delivered', {}));
    };

    const closePort = (channel: number): boolean => {
      ports.get(channel)?.close();
      return ports.delete(channel);
    };

    child.on('message', (message: unknown) => {
      const parsed = hostMessageSchema.safeParse(message);
      if (!parsed.success) return log('warn', 'data process sent an unknown message');
      const said = parsed.data;
      if (said.type === 'ready') events.onReady(said.state);
      else if (said.type === 'data') ports.get(said.channel)?.postMessage(said.data);
      else if (closePort(said.channel)) events.onPortClosed();
    });

    const gone = new Promise<void>((resolve) => {
      const ended = (code: number | null, signal: string | null) => {
        for (const port of ports.values()) port.close();
        ports.clear();
        events.onExit({ code, signal });
        resolve();
      };
      child.once('exit', ended);
      // Emitted instead of `exit` if there is no such program.
      child.once('error', (error) => {
        log('error', 'data process failed', { problem: error.message });
        if (child.pid === undefined) ended(null, null);
      });
    });

    return {
      get pid() {
        return child.pid;
      },
      connect: (port) => {
        lastChannel += 1;
        const channel = lastChannel;
        ports.set(channel, port);
        send({ type: 'connect', channel });
        const gate = openFrameGate();
        port.on('message', ({ data }) => {
          if (!ports.has(channel)) return;
          const refusal = gate(data);
          if (refusal === null) return send({ type: 'data', channel, data });
          log('warn', 'port closed for its frames', { refusal });
          closePort(channel);
          send({ type: 'disconnect', channel });
          events.onPortClosed();
        });
        port.on('close', () => {
          if (ports.delete(channel)) send({ type: 'disconnect', channel });
        });
        port.start();
      },
      stop: () =>
        endInTime(gone, [
          () => child.connected && child.disconnect(),
          () => child.kill('SIGTERM'),
          () => child.kill('SIGKILL'),
        ]),
    };
  };

/** The child needs nothing of Electron's and must not be led astray by it. */
const childEnvironment = (): NodeJS.ProcessEnv => {
  const { ELECTRON_RUN_AS_NODE: _asNode, NODE_OPTIONS: _options, ...rest } = process.env;
  return rest;
};
