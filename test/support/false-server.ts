import { createServer } from 'node:http';

/** What came from the real server, on its way to whoever asked. */
export type Passing = { status: number; headers: Record<string, string>; body: Buffer };

/** Somebody between a terminal and its server, who reads and changes answers. */
export type FalseServer = {
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly asked: string[];
  /** Changes answers from now on; given the path. */
  tamper: (path: string, answer: Passing) => void;
  /** Holds requests up on their way from now on; given the path. */
  hold: (path: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function falseServer(realUrl: string): Promise<FalseServer> {
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const path = request.url ?? '/';
    between.asked.push(path.split('?')[0] ?? '');
    await between.hold(path);
    const { host: _, connection: __, ...headers } = request.headers;
    const real = await fetch(realUrl + path, {
      method: request.method ?? 'GET',
      headers: { ...(headers as Record<string, string>), 'accept-encoding': 'identity' },
      ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
    });
    const answer: Passing = {
      status: real.status,
      headers: Object.fromEntries(real.headers),
      body: Buffer.from(await real.arrayBuffer()),
    };
    between.tamper(path, answer);
    const { 'content-length': ___, connection: ____, 'keep-alive': _____, ...kept } = answer.headers;
    response.writeHead(answer.status, kept);
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (!bound || typeof bound !== 'object') throw new Error('no port');
  const between: FalseServer = {
    url: `http://127.0.0.1:${bound.port}`,
    asked: [],
    tamper: () => {},
    hold: async () => {},
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return between;
}
