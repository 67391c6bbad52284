import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addsUpTo,
  distribute,
  divideRounded,
  exactSum,
  multiplyDivide,
  wholeNumber,
} from '#shared/sales/rounding.ts';

/** Half away from zero, by quotient and remainder: another way than the one under test. */
function oracle(numerator: bigint, denominator: bigint): bigint {
  const magnitude = numerator < 0n ? -numerator : numerator;
  const up = 2n * (magnitude % denominator) >= denominator ? 1n : 0n;
  const rounded = magnitude / denominator + up;
  return numerator < 0n ? -rounded : rounded;
}

const divisor = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1_000_000, 1_000_000_000));

describe('rounding a quotient', () => {
  test('halves go away from zero', () => {
    expect([5n, -5n, 3n, -3n, 1n, -1n].map((numerator) => divideRounded(numerator, 2n))).toEqual([
      3, -3, 2, -2, 1, -1,
    ]);
    expect(divideRounded(5n, -2n)).toBe(-3);
  });

  test('agrees with an independent calculation', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
        fc.bigInt({ min: 1000n, max: 10n ** 9n }),
        (n, d) => {
          expect(divideRounded(n, d)).toBe(Number(oracle(n, d)));
        },
      ),
    );
  });

  test('what cannot be held exactly is an error', () => {
    expect(() => divideRounded(2n ** 53n, 1n)).toThrow(RangeError);
    expect(() => wholeNumber(0.5)).toThrow(RangeError);
    expect(() => wholeNumber(Number.NaN)).toThrow(RangeError);
    expect(Object.is(wholeNumber(-0), 0)).toBe(true);
  });
});

describe('a product divided', () => {
  test('agrees with an independent calculation, for small, large and negative numbers', () => {
    const factor = fc.oneof(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.maxSafeInteger());
    fc.assert(
      fc.property(factor, factor, divisor, (a, b, by) => {
        const exact = oracle(BigInt(a) * BigInt(b), BigInt(by));
        if (exact >= -(2n ** 53n) + 1n && exact <= 2n ** 53n - 1n)
          expect(multiplyDivide(a, b, by)).toBe(Number(exact));
        else expect(() => multiplyDivide(a, b, by)).toThrow(RangeError);
      }),
      { numRuns: 1000 },
    );
  });

  test('negative amounts round as exactly as positive ones at the edge of what a number holds', () => {
    expect(multiplyDivide(4503599627370497, 1, 5)).toBe(900719925474099);
    expect(multiplyDivide(-4503599627370497, 1, 5)).toBe(-900719925474099);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.constantFrom(5, 7, 25), (offset, step) => {
        const amount = 4503599627370496 - 50_000 + offset;
        expect(multiplyDivide(-amount, 1, step)).toBe(-multiplyDivide(amount, 1, step));
      }),
    );
  });

  test('is never negative zero', () => {
    expect(Object.is(multiplyDivide(-1, 1, 1000), 0)).toBe(true);
    expect(Object.is(multiplyDivide(0, -5, 10), 0)).toBe(true);
  });
});

describe('adding up', () => {
  const amounts = fc.array(fc.maxSafeInteger(), { maxLength: 8 });

  test('a sum is exact or an error, however large it gets on the way', () => {
    expect(exactSum([Number.MAX_SAFE_INTEGER, 2, -3])).toBe(Number.MAX_SAFE_INTEGER - 1);
    expect(() => exactSum([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError);
    fc.assert(
      fc.property(amounts, (values) => {
        const exact = values.reduce((total, value) => total + BigInt(value), 0n);
        if (Number.isSafeInteger(Number(exact))) expect(exactSum(values)).toBe(Number(exact));
        else expect(() => exactSum(values)).toThrow(RangeError);
      }),
    );
  });

  test('asking whether amounts add up never throws, even when they cannot', () => {
    expect(addsUpTo([Number.MAX_SAFE_INTEGER, 2, -3], Number.MAX_SAFE_INTEGER - 1)).toBe(true);
    expect(addsUpTo([Number.MAX_SAFE_INTEGER, 2, -3], Number.MAX_SAFE_INTEGER - 2)).toBe(false);
    fc.assert(
      fc.property(amounts, fc.maxSafeInteger(), (values, claimed) => {
        const exact = values.reduce((total, value) => total + BigInt(value), 0n);
        expect(addsUpTo(values, claimed)).toBe(exact === BigInt(claimed));
        if (Number.isSafeInteger(Number(exact))) expect(addsUpTo(values, Number(exact))).toBe(true);
      }),
    );
  });
});

describe('splitting a sum', () => {
  const shares = fc.array(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), {
    minLength: 1,
    maxLength: 15,
  });
  const denominator = fc.bigInt({ min: 1n, max: 10n ** 6n });
  const keysOf = (entries: readonly unknown[]) => entries.map((_, index) => `key ${index}`);

  test('the parts add up to the rounded whole', () => {
    fc.assert(
      fc.property(shares, denominator, (numerators, by) => {
        const parts = distribute(numerators, by, keysOf(numerators));
        const whole = numerators.reduce((total, numerator) => total + numerator, 0n);
        expect(parts.reduce((total, part) => total + part, 0)).toBe(Number(oracle(whole, by)));
      }),
    );
  });

  test('each part is within one unit of its exact share', () => {
    fc.assert(
      fc.property(shares, denominator, (numerators, by) => {
        distribute(numerators, by, keysOf(numerators)).forEach((part, index) => {
          const off = BigInt(part) * by - (numerators[index] ?? 0n);
          expect(off < by && off > -by).toBe(true);
        });
      }),
    );
  });

  test('what comes back is split exactly as what was sold, with the other sign', () => {
    fc.assert(
      fc.property(shares, denominator, (numerators, by) => {
        const keys = keysOf(numerators);
        const back = distribute(
          numerators.map((numerator) => -numerator),
          by,
          keys,
        );
        expect(back).toEqual(distribute(numerators, by, keys).map((part) => wholeNumber(-part)));
      }),
    );
  });

  test('the part of an entry does not depend on its place in the list', () => {
    const entries = fc
      .tuple(
        fc.array(fc.bigInt({ min: -20n, max: 20n }), { minLength: 1, maxLength: 10 }),
        fc.bigInt({ min: 1n, max: 12n }),
      )
      .chain(([numerators, by]) => {
        const keyed = numerators.map((numerator, index) => ({ key: `key ${index}`, numerator }));
        const other = fc.shuffledSubarray(keyed, { minLength: keyed.length });
        return fc.record({ by: fc.constant(by), keyed: fc.constant(keyed), other });
      });
    const partsByKey = (list: readonly { key: string; numerator: bigint }[], by: bigint) => {
      const parts = distribute(
        list.map((entry) => entry.numerator),
        by,
        list.map((entry) => entry.key),
      );
      return new Map(list.map((entry, index) => [entry.key, parts[index]]));
    };
    fc.assert(
      fc.property(entries, ({ by, keyed, other }) => {
        for (const [key, part] of partsByKey(keyed, by)) expect(partsByKey(other, by).get(key)).toBe(part);
      }),
    );
  });

  test('a pound over three equal shares gives the odd penny to the first key, wherever it stands', () => {
    expect(distribute([100n, 100n, 100n], 3n, ['a', 'b', 'c'])).toEqual([34, 33, 33]);
    expect(distribute([100n, 100n, 100n], 3n, ['c', 'b', 'a'])).toEqual([33, 33, 34]);
    expect(distribute([-100n, -100n, -100n], 3n, ['a', 'b', 'c'])).toEqual([-34, -33, -33]);
    expect(distribute([], 3n, [])).toEqual([]);
  });
});
