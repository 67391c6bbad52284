import { connect, createServer, type Socket } from 'node:net';

/** A line to a server that is slow, and that breaks. */
export type BadLine = {
  /** The server's address, through the line. */
  readonly url: string;
  /** Bytes that came back from the server so far, over all connections. */
  readonly carried: () => number;
  /** From now on each connection ends when it has brought so many bytes. */
  readonly breakAfter: (bytes: number) => void;
  /** From now on so many bytes a second come back over each connection. */
  readonly slowDown: (bytesPerSecond: number) => void;
  /** Ends every connection, and takes no new ones until `mend`. */
  readonly cut: () => void;
  readonly mend: () => void;
  readonly close: () => Promise<void>;
};

/** How often a slowed line lets something through, in ms. */
const BEAT_MS = 20;

export async function badLine(serverUrl: string): Promise<BadLine> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let [carried, most, speed] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let isCut = false;

  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    let brought = 0;
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.once('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, most - brought);
      brought += part.length;
      carried += part.length;
      near.write(part);
      if (brought >= most) near.end(end);
      else if (speed !== Number.POSITIVE_INFINITY) {
        far.pause();
        setTimeout(() => far.resume(), Math.max(BEAT_MS, (part.length / speed) * 1000));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (!bound || typeof bound !== 'object') throw new Error('no port');
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${bound.port}`,
    carried: () => carried,
    breakAfter: (bytes) => {
      most = bytes;
      hangUp();
    },
    slowDown: (bytesPerSecond) => {
      speed = bytesPerSecond;
      hangUp();
    },
    cut: () => {
      isCut = true;
      hangUp();
    },
    mend: () => {
      isCut = false;
    },
    close: async () => {
      hangUp();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
