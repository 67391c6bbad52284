import { createHash } from 'node:crypto';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { between, chanceFor } from './chance.ts';
import type { Actor, Schedule } from './schedule.ts';
import type { SimServer, WireAnswer, WireRequest } from './servers.ts';

/** What befalls one exchange between a till and its server. */
export const EXCHANGE_FAULTS = [
  'refused',
  'request swallowed',
  'request cut',
  'request late',
  'request twice',
  'answer lost',
  'answer swallowed',
  'answer late',
  'answer torn',
  'answer cut short',
  'captive portal',
  'bad gateway',
  'unavailable',
  'too many requests',
] as const;
export type ExchangeFault = (typeof EXCHANGE_FAULTS)[number];

/** A till's way to the server. */
export type Line = {
  readonly name: string;
  readonly address: string;
  connected: boolean;
  /** What befalls the next exchanges, in order. */
  readonly faults: ExchangeFault[];
  exchanges: number;
};

export type Network = {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly addLine: (name: string) => Line;
  /** Whose requests go over which line. */
  readonly join: (actor: Actor, line: Line) => void;
  /** Breaks off what somebody has under way, or everybody: the server sees the connections close. */
  readonly hangUp: (actor?: Actor) => void;
  /** Exchanges that a server still works on. */
  readonly underWay: () => number;
};

type Setting = {
  readonly seed: number;
  readonly schedule: Schedule;
  readonly servers: readonly SimServer[];
  readonly tell: (what: string) => void;
  readonly met: (fault: ExchangeFault) => void;
  /** The server answered with a fault of its own. */
  readonly failed: (what: string) => void;
};

/** One exchange under way. */
type Exchange = {
  readonly name: string;
  readonly line: Line;
  readonly actor: Actor;
  readonly request: WireRequest;
  /** Kept, or nobody would hear of its deadline: what was asked for is let go of where only its answer is waited for. */
  readonly asked: Request;
  readonly gone: AbortController;
  readonly fault: ExchangeFault | undefined;
  readonly answer: (response: Response) => void;
  readonly fail: (error: Error) => void;
};

export function newNetwork(setting: Setting): Network {
  const { seed, schedule, servers, tell } = setting;
  const lines = new WeakMap<Actor, Line>();
  const open = new Set<Exchange>();
  let underWay = 0;

  const addLine = (name: string): Line => {
    const [high, low] = [seed >>> 16, seed & 0xffff].map((part) => part.toString(16));
    const own = between(chanceFor(seed, `address of ${name}`), 0, 0xffff).toString(16);
    // An address of its own for every till of every history: the limits of the server go by it.
    return { name, address: `fd00::${high}:${low}:${own}`, connected: true, faults: [], exchanges: 0 };
  };

  async function fetch(request: Request): Promise<Response> {
    const actor = schedule.current();
    const line = lines.get(actor);
    if (!line) throw new Error(`${actor.name} has no line`);
    line.exchanges += 1;
    const fault = line.faults.shift();
    const wire = await wireOf(request);
    const name = `${line.name}#${line.exchanges} ${wire.method} ${wire.path.split('?')[0]}`;
    if (fault) setting.met(fault);
    return new Promise((resolve, reject) => {
      const exchange: Exchange = {
        name,
        line,
        actor,
        request: wire,
        asked: request,
        gone: new AbortController(),
        fault,
        answer: resolve,
        fail: reject,
      };
      const giveUp = () => {
        exchange.gone.abort();
        reject(request.signal.reason);
      };
      request.signal.addEventListener('abort', giveUp, { once: true });
      open.add(exchange);
      begin(exchange);
    });
  }

  /** How long (ms) a message takes; one in twenty takes its time. */
  function travel(exchange: Exchange, way: string): number {
    const random = chanceFor(seed, `${exchange.name} ${exchange.line.exchanges} ${way}`);
    return random() < 0.05 ? between(random, 100, 2000) : between(random, 1, 40);
  }

  function begin(exchange: Exchange): void {
    const { fault, line, actor } = exchange;
    const up = travel(exchange, 'up');
    if (!line.connected || fault === 'refused') {
      tell(`${exchange.name} cannot leave`);
      schedule.after(between(chanceFor(seed, exchange.name), 0, 5), actor, () => exchange.fail(refused()));
      return;
    }
    if (fault === 'request swallowed') {
      tell(`${exchange.name} is swallowed`);
      return;
    }
    const canned = fault && CANNED[fault];
    if (canned) {
      reply(exchange, up, canned);
      return;
    }
    const random = chanceFor(seed, exchange.name);
    const late = fault === 'request late' ? between(random, 10_000, 90_000) : 0;
    const { request } = exchange;
    const sent =
      fault === 'request cut'
        ? { ...request, body: request.body.subarray(0, request.body.length >> 1) }
        : request;
    const carrier = serverFor(exchange).pool.actor;
    schedule.after(up + late, carrier, () => atServer({ ...exchange, request: sent }, true));
    if (fault === 'request twice') {
      schedule.after(up + between(random, 0, 5000), carrier, () => atServer(exchange, false));
    }
  }

  function serverFor({ name }: Exchange): SimServer {
    const index = Math.floor(chanceFor(seed, `server of ${name}`)() * servers.length);
    const chosen = servers[index] ?? servers[0];
    if (!chosen) throw new Error('there is no server');
    return chosen.isUp() ? chosen : (servers.find((server) => server.isUp()) ?? chosen);
  }

  async function atServer(exchange: Exchange, wanted: boolean): Promise<void> {
    const server = serverFor(exchange);
    if (!server.isUp()) {
      tell(`${exchange.name} finds no server`);
      if (wanted) schedule.after(1, exchange.actor, () => exchange.fail(refused()));
      return;
    }
    tell(`${exchange.name} ${digest(exchange.request.body)} at ${server.name}`);
    underWay += 1;
    // Not waited for: it ends when the statements that it needs have happened.
    server
      .handle(exchange.request, exchange.line.address, exchange.gone.signal)
      .then(
        (answer) => answered(exchange, server, answer, wanted),
        (error) => setting.failed(`${exchange.name}: ${String(error)}`),
      )
      .finally(() => {
        underWay -= 1;
        open.delete(exchange);
      });
  }

  function answered(exchange: Exchange, server: SimServer, answer: WireAnswer | null, wanted: boolean): void {
    if (answer) tell(`${exchange.name} → ${answer.status} ${digest(answer.body)} by ${server.name}`);
    if (answer?.status === 500) setting.failed(`${exchange.name} → 500 ${answer.body.toString()}`);
    if (!wanted) return;
    if (!answer || exchange.fault === 'answer lost') {
      schedule.after(travel(exchange, 'down'), exchange.actor, () => exchange.fail(refused()));
      return;
    }
    if (exchange.fault === 'answer swallowed') return;
    const late = exchange.fault === 'answer late' ? between(chanceFor(seed, exchange.name), 5000, 90_000) : 0;
    reply(exchange, travel(exchange, 'down') + late, answer);
  }

  function reply(exchange: Exchange, ms: number, answer: WireAnswer): void {
    schedule.after(ms, exchange.actor, () => {
      tell(`${exchange.name} ← ${answer.status}`);
      const random = chanceFor(seed, `cut of ${exchange.name}`);
      exchange.answer(responseOf(answer, exchange.fault, random()));
    });
  }

  return {
    fetch,
    addLine,
    join: (actor, line) => {
      lines.set(actor, line);
    },
    hangUp: (actor) => {
      for (const exchange of open) if (!actor || exchange.actor === actor) exchange.gone.abort();
    },
    underWay: () => underWay,
  };
}

async function wireOf(request: Request): Promise<WireRequest> {
  const url = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  const body = Buffer.from(await request.arrayBuffer());
  return { method: request.method, path: url.pathname + url.search, headers, body };
}

/** The answer as the platform's `fetch` would give it: decoded, or broken off in the middle. */
function responseOf(answer: WireAnswer, fault: ExchangeFault | undefined, where: number): Response {
  const { 'content-encoding': coding, 'content-length': _length, ...headers } = answer.headers;
  const init = { status: answer.status, headers };
  if (answer.status === 204) return new Response(null, init);
  const cut = answer.body.subarray(0, Math.floor(answer.body.length * where));
  try {
    switch (fault) {
      case 'answer torn':
        return new Response(brokenOff(decoded(answer.body, coding), where), init);
      case 'answer cut short':
        return new Response(new Uint8Array(decoded(cut, coding)), init);
      default:
        return new Response(new Uint8Array(decoded(answer.body, coding)), init);
    }
  } catch {
    return new Response(brokenOff(Buffer.alloc(0), 1), init);
  }
}

function decoded(body: Buffer, coding: string | undefined): Buffer {
  if (coding === 'zstd') return zstdDecompressSync(body);
  return coding === 'gzip' ? gunzipSync(body) : body;
}

const brokenOff = (body: Buffer, where: number): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start: (stream) => stream.enqueue(new Uint8Array(body.subarray(0, Math.floor(body.length * where)))),
    pull: (stream) => stream.error(new TypeError('terminated')),
  });

const page = (status: number, text: string, more: Record<string, string> = {}): WireAnswer => ({
  status,
  headers: { 'content-type': 'text/html', ...more },
  body: Buffer.from(text),
});

/** What others answer in the place of the server. */
const CANNED: Partial<Record<ExchangeFault, WireAnswer>> = {
  'captive portal': page(200, '<html><body>Please sign in to use this network.</body></html>'),
  'bad gateway': page(502, '<html><body>Bad gateway</body></html>'),
  unavailable: page(503, 'Service unavailable', { 'retry-after': '7' }),
  'too many requests': page(429, 'Too many requests', { 'retry-after': '3' }),
};

const refused = () => new TypeError('fetch failed');

const digest = (body: Buffer): string => createHash('sha256').update(body).digest('hex').slice(0, 8);
