import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
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

/** How a push differs from what it should be; or its answer never arrives. */
type PushOptions = {
  from_seq?: number;
  prev_hash?: string;
  epoch?: number;
  nonce?: string;
  isAnswerLost?: boolean;
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
  /** The key that it is enrolled with, as it was sent. */
  readonly publicKey: string;
  /** A fresh access token. */
  readonly token: () => Promise<string>;
  /** The key that snapshots are signed with, as it comes with a token. */
  readonly snapshotKey: () => Promise<string>;
  readonly send: (path: string, init?: RequestInit) => Promise<Answer>;
  readonly post: (path: string, body: unknown) => Promise<Answer>;
  readonly push: (operations: readonly unknown[], about?: PushOptions) => Promise<Answer>;
  /** Hands in operations as another history. */
  readonly handIn: (operations: readonly unknown[]) => Promise<Answer>;
  /** What the next push will show, as it was given last. */
  readonly nonce: () => string;
  readonly keepNonce: (given: string) => void;
  /** Another device with a copy of this one's disk as it is now. */
  readonly copy: () => Promise<WireTerminal>;
  /** Goes on with a code and a new key, as the terminal that the code was made for. */
  readonly enrolAgain: (code: string) => Promise<WireTerminal>;
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
  return behave(url, user, await enrol(url, { code, name }), { seq: 0, last: GENESIS });
}

/** A device that was enrolled before, by whatever way: its key, and what the server answered. */
export const enrolledTerminal = (
  url: string,
  user: UserId,
  enrolled: { enrolment: EnrolReply; key: KeyObject },
): Promise<WireTerminal> => behave(url, user, enrolled, { seq: 0, last: GENESIS });

/** What a device has on its disk: its key, who it is, and where its chain ends. */
type Disk = { seq: number; last: string; nonce?: string };
type Enrolled = { enrolment: EnrolReply; key: KeyObject };

async function enrol(
  url: string,
  asked: { code: string; name: string; after_seq?: number },
): Promise<Enrolled> {
  const keys = generateKeyPairSync('ed25519');
  const public_key = rawKey(keys.publicKey);
  const enrolment = await ask(url, '/api/v1/terminals/enrol', { ...asked, public_key });
  return { enrolment: enrolment as EnrolReply, key: keys.privateKey };
}

async function behave(
  url: string,
  user: UserId,
  { enrolment, key }: Enrolled,
  disk: Disk,
): Promise<WireTerminal> {
  const { access_token: token } = await newToken(url, enrolment.terminal_id, key);
  const boot = uuid();
  let { seq, last, nonce = enrolment.nonce } = disk;

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
  const post: WireTerminal['post'] = (path, body) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const batch = (operations: readonly unknown[], about: PushOptions = {}) => {
    const first = operations[0] as Partial<WireOperation> | undefined;
    const { isAnswerLost: _, ...fields } = about;
    const { epoch } = enrolment;
    const from = { from_seq: first?.seq, prev_hash: first?.prev_hash };
    return { protocol: 1, epoch, ...from, nonce, operations, ...fields };
  };
  const push: WireTerminal['push'] = async (operations, about = {}) => {
    const answer = await post('/api/v1/sync/push', batch(operations, about));
    if (!about.isAnswerLost && typeof answer.body.nonce === 'string') nonce = answer.body.nonce;
    return answer;
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
    publicKey: rawKey(createPublicKey(key)),
    token: async () => (await newToken(url, enrolment.terminal_id, key)).access_token,
    snapshotKey: async () => (await newToken(url, enrolment.terminal_id, key)).snapshot_key,
    send,
    post,
    push,
    deliver,
    handIn: (operations) => post('/api/v1/sync/branch', batch(operations)),
    nonce: () => nonce,
    keepNonce: (given) => {
      nonce = given;
    },
    copy: () => behave(url, user, { enrolment, key }, { seq, last, nonce }),
    enrolAgain: async (code) => {
      const again = await enrol(url, { code, name: 'Till', after_seq: seq });
      return behave(url, user, again, { seq, last: GENESIS });
    },
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
  const { challenge } = (await ask(url, '/api/v1/terminals/challenge', { terminal_id: terminalId })) as {
    challenge: string;
  };
  const signature = sign(null, Buffer.from(challengeText(challenge)), key).toString('base64url');
  const reply = await ask(url, '/api/v1/terminals/token', { challenge, signature });
  return reply as { access_token: string; snapshot_key: string };
}

async function ask(url: string, path: string, body: unknown): Promise<unknown> {
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
