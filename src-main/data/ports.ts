import type { SupportedMessagePort } from '@orpc/client/message-port';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type GateablePort, gatePort } from '../frame-gate.ts';

/** What the parent sends to a Node child. Frames of many ports share the one IPC channel, under numbers. */
const hostMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connect'), channel: z.int() }),
  z.object({ type: z.literal('data'), channel: z.int(), data: z.unknown() }),
  z.object({ type: z.literal('disconnect'), channel: z.int() }),
  /** Asks for a new address of the door for browser screens. */
  z.object({ type: z.literal('door') }),
]);

/** The two halves of a port: what the contract's handler holds, and how frames get into it. */
export type ChannelPort = {
  port: Extract<SupportedMessagePort, { on: unknown }>;
  receive(data: unknown): void;
  close(): void;
};

/** A port made of a function that sends; the other side's frames are put into `receive`. */
export function channelPort(send: (data: unknown) => void): ChannelPort {
  const listeners: { event: string; call: (event?: { data: unknown }) => void }[] = [];
  const emit = (event: string, carried?: { data: unknown }) => {
    for (const listener of listeners) if (listener.event === event) listener.call(carried);
  };
  return {
    port: {
      on: (event, call) => {
        listeners.push({ event, call });
      },
      postMessage: send,
    },
    receive: (data) => emit('message', { data }),
    close: () => emit('close'),
  };
}

/** Who hosts this process: hands out each port that a screen opens, and hears what the process has to say. */
export type Host = {
  say(message: object): void;
  /** Hears the parent ask for an address of the door. Electron, which has a window, never does. */
  onDoorAsked(call: () => void): void;
  onGone(call: () => void): void;
};

type UtilityPort = GateablePort & { start(): void };
type ParentPort = {
  on(event: 'message', listener: (event: { data: unknown; ports: UtilityPort[] }) => void): void;
  postMessage(message: object): void;
};

/**
 * Attaches to whoever started this process: Electron, which sends real ports, or a Node parent.
 * @throws where there is neither: the process is of no use by itself
 */
export function attachToHost(onPort: (port: SupportedMessagePort) => void, log: Logger): Host {
  const { parentPort } = process as NodeJS.Process & { parentPort?: ParentPort };
  if (parentPort) return attachToElectron(parentPort, onPort, log);
  if (process.send) return attachToNodeParent(onPort);
  throw new Error('The data process must be started by the app: it has no channel to talk over.');
}

function attachToElectron(
  parentPort: ParentPort,
  onPort: (port: SupportedMessagePort) => void,
  log: Logger,
): Host {
  parentPort.on('message', ({ ports: [port] }) => {
    if (!port) return;
    // The frames come straight from the page; a Node parent judges them before it relays them.
    const gated = gatePort(port, (refusal) => {
      log.warn({ refusal }, 'port closed for its frames');
      parentPort.postMessage({ type: 'disconnect', channel: 0 });
    });
    onPort(gated);
    port.start();
  });
  // Electron ends a utility process together with the app.
  return { say: (message) => parentPort.postMessage(message), onDoorAsked: () => {}, onGone: () => {} };
}

function attachToNodeParent(onPort: (port: SupportedMessagePort) => void): Host {
  const channels = new Map<number, ChannelPort>();
  const say = (message: object) => {
    // A parent that has just gone is told by `disconnect`; its frames are lost with it.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  let askDoor = () => {};
  process.on('message', (raw: unknown) => {
    const message = hostMessageSchema.parse(raw);
    if (message.type === 'door') return askDoor();
    const { channel } = message;
    switch (message.type) {
      case 'connect': {
        const opened = channelPort((data) => say({ type: 'data', channel, data }));
        channels.set(channel, opened);
        return onPort(opened.port);
      }
      case 'data':
        return channels.get(channel)?.receive(message.data);
      case 'disconnect':
        channels.get(channel)?.close();
        channels.delete(channel);
    }
  });
  return {
    say,
    onDoorAsked: (call) => {
      askDoor = call;
    },
    onGone: (call) => process.once('disconnect', call),
  };
}
