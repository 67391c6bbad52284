import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, NotCanonical } from '#shared/sync/canonical.ts';

type Tree = string | number | boolean | null | Tree[] | { [key: string]: Tree };

/** Values as operations hold them: any well-formed text, whole numbers, nested lists and records. */
const json: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  return {
    tree: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 5, noNullPrototype: true }),
    ),
  };
}).tree;

/** The same value with the keys of every record put in in the opposite order. */
function reversed(value: Tree): Tree {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, reversed(entry)]),
  );
}

describe('canonical JSON', () => {
  test('is JSON: read again it is the same value, and writes the same text', () => {
    fc.assert(
      fc.property(json, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  test('does not depend on the order in which fields were set', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  test('two different values never share a text', () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        expect(canonicalJson(left) === canonicalJson(right)).toBe(isDeepStrictEqual(left, right));
      }),
    );
  });

  test('orders keys by their UTF-16 units, leaves out what is absent, and adds no white space', () => {
    expect(canonicalJson({ b: 1, a: [true, null], '10': 'x', '9': undefined, é: -0 })).toBe(
      '{"10":"x","a":[true,null],"b":1,"é":0}',
    );
    expect(canonicalJson({ '\u{1f600}': 1, '\ufb33': 2 })).toBe('{"\u{1f600}":1,"\ufb33":2}');
  });

  test.each([
    ['a fraction', { amount: 0.1 }, '$.amount'],
    ['a number past 2^53', { lines: [{ n: 2 ** 53 }] }, '$.lines[0].n'],
    ['not-a-number', [Number.NaN], '$[0]'],
    ['a lone surrogate', { name: 'a\ud800' }, '$.name'],
    ['a lone surrogate in a key', { '\udc00': 1 }, '$'],
    ['undefined in a list', [undefined], '$[0]'],
    ['a hole in a list', new Array(1), '$[0]'],
    ['a bigint', { n: 1n }, '$.n'],
    ['a function', { run: () => 1 }, '$.run'],
    ['a date, which would lose its value', { at: new Date(0) }, '$.at'],
    ['a map, which would lose its entries', { of: new Map([['a', 1]]) }, '$.of'],
  ])('refuses %s and says where it is', (_, value, path) => {
    const refused = (() => {
      try {
        return canonicalJson(value);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(NotCanonical);
    expect(refused).toMatchObject({ path });
  });

  test('refuses a value nested without end instead of running out of stack', () => {
    const deep = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;
    expect(canonicalJson(deep(50))).toBe('['.repeat(50) + ']'.repeat(50));
    expect(() => canonicalJson(deep(100_000))).toThrow(NotCanonical);
  });
});
