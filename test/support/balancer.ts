import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** One address before several servers, as a load balancer has it. */
export type Balancer = {
  readonly url: string;
  /** The servers that requests go to from now on. */
  readonly lead: (...servers: string[]) => void;
  /** Requests that were passed on so far, by server. */
  readonly passed: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
};

/**
 * Sends each request to the next server in turn, whoever asks: no two of a terminal go to the same one. A server that
 * does not take the connection is passed over; one that dies over a request takes its answer with it.
 */
export async function startBalancer(...first: string[]): Promise<Balancer> {
  let servers = first;
  let turn = 0;
  const passed = new Map<string, number>();
  const agent = new Agent({ keepAlive: true });

  function pass(incoming: IncomingMessage, answer: ServerResponse, body: Buffer, tries: number): void {
    const server = servers[turn % servers.length] ?? '';
    turn += 1;
    passed.set(server, (passed.get(server) ?? 0) + 1);
    const { method = 'GET', url = '/', headers } = incoming;
    const outgoing = request(new URL(url, server), { method, headers, agent }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
      reply.once('error', () => answer.destroy());
      reply.once('aborted', () => answer.destroy());
    });
    answer.once('close', () => outgoing.destroy());
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      if (answer.headersSent || error.code !== 'ECONNREFUSED' || tries <= 1) answer.destroy();
      else pass(incoming, answer, body, tries - 1);
    });
    outgoing.end(body);
  }

  const front = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.once('error', () => answer.destroy());
    incoming.once('end', () => pass(incoming, answer, Buffer.concat(chunks), servers.length));
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const bound = front.address();
  if (!bound || typeof bound !== 'object') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${bound.port}`,
    lead: (...others) => {
      servers = others;
    },
    passed,
    close: () => {
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      front.closeAllConnections();
      agent.destroy();
      return closed;
    },
  };
}
