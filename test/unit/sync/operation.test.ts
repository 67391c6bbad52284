import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FEED_ENTITY_NAMES, feedChangeSchema } from '#shared/sync/feed.ts';
import { envelopeSchema, isOperationKind, OPERATION_KINDS } from '#shared/sync/operation.ts';
import { PUSH_LIMIT, pushSchema } from '#shared/sync/push.ts';

const id = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b';
const envelope = {
  terminal_id: id,
  epoch: 1,
  seq: 1,
  op_id: id,
  kind: 'ticket.completed',
  kind_version: 1,
  user_id: id,
  occurred_at: '2026-07-01T11:30:00.000Z',
  tz: 'Europe/London',
  boot_id: id,
  monotonic_ms: 0,
  body: {},
};

test('an envelope carries a kind that this version does not know, so that it can be set aside', () => {
  expect(envelopeSchema.safeParse(envelope).success).toBe(true);
  expect(envelopeSchema.safeParse({ ...envelope, kind: 'moon.landed' }).success).toBe(true);
  expect(isOperationKind('moon.landed')).toBe(false);
});

test('an envelope without a place in the sequence, with an unknown zone or a foreign field is malformed', () => {
  for (const wrong of [
    { seq: 0 },
    { seq: 1.5 },
    { tz: 'Europe/Atlantis' },
    { monotonic_ms: -1 },
    { extra: 1 },
  ]) {
    expect(envelopeSchema.safeParse({ ...envelope, ...wrong }).success).toBe(false);
  }
});

test('kinds are in the past tense of an area, and names of object methods are not kinds', () => {
  for (const kind of Object.keys(OPERATION_KINDS)) expect(kind).toMatch(/^[a-z]+\.[a-z]+ed$/);
  for (const kind of ['toString', '__proto__', 'constructor', '']) expect(isOperationKind(kind)).toBe(false);
});

test('a push holds any operation, even garbage, but only so many', () => {
  const place = { protocol: 1, epoch: 1, from_seq: 1, prev_hash: '0'.repeat(64) };
  const push = { ...place, nonce: '1.AAECAwQFBgcICQoLDA0ODw' };
  fc.assert(
    fc.property(fc.array(fc.anything(), { minLength: 1, maxLength: 5 }), (operations) => {
      expect(pushSchema.safeParse({ ...push, operations }).success).toBe(true);
    }),
  );
  const full = new Array(PUSH_LIMIT.operations).fill({});
  expect(pushSchema.safeParse({ ...push, operations: full }).success).toBe(true);
  expect(pushSchema.safeParse({ ...push, operations: [...full, {}] }).success).toBe(false);
  expect(pushSchema.safeParse({ ...push, operations: [] }).success).toBe(false);
});

test('a feed change names a known entity; a row that is gone is null', () => {
  for (const entity of FEED_ENTITY_NAMES) {
    expect(feedChangeSchema.safeParse({ entity, key: 'x', row: null }).success).toBe(true);
  }
  expect(feedChangeSchema.safeParse({ entity: 'secret', key: 'x', row: null }).success).toBe(false);
});
