import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Safe } from '../../server/sync/safe.ts';
import { newTurns } from '../../server/turns.ts';
import type { Locks } from './locks.ts';
import { type ScriptedPool, type StatementScript, scriptedPool } from './pool.ts';

/** A request as it stands on the wire. */
export type WireRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** An answer as it stands on the wire, its content coded as the server coded it. */
export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

/** A server process of the simulation: the real application over a scripted pool. */
export type SimServer = {
  readonly name: string;
  readonly pool: ScriptedPool;
  /** The answer; null where the server ended before it gave one. */
  readonly handle: (request: WireRequest, address: string, gone: AbortSignal) => Promise<WireAnswer | null>;
  /** Ends the process at this moment. Its successor starts `downMs` later. */
  readonly crash: (downMs: number) => Promise<void>;
  readonly isUp: () => boolean;
  /** @param safe what makes operations safe in this history */
  readonly play: (script: StatementScript, safe: Safe) => void;
  /** Forgets the history. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const SECRET = new TextEncoder().encode('the secret of the simulation, long enough to be taken');

export async function startServer(
  url: string,
  name: string,
  poolSize: number,
  locks: Locks,
): Promise<SimServer> {
  let script: StatementScript | null = null;
  const pool = await scriptedPool(url, poolSize, name, locks);
  const config = readConfig({ TILLDOCK_LOG: 'error', NODE_ENV: 'test' });
  // What is worked on goes with the process, and the next one begins with none.
  const newLife = () => newTurns({ places: poolSize, waiting: config.TILLDOCK_WAITING });
  let turns = newLife();
  const app = await buildApp({
    db: pool.db,
    turns: { take: (...asked) => turns.take(...asked) },
    secret: SECRET,
    config,
    log: { write: (line) => script?.tell(loggedBy(name, line)) },
  });
  await app.ready();
  let life = 0;
  let up = true;

  const handle: SimServer['handle'] = async (request, address, gone) => {
    const during = life;
    const answer = await inject(app, request, address, gone);
    return life === during ? answer : null;
  };
  const crash: SimServer['crash'] = async (downMs) => {
    life += 1;
    turns = newLife();
    up = false;
    const during = life;
    script?.schedule.after(downMs, pool.actor, () => {
      if (life === during) up = true;
    });
    await pool.crash();
  };
  return {
    name,
    pool,
    handle,
    crash,
    isUp: () => up,
    play: (next, safe) => {
      script = next;
      config.TILLDOCK_SAFE = safe;
      pool.play(next);
    },
    reset: async () => {
      life += 1;
      turns = newLife();
      up = true;
      script = null;
      await pool.reset();
    },
    close: async () => {
      await app.close();
      await pool.close();
    },
  };
}

async function inject(
  app: FastifyInstance,
  { method, path, headers, body }: WireRequest,
  remoteAddress: string,
  signal: AbortSignal,
): Promise<WireAnswer | null> {
  try {
    const answer = await app.inject({
      method: method as 'GET',
      url: path,
      headers,
      remoteAddress,
      signal,
      ...(body.length > 0 ? { payload: body } : {}),
    });
    const given = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return { status: answer.statusCode, headers: Object.fromEntries(given), body: answer.rawPayload };
  } catch (error) {
    // Whoever asked has gone.
    if (signal.aborted) return null;
    throw error;
  }
}

/** A line of the log, without what differs from run to run. */
function loggedBy(name: string, line: string): string {
  const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
  return `${name} logs: ${msg}: ${err?.message}`;
}
