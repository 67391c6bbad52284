import { connect, createServer, type Socket } from 'node:net';

/** Which way bytes go: to the server, or back. */
type Direction = 'asked' | 'answered';

/** One connection through the line. */
export type Passage = {
  /** Whoever asked. */
  readonly near: Socket;
  /** Whoever is asked. */
  readonly far: Socket;
  /** Ends it at both ends at once, without a word. */
  readonly cut: () => void;
};

/** Sees every piece of every connection. Gives what is passed on instead of it, or null for nothing. */
export type Meddling = (passage: Passage, direction: Direction, bytes: Buffer) => Buffer | null;

/**
 * A TCP line between two processes, on a port of its own: its far end can be moved, it can be listened to, and what it
 * carries can be meddled with.
 */
export type FaultLine = {
  readonly port: number;
  /** Where connections lead from now on; those that are open stay. */
  leadTo: (port: number) => void;
  /** Hears every piece before it is passed on; null for nobody. */
  hear: ((direction: Direction, bytes: Buffer) => void) | null;
  /** What it does to pieces; null passes them on as they are. */
  meddle: Meddling | null;
  /** Ends every connection. */
  readonly hangUp: () => void;
  readonly close: () => Promise<void>;
};

/** @param port where it leads first */
export async function faultLine(port: number): Promise<FaultLine> {
  let target = port;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.once('close', () => {
        sockets.delete(socket);
        cut();
      });
    }
    const passage = { near, far, cut };
    const carry = (direction: Direction, from: Socket, to: Socket) =>
      from.on('data', (bytes: Buffer) => {
        line.hear?.(direction, bytes);
        const passed = line.meddle ? line.meddle(passage, direction, bytes) : bytes;
        if (passed && !to.destroyed) to.write(passed);
      });
    carry('asked', near, far);
    carry('answered', far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (!bound || typeof bound !== 'object') throw new Error('no port');
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  const line: FaultLine = {
    port: bound.port,
    hear: null,
    meddle: null,
    leadTo: (next) => {
      target = next;
    },
    hangUp,
    close: async () => {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return line;
}
