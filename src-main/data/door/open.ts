import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { doorCloses, doorKnockSchema, doorPath } from '#shared/contract/door.ts';
import { screenLimits } from '../../frame-gate.ts';
import { type Doorkeeper, hireDoorkeeper } from './doorkeeper.ts';
import { answerPageRequest, rejectionOf } from './pages.ts';
import { type ContractPort, frameOf, socketPort } from './socket-port.ts';

/** Where the door tells of what it refused. A pino logger is one. */
type DoorLog = {
  info(facts: object, event: string): void;
  warn(facts: object, event: string): void;
};

export type DoorOptions = {
  /** The port on loopback; 0 for any that is free. */
  port: number;
  /** The folder of the built screens. */
  files: string;
  log: DoorLog;
};

export type Door = {
  /** `http://127.0.0.1:<port>/#token=…`: lets one page in, once, within a quarter of an hour. */
  newAddress(): string;
  close(): Promise<void>;
};

/** A socket must knock within this time (ms), and pages are asked for a sign of life this often. */
const knockWithin = 5_000;
const pulse = 20_000;

/** Sockets at one time, knocking or let in. */
const mostSockets = 32;

/**
 * Opens the terminal's door on loopback: the screens over HTTP and the till contract over a WebSocket, for a page
 * that has the token (see `#shared/contract/door.ts`). `attachPort` is given a port for each page let in.
 * What the page may then do is decided by its PIN session, as everywhere.
 *
 * @throws if the port is taken.
 */
export const openDoor = async (
  { port, files, log }: DoorOptions,
  attachPort: (port: ContractPort) => void,
): Promise<Door> => {
  const keeper = hireDoorkeeper();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: screenLimits.largest_bytes,
    perMessageDeflate: false,
  });
  let hosts: readonly string[] = [];

  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answerPageRequest(request, response, {
      files,
      hosts,
      onReject: (why) => log.warn({ why, path: pathOf(request) }, 'request refused'),
    }).catch((problem: unknown) => {
      log.warn({ problem: String(problem), path: pathOf(request) }, 'request failed');
      response.destroy();
    });
  });
  server.maxConnections = mostSockets * 2;

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const why =
      rejectionOf(request, hosts, true) ?? (request.url === doorPath ? null : ('no such path' as const));
    if (why !== null || sockets.clients.size >= mostSockets) {
      log.warn({ why: why ?? 'too many sockets', path: pathOf(request) }, 'socket refused');
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => hearKnock(socket, keeper, attachPort, log));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const opened = portOf(server.address());
  hosts = [`127.0.0.1:${opened}`, `localhost:${opened}`];
  const stopPulse = keepPulse(sockets);
  log.info({ port: opened }, 'door open');

  return {
    newAddress: () => `http://127.0.0.1:${opened}/#token=${keeper.mintToken()}`,
    close: async () => {
      stopPulse();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Waits for the first frame and judges it; lets the page in, or closes the socket without a reason. */
const hearKnock = (
  socket: WebSocket,
  keeper: Doorkeeper,
  attachPort: (port: ContractPort) => void,
  log: DoorLog,
): void => {
  const refuse = (why: string) => {
    log.warn({ why }, 'socket refused');
    socket.close(doorCloses.refused);
  };
  const impatience = setTimeout(() => refuse('no knock'), knockWithin);
  socket.on('close', () => clearTimeout(impatience));
  // `ws` reports a frame over `maxPayload` here and closes the socket itself.
  socket.on('error', (problem) => log.warn({ problem: problem.message }, 'socket failed'));
  socket.once('message', (raw, isBinary) => {
    clearTimeout(impatience);
    if (socket.readyState !== WebSocket.OPEN) return;
    const knock = doorKnockSchema.safeParse(asJson(frameOf(raw, isBinary)));
    if (!knock.success) return refuse('malformed knock');
    const visit = keeper.admit(knock.data, () => socket.close(doorCloses.replaced));
    if (visit === null) return refuse('token' in knock.data ? 'unknown token' : 'unknown secret');
    socket.once('message', () => visit.confirm());
    socket.send(JSON.stringify({ resume: visit.resume }));
    attachPort(socketPort(socket, (fault) => log.warn({ fault }, 'socket closed for its frames')));
    log.info({ by: 'token' in knock.data ? 'token' : 'resume' }, 'page let in');
  });
};

/** Ends sockets whose page gave no sign of life since the last time it was asked. */
const keepPulse = (sockets: WebSocketServer): (() => void) => {
  const silent = new WeakSet<WebSocket>();
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate();
      else {
        silent.add(socket);
        socket.once('pong', () => silent.delete(socket));
        socket.ping();
      }
    }
  }, pulse);
  timer.unref();
  return () => clearInterval(timer);
};

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('The door has no port');
  return address.port;
};

const asJson = (frame: string | Uint8Array): unknown => {
  if (typeof frame !== 'string') return null;
  try {
    return JSON.parse(frame);
  } catch {
    return null; // Not JSON is no knock.
  }
};

/** A refused address without what may be secret in it. */
const pathOf = (request: IncomingMessage): string =>
  (request.url ?? '').replace(/[?#].*$/s, '').slice(0, 200);
