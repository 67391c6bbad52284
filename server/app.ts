import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { pullQuerySchema } from '#shared/contract/central.ts';
import { PUSH_LIMIT, pushSchema } from '#shared/sync/push.ts';
import type { Config } from './config.ts';
import { addContract } from './contract-routes.ts';
import type { Db } from './db.ts';
import { addDocs } from './ops/docs.ts';
import { addHealth } from './ops/health.ts';
import { addMetrics, type SyncMetrics } from './ops/metrics.ts';
import { recogniseTerminal } from './people/terminal-token.ts';
import {
  answerBrokenRequest,
  answerWithProblems,
  invalid,
  Refusal,
  refuseWithoutHost,
  sendProblem,
} from './problem.ts';
import { readBody } from './sync/body.ts';
import { keepBranch } from './sync/branch.ts';
import { checkFeedSchema } from './sync/feed-schema.ts';
import { type Pruning, pruneFeeds } from './sync/prune-feed.ts';
import { pull } from './sync/pull.ts';
import { newPullRounds } from './sync/pull-rounds.ts';
import { push } from './sync/push.ts';
import { addSnapshots } from './sync/snapshot-routes.ts';
import { type FeedWatch, watchFeed } from './sync/wake.ts';
import { newTurns, type Turns } from './turns.ts';

export type AppOptions = {
  readonly db: Db;
  readonly secret: Uint8Array;
  readonly config: Config;
  /** Where the log goes; standard output where absent. */
  readonly log?: { write: (line: string) => void };
  /** How companies share this server; as the configuration says where absent. */
  readonly turns?: Turns;
};

const REQUEST_ID = /^[\w.:-]{1,100}$/;
const zstd = promisify(zstdCompress);
/** Below this many characters compressing costs more than it saves. */
const WORTH_COMPRESSING = 4096;

/** A request must have come whole after so many ms; a till gives up a push after half of it. */
const REQUEST_TIMEOUT_MS = 120_000;

/** Bytes of a body; more only where a route says so. */
const BODY_LIMIT = 64 * 1024;

/** The HTTP server: the contract's routes, health, metrics and documentation. Keeps no state of its own. */
export async function buildApp({ db, secret, config, log, ...given }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: {
      level: config.TILLDOCK_LOG,
      redact: ['req.headers.authorization', 'req.headers.cookie', '*.pin', '*.password', '*.signature'],
      ...(log ? { stream: log } : {}),
    },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // What arrives on an open connection while the server ends is answered, and the connection closed after it.
    return503OnClosing: false,
    trustProxy: config.TILLDOCK_PROXIES ?? false,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
    // Node would refuse by itself, in words of its own.
    http: { requireHostHeader: false },
  });
  answerWithProblems(app);
  refuseWithoutHost(app);
  let ending = false;
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onSend', async (_request, reply) => {
    // A connection that stays open would hold up the end of the server until it times out.
    if (ending) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    request.log.debug({ method, url, status: reply.statusCode, ms: reply.elapsedTime }, 'request');
  });
  await app.register(helmet, { contentSecurityPolicy: false });
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { ttl }) =>
      new Refusal(429, 'too_many_requests', 'Too many requests; wait a moment.', {
        retry_after_s: Math.ceil(ttl / 1000),
      }),
  });
  const metrics = addMetrics(app, db, config.TILLDOCK_SAFE);
  const watch = watchFeed(db);
  const turns = given.turns ?? newTurns({ places: config.TILLDOCK_POOL, waiting: config.TILLDOCK_WAITING });
  app.addHook('preClose', async () => {
    ending = true;
    watch.stop();
  });
  addHealth(app, db);
  await addDocs(app);
  const pruning = pruneFeeds(db, (error) =>
    app.log.error({ err: error }, 'old tombstones could not be removed'),
  );
  await app.register(async (scope) => addSync(scope, { db, secret, turns, config, metrics, watch, pruning }));
  await app.register(async (scope) => addSnapshots(scope, { db, secret, config, turns }));
  await addContract(app, { db, secret, turns, config });
  return app;
}

/**
 * The routes of the contract that are served by hand: a push keeps its body as it came, as a branch does, and a page
 * of the feed is JSON text from PostgreSQL.
 */
function addSync(
  app: FastifyInstance,
  {
    db,
    secret,
    turns,
    config,
    metrics,
    watch,
    pruning,
  }: Pick<AppOptions, 'db' | 'secret' | 'config'> & {
    turns: Turns;
    metrics: SyncMetrics;
    watch: FeedWatch;
    pruning: Pruning;
  },
): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (_request: unknown, body: Buffer) => body,
  );
  const rounds = newPullRounds(db, turns);
  /** Unpacked only when its turn has come: what waits is as small as it travelled. */
  const readPush = async ({ headers, body }: FastifyRequest) => {
    const sent = await readBody(headers['content-encoding'], body);
    const read = pushSchema.safeParse(sent.json);
    if (!read.success) throw invalid(read.error);
    return { batch: read.data, zstd: sent.zstd };
  };
  app.post('/api/v1/sync/push', { bodyLimit: PUSH_LIMIT.inflated }, async (request, reply) => {
    const identity = await recogniseTerminal(secret, request.headers.authorization);
    const work = async () => {
      const { batch, zstd } = await readPush(request);
      return push(db, identity, batch, zstd, config.TILLDOCK_SAFE);
    };
    const outcome = await turns.take(identity.company_id, work, goneFrom(reply));
    metrics.pushed(outcome.verdicts);
    return outcome;
  });
  app.post('/api/v1/sync/branch', { bodyLimit: PUSH_LIMIT.inflated }, async (request, reply) => {
    const identity = await recogniseTerminal(secret, request.headers.authorization);
    const work = async () => {
      const { batch, zstd } = await readPush(request);
      return keepBranch(db, identity, batch, zstd);
    };
    return turns.take(identity.company_id, work, goneFrom(reply));
  });
  app.get('/api/v1/sync/pull', async (request, reply) => {
    const identity = await recogniseTerminal(secret, request.headers.authorization);
    const query = pullQuerySchema.safeParse(request.query);
    if (!query.success) throw invalid(query.error);
    checkFeedSchema(query.data.feed_schema);
    pruning.soon(identity.company_id);
    const gone = goneFrom(reply);
    const next = () =>
      query.data.wait_s > 0
        ? rounds.ask(identity, query.data)
        : turns.take(identity.company_id, () => pull(db, identity, query.data), gone);
    let page = await next();
    if (page.empty && query.data.wait_s > 0) {
      await watch.wait(identity.company_id, page.counter, query.data.wait_s * 1000, gone);
      page = await next();
    }
    reply.type('application/json; charset=utf-8');
    if (page.json.length < WORTH_COMPRESSING || !/\bzstd\b/.test(request.headers['accept-encoding'] ?? '')) {
      return page.json;
    }
    reply.header('content-encoding', 'zstd');
    return zstd(page.json);
  });
}

/** Aborts when the answer has gone out, or nobody is there any more to take it. */
function goneFrom(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}
