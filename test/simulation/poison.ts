import { v7 as uuid } from 'uuid';
import { canonicalJson, NotCanonical } from '#shared/sync/canonical.ts';
import { linkHash } from '#shared/sync/chain.ts';
import { sha256 } from '../../server/sync/received.ts';

/** What an operation says, all of it but its two hashes. */
export type Content = Record<string, unknown> & { seq: number; body: Record<string, unknown> };

/** What is wrong with an operation, and how it comes to be. */
const SPOILT = {
  nothing: (content: Content) => content,
  malformed: (content: Content) => ({ ...content, body: { ...content.body, lines: 'none' } }),
  'unknown kind': (content: Content) => ({ ...content, kind: 'coupon.torn' }),
  'unknown version': (content: Content) => ({ ...content, kind_version: 99 }),
  'wrong hash': (content: Content) => content,
  'broken chain': (content: Content) => content,
  'wrong terminal': (content: Content) => ({ ...content, terminal_id: uuid() }),
  'wrong place': (content: Content) => ({ ...content, seq: content.seq + 7 }),
  'told before': (content: Content) => content,
  'too large': (content: Content) => ({ ...content, monotonic_ms: 2 ** 60 }),
  'no text': (content: Content) => ({ ...content, body: { ...content.body, reason: 'a\ud800b\u0000' } }),
  'no object': (content: Content) => [content.seq, 'two', null],
} as const;
export type Poison = keyof typeof SPOILT;
export const POISONS = Object.keys(SPOILT) as Poison[];

/** An operation as it is sent, and the hash that the next one follows. */
export type Poisoned = { readonly sent: unknown; readonly hash: string };

/** @param last the hash before it */
export function poisoned(poison: Poison, content: Content, last: string): Poisoned {
  const spoilt = SPOILT[poison](content);
  // What is no object has no hash of its own: the server takes one over what came.
  if (Array.isArray(spoilt)) return { sent: spoilt, hash: linkHash(last, canonicalJson(spoilt), sha256) };
  const prev_hash = poison === 'broken chain' ? 'f'.repeat(64) : last;
  const hash = poison === 'wrong hash' ? 'e'.repeat(64) : linkHash(prev_hash, textOf(spoilt), sha256);
  return { sent: { ...spoilt, prev_hash, hash }, hash };
}

/** What the hash is taken over; what has no canonical form is set aside whatever its hash. */
function textOf(content: object): string {
  try {
    return canonicalJson(content);
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    return JSON.stringify(content);
  }
}
