import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { EnrolReply } from '#shared/contract/central.ts';
import { challengeText } from '#shared/people/challenge.ts';
import { GENESIS } from '#shared/sync/chain.ts';
import type { PushReply } from '#shared/sync/push.ts';
import { inCompany } from '../../server/db.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { type Content, type Poison, poisoned } from './poison.ts';
import { newActor } from './schedule.ts';
import type { WireAnswer } from './servers.ts';
import type { Shop } from './shop.ts';
import type { World } from './world.ts';

/** A terminal of somebody else's making, which speaks the protocol and tells nonsense in it. */
export type Stranger = {
  readonly shop: Shop;
  readonly terminal_id: () => string | undefined;
  /** Delivers operations with these faults, one each. */
  readonly deliver: (poisons: readonly Poison[]) => void;
  /** What the server acknowledged, and whether it had to be set aside. */
  readonly told: ReadonlyMap<number, 'applied' | 'quarantined'>;
  readonly isIdle: () => boolean;
};

type Ids = { op_id: string; adjustment_id: string };

/** So often a delivery is tried. */
const TRIES = 20;

export function newStranger(world: World, shop: Shop): Stranger {
  const { schedule, stage, tell } = world;
  const actor = newActor(`stranger of ${shop.letter}`);
  const told = new Map<number, 'applied' | 'quarantined'>();
  const queue: (readonly Poison[])[] = [];
  let busy = false;
  let enrolment: (EnrolReply & { key: KeyObject }) | undefined;
  let [seq, last] = [0, GENESIS];
  let good: Ids | undefined;
  let nonce = '';

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      schedule.after(ms, actor, () => resolve());
    });

  async function send(path: string, body: unknown, token?: string): Promise<WireAnswer | null> {
    const server = stage.servers.find((one) => one.isUp());
    if (!server) return null;
    return server.handle(
      {
        method: 'POST',
        path,
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: Buffer.from(JSON.stringify(body)),
      },
      world.network.addLine(actor.name).address,
      new AbortController().signal,
    );
  }

  /** Sends until it is answered with what was hoped for. Null where that never comes. */
  async function insist<Value>(path: string, body: unknown, token?: string): Promise<Value | null> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await send(path, body, token);
      tell(`${actor.name} ${path}: ${answer?.status}`);
      if (answer?.status === 500) world.find('unforeseen', `${path} → 500 ${answer.body.toString()}`);
      if (answer && answer.status < 300) return JSON.parse(answer.body.toString()) as Value;
      if (answer && answer.status < 500 && answer.status !== 429) {
        tell(`${actor.name} ${path}: ${answer.body.toString().slice(0, 200)}`);
        return null;
      }
      await pause(700);
    }
    return null;
  }

  async function enrol(): Promise<void> {
    const db = stage.servers[0]?.pool.db;
    if (!db || enrolment) return;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const code = await inCompany(db, shop.company_id, (tx) => makeEnrolmentCode(tx, shop.location_id)).catch(
      () => undefined,
    );
    if (code === undefined) return;
    const public_key = publicKey.export({ format: 'jwk' }).x;
    const reply = await insist<EnrolReply>('/api/v1/terminals/enrol', { code, name: 'Stranger', public_key });
    if (!reply) return;
    enrolment = { ...reply, key: privateKey };
    nonce = reply.nonce;
  }

  async function deliver(poisons: readonly Poison[]): Promise<void> {
    await enrol();
    if (!enrolment) return;
    const { terminal_id, key, epoch } = enrolment;
    const asked = await insist<{ challenge: string }>('/api/v1/terminals/challenge', { terminal_id });
    const signature = sign(null, Buffer.from(challengeText(asked?.challenge ?? '')), key).toString(
      'base64url',
    );
    const { challenge } = asked ?? {};
    const token = await insist<{ access_token: string }>('/api/v1/terminals/token', { challenge, signature });
    if (!token) return;
    const before = { seq, last };
    const operations = poisons.map((poison) => make(poison));
    const body = {
      protocol: 1,
      epoch,
      from_seq: before.seq + 1,
      prev_hash: before.last,
      nonce,
      operations: operations.map(({ sent }) => sent),
    };
    const reply = await insist<PushReply>('/api/v1/sync/push', body, token.access_token);
    if (!reply) {
      [seq, last] = [before.seq, before.last];
      return;
    }
    nonce = reply.nonce ?? nonce;
    for (const [index, { poison }] of operations.entries()) {
      told.set(before.seq + 1 + index, poison === 'nothing' ? 'applied' : 'quarantined');
    }
  }

  /** An operation with one thing wrong about it, at its place in the chain as the server will see it. */
  function make(asked: Poison): { poison: Poison; sent: unknown } {
    seq += 1;
    const again = asked === 'told before' ? good : undefined;
    const poison = asked === 'told before' && !again ? 'nothing' : asked;
    const ids = again ?? { op_id: uuid(), adjustment_id: uuid() };
    if (poison === 'nothing') good ??= ids;
    const { sent, hash } = poisoned(poison, contentOf(ids), last);
    last = hash;
    return { poison, sent };
  }

  function contentOf({ op_id, adjustment_id }: Ids): Content {
    const variant_id = shop.items[seq % shop.items.length]?.variant_id;
    return {
      terminal_id: enrolment?.terminal_id,
      epoch: enrolment?.epoch,
      seq,
      op_id,
      kind: 'stock.adjusted',
      kind_version: 1,
      user_id: shop.manager,
      occurred_at: new Date().toISOString(),
      tz: enrolment?.location.zone,
      boot_id: uuid(),
      monotonic_ms: 1,
      body: {
        adjustment_id,
        reason: 'strange',
        lines: [{ line_id: uuid(), variant_id, sku: 'X', quantity_milli: 1000 }],
      },
    };
  }

  async function work(): Promise<void> {
    for (let next = queue.shift(); next; next = queue.shift()) await deliver(next);
    busy = false;
  }

  return {
    shop,
    told,
    terminal_id: () => enrolment?.terminal_id,
    isIdle: () => !busy,
    deliver: (poisons) => {
      queue.push(poisons);
      if (busy) return;
      busy = true;
      schedule.after(0, actor, () => {
        work().catch((error: unknown) => world.find('unforeseen', `${actor.name}: ${String(error)}`));
      });
    },
  };
}
