import { once } from 'node:events';
import { WebSocket } from 'ws';
import { doorPath } from '#shared/contract/door.ts';

/** A page's socket to the door, as an honest browser or a forger would open it. */
export type Visitor = {
  socket: WebSocket;
  /** The next frame, or how the door closed instead. */
  next(): Promise<{ frame: string } | { closed: number }>;
  send(frame: string): void;
};

/** Opens a socket. `headers` may forge what a browser would set; the answer is the HTTP status if there is none. */
export async function visit(
  port: number,
  { path = doorPath, headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Visitor | { status: number }> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    headers: { origin: `http://127.0.0.1:${port}`, ...headers },
  });
  const heard: ({ frame: string } | { closed: number })[] = [];
  let wake = () => {};
  const hear = (what: { frame: string } | { closed: number }) => {
    heard.push(what);
    wake();
  };
  socket.on('message', (data) => hear({ frame: String(data) }));
  socket.on('close', (closed) => hear({ closed }));
  const opened = await new Promise<true | number>((resolve, reject) => {
    socket.once('open', () => resolve(true));
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.once('error', reject);
  });
  if (opened !== true) return { status: opened };
  // A socket that the door cuts reports that as an error and then as its close.
  socket.on('error', () => {});
  return {
    socket,
    send: (frame) => socket.send(frame),
    next: async () => {
      while (heard.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const [first] = heard.splice(0, 1);
      return first ?? { closed: 0 };
    },
  };
}

/** Comes in with a knock; the secret to come back with. */
export async function comeIn(
  port: number,
  knock: { token: string } | { resume: string },
): Promise<Visitor & { resume: string }> {
  const visitor = await visit(port);
  if ('status' in visitor) throw new Error(`The door answered ${visitor.status}`);
  visitor.send(JSON.stringify(knock));
  const welcome = await visitor.next();
  if ('closed' in welcome) throw new Error(`The door closed with ${welcome.closed}`);
  return { ...visitor, resume: JSON.parse(welcome.frame).resume };
}

/** Ends a visit as a closed tab does. */
export async function leave(visitor: Visitor): Promise<void> {
  visitor.socket.close();
  await once(visitor.socket, 'close');
}

/** A call of the contract, as a frame; `terminal.state` is answered to anybody who was let in. */
export const callFrame = (id: string): string => JSON.stringify({ i: id, p: { u: '/terminal/state' } });
