import { createPublicKey, verify } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { enrolRequestSchema } from '#shared/contract/central.ts';
import { challengeText } from '#shared/people/challenge.ts';
import type { Location } from '#shared/people/location.ts';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import { type WireOperation, wireOperationSchema } from '#shared/sync/operation.ts';
import { type Push, pushSchema } from '#shared/sync/push.ts';
import { knownQuerySchema, operationsQuerySchema, resumeSchema } from '#shared/sync/recovery.ts';
import { sha256 } from '../../../src-main/data/sync/sha256.ts';

/** What goes wrong with one request, once it is its turn. */
type Fault =
  | 'drop before'
  | 'drop after'
  | 'captive portal'
  | 'half an answer'
  | { status: number; code: string; retry_after?: number };

/**
 * A server that speaks the central contract from memory, over a real socket, and fails where it is told to. It
 * checks what a terminal sends as strictly as the contract allows.
 */
export type SmallCentral = {
  readonly url: string;
  readonly terminal_id: string;
  /** What was taken, in order. */
  readonly journal: WireOperation[];
  /** Sizes of the pushes that came, in operations. */
  readonly pushes: number[];
  /** Requests by path. */
  readonly seen: Map<string, number>;
  /** Faults that wait for requests to a path, in order. */
  readonly faults: Map<string, Fault[]>;
  readonly verdicts: Map<number, object>;
  /** What was handed in as another history. */
  readonly evidence: Push[];
  feed: { entity: string; key: string; row: object | null }[];
  server_epoch: string;
  /** A change makes every cursor of before invalid: the next page begins a refill. */
  scope: string;
  /** Up to where its backups cover what it has. */
  safe: number;
  /** Fields that a later version adds to its answers. */
  added: object;
  /** Makes every token that was given out so far useless. */
  expireTokens(): void;
  close(): Promise<void>;
};

const PATHS = {
  enrol: '/api/v1/terminals/enrol',
  challenge: '/api/v1/terminals/challenge',
  token: '/api/v1/terminals/token',
  push: '/api/v1/sync/push',
  pull: '/api/v1/sync/pull',
  state: '/api/v1/sync/state',
  known: '/api/v1/sync/known',
  branch: '/api/v1/sync/branch',
  operations: '/api/v1/sync/operations',
  resume: '/api/v1/sync/resume',
} as const;
type CentralPath = keyof typeof PATHS;

export async function startSmallCentral(location: Location, port = 0): Promise<SmallCentral> {
  const app = fastify();
  let tokens = new Set<string>();
  let key: string | null = null;
  const challenges = new Set<string>();
  const central: SmallCentral = {
    url: '',
    terminal_id: uuidv7(),
    journal: [],
    pushes: [],
    seen: new Map(),
    faults: new Map(),
    verdicts: new Map(),
    evidence: [],
    feed: [],
    server_epoch: uuidv7(),
    scope: 'a',
    safe: Number.POSITIVE_INFINITY,
    added: {},
    expireTokens: () => {
      tokens = new Set();
    },
    close: () => app.close(),
  };
  const now = () => new Date().toISOString();
  let nonces = 0;
  const nonce = () => {
    nonces += 1;
    return `${nonces}.AAECAwQFBgcICQoLDA0ODw`;
  };
  const problem = (reply: FastifyReply, status: number, code: string, more: object = {}) =>
    reply.code(status).send({
      type: `urn:tilldock:${code}`,
      title: code,
      status,
      code,
      detail: `Refused: ${code}.`,
      ...more,
    });
  const lastSeq = () => central.journal.length;
  const lastHash = () => central.journal.at(-1)?.hash ?? GENESIS;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = Buffer.from(body);
    const text = request.headers['content-encoding'] === 'zstd' ? zstdDecompressSync(bytes) : bytes;
    done(null, JSON.parse(text.toString()));
  });

  /** Registers a call with the faults that may befall it. */
  const call = (
    name: CentralPath,
    method: 'GET' | 'POST',
    answer: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ) =>
    app.route({
      method,
      url: PATHS[name],
      handler: async (request, reply) => {
        central.seen.set(name, (central.seen.get(name) ?? 0) + 1);
        const fault = central.faults.get(name)?.shift();
        if (fault === 'drop before') return request.raw.socket.destroy();
        if (fault === 'captive portal') return reply.type('text/html').send('<html>Please sign in</html>');
        if (typeof fault === 'object') {
          if (fault.retry_after !== undefined) reply.header('retry-after', fault.retry_after);
          return problem(reply, fault.status, fault.code);
        }
        const body = await answer(request, reply);
        if (fault === 'drop after') return request.raw.socket.destroy();
        if (fault === 'half an answer') {
          const text = JSON.stringify(body);
          return reply.type('application/json').send(text.slice(0, text.length / 2));
        }
        return body;
      },
    });
  const admitted = (request: FastifyRequest) =>
    tokens.has((request.headers.authorization ?? '').replace('Bearer ', ''));

  call('enrol', 'POST', (request, reply) => {
    const asked = enrolRequestSchema.parse(request.body);
    if (key !== null && key !== asked.public_key) return problem(reply, 409, 'code_used');
    key = asked.public_key;
    reply.code(201);
    const name = { terminal_id: central.terminal_id, terminal_code: 'T1', epoch: 1, after_seq: 0 };
    return { ...name, nonce: nonce(), series: [], location };
  });
  call('challenge', 'POST', () => {
    const challenge = uuidv7();
    challenges.add(challenge);
    return { challenge };
  });
  call('token', 'POST', (request, reply) => {
    const { challenge, signature } = z
      .strictObject({ challenge: z.string(), signature: z.string() })
      .parse(request.body);
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key ?? '' }, format: 'jwk' });
    const signed = Buffer.from(challengeText(challenge));
    if (
      !challenges.delete(challenge) ||
      !verify(null, signed, publicKey, Buffer.from(signature, 'base64url'))
    ) {
      return problem(reply, 401, 'bad_signature');
    }
    const access_token = uuidv7();
    tokens.add(access_token);
    return { access_token, token_type: 'bearer', expires_in: 600 };
  });
  call('state', 'GET', (request, reply) => {
    if (!admitted(request)) return problem(reply, 401, 'token_expired');
    return {
      server_epoch: central.server_epoch,
      epoch: 1,
      acked_seq: lastSeq(),
      safe_seq: Math.min(central.safe, lastSeq()),
      last_hash: lastHash(),
      server_time: now(),
      verdict_changes: 0,
      verdicts_changed: [],
      ...central.added,
    };
  });
  call('known', 'POST', (request, reply) => {
    if (!admitted(request)) return problem(reply, 401, 'token_expired');
    const { op_ids } = knownQuerySchema.parse(request.body);
    const known = new Set(central.journal.map(({ op_id }) => op_id));
    return { unknown: op_ids.filter((id) => !known.has(id)) };
  });
  call('branch', 'POST', (request, reply) => {
    if (!admitted(request)) return problem(reply, 401, 'token_expired');
    const branch = pushSchema.parse(request.body);
    central.evidence.push(branch);
    return { received_seq: branch.from_seq + branch.operations.length - 1 };
  });
  call('operations', 'GET', (request, reply) => {
    if (!admitted(request)) return problem(reply, 401, 'token_expired');
    const { after_seq } = operationsQuerySchema.parse(request.query);
    const operations = central.journal.slice(after_seq, after_seq + 2);
    return { operations, verdicts: [], more: after_seq + 2 < lastSeq() };
  });
  call('resume', 'POST', (request, reply) => {
    if (!admitted(request)) return problem(reply, 401, 'token_expired');
    const { last_hash } = resumeSchema.parse(request.body);
    return last_hash === lastHash()
      ? { nonce: nonce(), series: [] }
      : problem(reply, 409, 'resume_elsewhere');
  });
  call('push', 'POST', (request, reply) => {
    if (!admitted(request)) return problem(reply, 401, 'token_expired');
    const push = pushSchema.parse(request.body);
    const operations = push.operations.map((operation) => wireOperationSchema.parse(operation));
    if (push.from_seq > lastSeq() + 1)
      return problem(reply, 409, 'push_gap', { expected_seq: lastSeq() + 1 });
    central.pushes.push(operations.length);
    for (const operation of operations) {
      const { prev_hash, hash, ...content } = operation;
      if (linkHash(prev_hash, canonicalJson(content), sha256) !== hash) throw new Error('hash_mismatch');
      const known = central.journal[operation.seq - 1];
      if (known && known.hash !== hash) return problem(reply, 409, 'terminal_forked');
      if (known) continue;
      if (prev_hash !== lastHash()) return problem(reply, 409, 'terminal_forked');
      central.journal.push(operation);
    }
    return {
      acked_seq: lastSeq(),
      safe_seq: Math.min(central.safe, lastSeq()),
      server_time: now(),
      verdicts: operations.map(({ seq }) => central.verdicts.get(seq) ?? { seq, verdict: 'applied' }),
      nonce: nonce(),
      ...central.added,
    };
  });
  call('pull', 'GET', (request, reply) => {
    if (!admitted(request)) return problem(reply, 401, 'token_expired');
    const query = z
      .object({ cursor: z.string().optional(), limit: z.coerce.number(), wait_s: z.coerce.number() })
      .parse(request.query);
    const [scope, at] = (query.cursor ?? '').split(':');
    const reset = query.cursor !== undefined && scope !== central.scope;
    const from = reset ? 0 : Number(at ?? 0);
    const changes = central.feed.slice(from, from + query.limit);
    return {
      reset,
      changes,
      cursor: `${central.scope}:${from + changes.length}`,
      more: from + changes.length < central.feed.length,
      server_time: now(),
      terminal: { acked_seq: lastSeq(), last_hash: lastHash(), verdict_changes: 0, ...central.added },
      ...central.added,
    };
  });

  const url = await app.listen({ port, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return Object.assign(central, { url });
}
