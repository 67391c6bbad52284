import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { z } from 'zod';
import type { tillContract } from '#shared/contract/till.ts';
import { type ChannelPort, channelPort } from './ports.ts';

/** The till contract as a screen, a test or the demo calls it. */
export type TillClient = ContractRouterClient<typeof tillContract>;

/** One caller with a session of its own. */
export type Connection = {
  client: TillClient;
  /** The token that `people.signIn` gave; null to go on without. */
  setSession(session: string | null): void;
  /** The handle that `office.signIn` gave; null to go on without. */
  setOfficeSession(handle: string | null): void;
  close(): void;
};

export type DataProcess = {
  readonly pid: number;
  /** Whether the ledger could be opened; in `recovery` every call is refused with the reason. */
  readonly state: 'ok' | 'recovery';
  connect(): Connection;
  /** Where one browser tab may come in, once. @throws where the door could not be opened */
  doorAddress(): Promise<string>;
  kill(signal?: NodeJS.Signals): void;
  /** Settles when the process is gone; calls under way then fail. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

const sayingSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), state: z.enum(['ok', 'recovery']) }),
  z.object({ type: z.literal('data'), channel: z.int(), data: z.unknown() }),
  z.object({ type: z.literal('door'), address: z.url() }),
  z.object({ type: z.literal('door-shut'), problem: z.string() }),
]);

/** better-sqlite3 13 wants Node-API 10, and the sources run unbuilt. */
const OLDEST_NODE = 22;

/**
 * Starts the data process as a child of this Node, and waits until its files are open.
 * @param execPath the Node to run it with; the one at hand where absent
 * @throws where the runtime is too old, or the process ends before it is ready
 */
export async function forkDataProcess(options: {
  folder: string;
  autosync?: boolean;
  execPath?: string;
  /** A module that this Node loads before anything else. */
  preload?: URL;
  /** Opens the door for browser screens on a loopback port (0: any), with the built screens of a folder. */
  door?: { port: number; files: string };
  /** Takes the child's log, from the finest level on; it goes to this process's standard error otherwise. */
  onLog?: (text: string) => void;
}): Promise<DataProcess> {
  const { folder, autosync = true, execPath, preload, door, onLog } = options;
  const major = Number(process.versions.node.split('.')[0]);
  if (!execPath && major < OLDEST_NODE) {
    throw new Error(
      `The data process needs Node ${OLDEST_NODE} or later, and this is ${process.version}. Start it through npm, which brings its own.`,
    );
  }
  const child = fork(
    fileURLToPath(new URL('process.ts', import.meta.url)),
    [
      `--folder=${folder}`,
      `--autosync=${autosync}`,
      ...(door ? [`--door=${door.port}`, `--door-files=${door.files}`] : []),
    ],
    {
      serialization: 'advanced',
      execArgv: preload ? [`--import=${preload.href}`] : [],
      // In a group of its own: Ctrl-C in the terminal is its parent's, at whose end it ends by itself.
      detached: true,
      ...(onLog
        ? {
            stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
            env: { ...process.env, TILLDOCK_LOG: 'trace' },
          }
        : {}),
      ...(execPath ? { execPath } : {}),
    },
  );
  child.stderr?.on('data', (bytes: Buffer) => onLog?.(bytes.toString('utf8')));
  const channels = new Map<number, ChannelPort>();
  const doorAskers: PromiseWithResolvers<string>[] = [];
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const channel of channels.values()) channel.close();
      channels.clear();
      for (const asker of doorAskers) asker.reject(new Error('The data process is gone.'));
      resolve({ code, signal });
    });
  });
  const state = await new Promise<'ok' | 'recovery'>((resolve, reject) => {
    child.once('error', reject);
    exited.then(({ code, signal }) =>
      reject(new Error(`The data process ended before it was ready (${signal ?? `code ${code}`}).`)),
    );
    child.on('message', (raw: unknown) => {
      const said = sayingSchema.parse(raw);
      if (said.type === 'ready') resolve(said.state);
      else if (said.type === 'door') doorAskers.shift()?.resolve(said.address);
      else if (said.type === 'door-shut') doorAskers.shift()?.reject(new Error(said.problem));
      else channels.get(said.channel)?.receive(said.data);
    });
  });

  let lastChannel = 0;
  const send = (message: object) => {
    if (!child.connected) throw new Error('The data process is gone.');
    // Lost with a process that dies just now: the call fails when its port closes.
    child.send(message, () => {});
  };
  return {
    pid: child.pid ?? 0,
    state,
    exited,
    doorAddress: async () => {
      if (!door) throw new Error('The data process was started without a door.');
      const asker = Promise.withResolvers<string>();
      doorAskers.push(asker);
      send({ type: 'door' });
      return asker.promise;
    },
    kill: (signal = 'SIGTERM') => {
      child.kill(signal);
    },
    connect: () => {
      lastChannel += 1;
      const channel = lastChannel;
      const opened = channelPort((data) => send({ type: 'data', channel, data }));
      channels.set(channel, opened);
      send({ type: 'connect', channel });
      const sessions: Record<string, string> = {};
      const link = new RPCLink({ port: opened.port, headers: () => sessions });
      const carry = (header: string, value: string | null) => {
        if (value === null) delete sessions[header];
        else sessions[header] = value;
      };
      return {
        client: createORPCClient<TillClient>(link),
        setSession: (token) => carry('x-session', token),
        setOfficeSession: (handle) => carry('x-office', handle),
        close: () => {
          channels.delete(channel);
          opened.close();
          send({ type: 'disconnect', channel });
        },
      };
    },
  };
}
