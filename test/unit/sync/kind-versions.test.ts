import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { firstVersion, nextVersion, readBody } from '#shared/sync/kind-versions.ts';
import { OPERATION_KINDS } from '#shared/sync/operation.ts';

/** A kind that an imagined shop has changed twice: a name became two, then money got its currency. */
const one = firstVersion(z.strictObject({ name: z.string(), pence: z.int() }));
const two = nextVersion(
  one,
  z.strictObject({ first: z.string(), last: z.string(), pence: z.int() }),
  ({ name, pence }) => ({ first: name.split(' ')[0] ?? '', last: name.split(' ').slice(1).join(' '), pence }),
);
const three = nextVersion(
  two,
  z.strictObject({ first: z.string(), last: z.string(), minor: z.int(), currency: z.literal('GBP') }),
  ({ first, last, pence }) => ({ first, last, minor: pence, currency: 'GBP' as const }),
);

const word = fc.stringMatching(/^[a-z]{1,8}$/);
const amount = fc.integer({ min: -1e9, max: 1e9 });

describe('a kind of operation that was changed', () => {
  test('counts its versions, and begins with 1', () => {
    expect([one.version, two.version, three.version]).toEqual([1, 2, 3]);
  });

  test('is read under every version that was ever told, as the newest has it', () => {
    fc.assert(
      fc.property(word, word, amount, (first, last, pence) => {
        const now = { is: 'body', body: { first, last, minor: pence, currency: 'GBP' } };
        expect(readBody(three, 1, { name: `${first} ${last}`, pence })).toEqual(now);
        expect(readBody(three, 2, { first, last, pence })).toEqual(now);
        expect(readBody(three, 3, now.body)).toEqual(now);
      }),
    );
  });

  test('leaves what was told as it was', () => {
    const told = Object.freeze({ name: 'Ada Lovelace', pence: 5 });
    readBody(three, 1, told);
    expect(told).toEqual({ name: 'Ada Lovelace', pence: 5 });
  });

  test('gives a body of the newest version back as it came, its keys in their order', () => {
    const told = { minor: 5, last: 'Lovelace', first: 'Ada', currency: 'GBP' };
    const read = readBody(three, 3, told);
    expect(read.is === 'body' && read.body).toBe(told);
  });

  test('does not read one version as another', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3),
        fc.constantFrom(
          { version: 1, body: { name: 'Ada Lovelace', pence: 5 } },
          { version: 2, body: { first: 'Ada', last: 'Lovelace', pence: 5 } },
          { version: 3, body: { first: 'Ada', last: 'Lovelace', minor: 5, currency: 'GBP' } },
        ),
        (version, told) => {
          expect(readBody(three, version, told.body).is).toBe(
            version === told.version ? 'body' : 'malformed',
          );
        },
      ),
    );
  });

  test('of a version that nobody here knows yet waits for who knows it', () => {
    expect(readBody(two, 3, {})).toEqual({ is: 'unknown version' });
    expect(readBody(one, 2, {})).toEqual({ is: 'unknown version' });
  });

  test('whose step from one version to the next fails is set aside with the reason, and throws nothing', () => {
    const broken = nextVersion(one, z.strictObject({ initial: z.string() }), ({ name }) => {
      if (name === '') throw new Error('nobody has no name');
      return { initial: name[0] as string };
    });
    expect(readBody(broken, 1, { name: 'Ada', pence: 1 })).toEqual({ is: 'body', body: { initial: 'A' } });
    const read = readBody(broken, 1, { name: '', pence: 1 });
    expect(read.is === 'malformed' && read.error.issues[0]?.message).toMatch(
      /version 2: .*nobody has no name/,
    );
  });

  test('whose step leads to what the next version does not allow is set aside as well', () => {
    const careless = nextVersion(one, z.strictObject({ pence: z.int().min(0) }), ({ pence }) => ({ pence }));
    expect(readBody(careless, 1, { name: '', pence: 1 }).is).toBe('body');
    expect(readBody(careless, 1, { name: '', pence: -1 }).is).toBe('malformed');
  });
});

test('every kind knows as many earlier versions as its own has before it', () => {
  for (const { version, earlier } of Object.values(OPERATION_KINDS))
    expect(earlier).toHaveLength(version - 1);
});
