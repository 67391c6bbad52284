import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nonceSchema } from '#shared/sync/push.ts';
import {
  freshNonces,
  judgeNonce,
  type Nonces,
  newNonce,
  nextNonces,
  writeNonce,
} from '../../../server/sync/nonce.ts';

const enrolled = (): Nonces => ({ nonce_number: 1, nonce: newNonce(), nonce_before: null });

describe('a nonce', () => {
  test('is written as the contract wants it', () => {
    expect(nonceSchema.safeParse(writeNonce(enrolled())).success).toBe(true);
    expect(nonceSchema.safeParse('1.short').success).toBe(false);
  });

  test('that was shown is followed by a new one, and serves once more while the answer is on its way', () => {
    const first = enrolled();
    const second = nextNonces(writeNonce(first), first);
    expect(judgeNonce(writeNonce(first), second)).toBe('before');
    expect(judgeNonce(writeNonce(second), second)).toBe('newest');
    const third = nextNonces(writeNonce(second), second);
    expect(judgeNonce(writeNonce(first), third)).toBe('stale');
    expect(nextNonces(writeNonce(second), third)).toEqual(third);
  });

  test('is stale once a terminal that had lost a part of its history went on', () => {
    const before = enrolled();
    const after = freshNonces(before);
    expect(judgeNonce(writeNonce(before), after)).toBe('stale');
    expect(judgeNonce(writeNonce(after), after)).toBe('newest');
  });

  test('that this database never gave, or gave in another life, is ahead of it', () => {
    const restored = enrolled();
    const later = nextNonces(writeNonce(restored), restored);
    expect(judgeNonce(writeNonce(later), restored)).toBe('ahead');
    const otherLife = nextNonces(writeNonce(restored), restored);
    expect(judgeNonce(writeNonce(later), otherLife)).toBe('ahead');
    const going = nextNonces(writeNonce(later), restored);
    expect(judgeNonce(writeNonce(later), going)).toBe('before');
    expect(judgeNonce(writeNonce(going), going)).toBe('newest');
  });

  /** What may happen to the push that a terminal sends next, and to the server. */
  const happening = fc.constantFrom('answered', 'answer lost', 'request lost', 'server restored');

  test('never raises an alarm against a terminal that is alone, whatever is lost', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), fc.nat(), (happenings, backedUpAt) => {
        let server = enrolled();
        let backup = server;
        let held = writeNonce(server);
        for (const [index, what] of happenings.entries()) {
          if (index === backedUpAt % 60) backup = server;
          if (what === 'server restored') server = backup;
          if (what === 'request lost' || what === 'server restored') continue;
          expect(judgeNonce(held, server)).not.toBe('stale');
          // Two are under way with the same nonce; whichever answers arrive, they tell the newest.
          server = nextNonces(held, server);
          server = nextNonces(held, server);
          if (what === 'answered') held = writeNonce(server);
        }
      }),
    );
  });

  test('tells every copy that did not have the last answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), (pushes) => {
        let server = enrolled();
        let held = writeNonce(server);
        const copy = held;
        for (let push = 0; push < pushes; push += 1) {
          server = nextNonces(held, server);
          held = writeNonce(server);
        }
        expect(judgeNonce(copy, server)).toBe('stale');
      }),
    );
  });
});
