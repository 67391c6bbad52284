import { connect, createServer, type Socket } from 'node:net';

/** A line to the database that can be cut and mended. */
export type DatabaseLine = {
  /** The database's address, through the line. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
  /** New connections lead to another database from now on. */
  readonly lead: (databaseUrl: string) => void;
};

/** Stands between a server and its database on a port of its own. Cut it to close it. */
export async function databaseLine(databaseUrl: string): Promise<DatabaseLine> {
  let target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      line.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const bound = line.address();
  if (!bound || typeof bound !== 'object') throw new Error('no port');
  const { port } = bound;
  const url = new URL(databaseUrl);
  url.port = String(port);
  return {
    url: url.href,
    cut: () =>
      new Promise((resolve) => {
        line.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    mend: () => listen(port),
    lead: (other) => {
      target = new URL(other);
    },
  };
}
