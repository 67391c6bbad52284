import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { EnrolReply } from '#shared/contract/central.ts';
import type { UserId } from '#shared/ids.ts';
import { challengeText } from '#shared/people/challenge.ts';
import { canonicalJson, NotCanonical } from '#shared/sync/canonical.ts';
import { GENESIS, linkHash } from '#shared/sync/chain.ts';
import {
  type BodyOf,
  type Envelope,
  isOperationKind,
  OPERATION_KINDS,
  type OperationKind,
  type WireOperation,
} from '#shared/sync/operation.ts';
import type { PushReply } from '#shared/sync/push.ts';
import { readOperation, sha256 } from '../../server/sync/received.ts';

/** An answer of the server, whatever it was. */
export type Answer = {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
};

/**
 * A terminal made of nothing but the documented HTTP API, as somebody else would write it: enrols with its own
 * key, keeps its own chain, and can be told to misbehave.
 */
export type WireTerminal = {
  readonly url: string;
  readonly enrolment: EnrolReply;
  /** Adds an operation to the chain and gives it as it goes on the wire. */
  readonly record: <Kind extends OperationKind>(
    kind: Kind,
    body: BodyOf<Kind>,
    about?: Partial<Pick<Envelope, 'user_id' | 'approver_id' | 'occurred_at' | 'op_id' | 'location_id'>>,
  ) => WireOperation;
  /** Adds an operation of any kind with any body, its envelope as it should be but for `about`. */
  readonly forge: (kind: string, body: unknown, about?: Record<string, unknown>) => Record<string, unknown>;
  /** Links an operation that may be wrong in any way. */
  readonly link: (content: Record<string, unknown>) => Record<string, unknown>;
  /** Adds any JSON value to the chain, as the server will see it. */
  readonly garbage: (value: unknown) => unknown;
  readonly nextSeq: () => number;
  readonly lastHash: () => string;
  /** A fresh access token. */
  readonly token: () => Promise<string>;
  /** The key that snapshots are signed with, as it comes with a token. */
  readonly snapshotKey: () => Promise<string>;
  readonly send: (path: string, init?: RequestInit) => Promise<Answer>;
  readonly push: (
    operations: readonly unknown[],
    about?: { from_seq?: number; prev_hash?: string },
  ) => Promise<Answer>;
  /** Pushes and expects to be acknowledged. */
  readonly deliver: (
    operations: readonly unknown[],
    about?: { from_seq: number; prev_hash: string },
  ) => Promise<PushReply>;
};

export async function wireTerminal(
  url: string,
  code: string,
  user: UserId,
  name = 'Till',
): Promise<WireTerminal> {
  const keys = generateKeyPairSync('ed25519');
  const enrolment = (await post(url, '/api/v1/terminals/enrol', {
    code,
    name,
    public_key: rawKey(keys.publicKey),
  })) as EnrolReply;
  const { access_token: token } = await newToken(url, enrolment.terminal_id, keys.privateKey);
  const boot = uuid();
  let seq = 0;
  let last = GENESIS;

  const link = (content: Record<string, unknown>): Record<string, unknown> => {
    const prev_hash = last;
    const hash = linkHash(prev_hash, textOf(content), sha256);
    last = hash;
    seq += 1;
    return { ...content, prev_hash, hash };
  };
  const garbage: WireTerminal['garbage'] = (value) => {
    const { terminal_id, epoch } = enrolment;
    const sent: unknown = JSON.parse(JSON.stringify(value));
    seq += 1;
    last = readOperation(sent, { seq, prevHash: last, terminalId: terminal_id, epoch }).hash;
    return sent;
  };
  const forge: WireTerminal['forge'] = (kind, body, about = {}) =>
    link({
      terminal_id: enrolment.terminal_id,
      epoch: enrolment.epoch,
      seq: seq + 1,
      op_id: uuid(),
      kind,
      kind_version: isOperationKind(kind) ? OPERATION_KINDS[kind].version : 1,
      user_id: user,
      occurred_at: new Date().toISOString(),
      tz: enrolment.location.zone,
      boot_id: boot,
      monotonic_ms: Math.round(performance.now()),
      ...about,
      body,
    });
  const record: WireTerminal['record'] = (kind, body, about) => forge(kind, body, about) as WireOperation;
  const send: WireTerminal['send'] = async (path, init = {}) => {
    const response = await fetch(url + path, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string> | undefined) },
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : { text } };
  };
  const push: WireTerminal['push'] = (operations, about = {}) => {
    const first = operations[0] as Partial<WireOperation> | undefined;
    return send('/api/v1/sync/push', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        protocol: 1,
        epoch: enrolment.epoch,
        from_seq: first?.seq,
        prev_hash: first?.prev_hash,
        operations,
        ...about,
      }),
    });
  };
  const deliver: WireTerminal['deliver'] = async (operations, about) => {
    const answer = await push(operations, about);
    if (answer.status !== 200) throw new Error(`push was refused: ${JSON.stringify(answer.body)}`);
    return answer.body as PushReply;
  };
  return {
    url,
    enrolment,
    record,
    forge,
    link,
    garbage,
    nextSeq: () => seq + 1,
    lastHash: () => last,
    token: async () => (await newToken(url, enrolment.terminal_id, keys.privateKey)).access_token,
    snapshotKey: async () => (await newToken(url, enrolment.terminal_id, keys.privateKey)).snapshot_key,
    send,
    push,
    deliver,
  };
}

/** What the hash is taken over; text without a canonical form is quarantined, whatever its hash. */
function textOf(content: Record<string, unknown>): string {
  try {
    return canonicalJson(content);
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    return JSON.stringify(content);
  }
}

async function newToken(
  url: string,
  terminalId: string,
  key: KeyObject,
): Promise<{ access_token: string; snapshot_key: string }> {
  const { challenge } = (await post(url, '/api/v1/terminals/challenge', { terminal_id: terminalId })) as {
    challenge: string;
  };
  const signature = sign(null, Buffer.from(challengeText(challenge)), key).toString('base64url');
  const reply = await post(url, '/api/v1/terminals/token', { challenge, signature });
  return reply as { access_token: string; snapshot_key: string };
}

async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path} was refused: ${JSON.stringify(answer)}`);
  return answer;
}

const rawKey = (key: KeyObject): string => String(key.export({ format: 'jwk' }).x);
