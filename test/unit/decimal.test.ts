import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDecimal, parseDecimal } from '#shared/decimal.ts';

const wholeNumber = fc.maxSafeInteger();
const places = fc.integer({ min: 0, max: 8 });

describe('reading decimals', () => {
  test('every whole number survives being written and read again, at any number of places', () => {
    fc.assert(
      fc.property(wholeNumber, places, (value, count) => {
        expect(parseDecimal(formatDecimal(value, count), count)).toEqual({ ok: true, value });
      }),
    );
  });

  test.each([
    ['2.55', 2, 255],
    ['2.5', 2, 250],
    ['2.', 2, 200],
    ['.5', 2, 50],
    ['+7', 2, 700],
    ['-0.01', 2, -1],
    ['  12.30\t', 2, 1230],
    ['0012', 0, 12],
    ['2.500000', 2, 250],
    ['1.2E1', 2, 1200],
    ['1e-2', 2, 1],
    ['125e-3', 3, 125],
    ['0e-999', 2, 0],
    ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
  ])('%j at %i places is %i', (text, count, value) => {
    expect(parseDecimal(text, count)).toEqual({ ok: true, value });
  });

  test('nothing is ever negative zero, which a hash would tell apart from zero', () => {
    for (const text of ['-0', '-0.00', '-0e5']) {
      const read = parseDecimal(text, 2);
      expect(read.ok && Object.is(read.value, 0)).toBe(true);
    }
  });

  test('digits finer than asked for are an error, never rounded away', () => {
    expect(parseDecimal('2.555', 2)).toEqual({ ok: false, error: 'too_fine' });
    expect(parseDecimal('1e-3', 2)).toEqual({ ok: false, error: 'too_fine' });
    expect(parseDecimal('1e-999', 8)).toEqual({ ok: false, error: 'too_fine' });
  });

  test('a number past 2^53 is an error, never an approximation', () => {
    expect(parseDecimal('90071992547409.92', 2)).toEqual({ ok: false, error: 'too_large' });
    expect(parseDecimal('-1e400', 0)).toEqual({ ok: false, error: 'too_large' });
  });

  test.each([
    '',
    ' ',
    '.',
    '-',
    '+.',
    'e5',
    '1e',
    '1,5',
    '1 000',
    '1.2.3',
    '--1',
    '0x10',
    '1_000',
    'NaN',
    'Infinity',
    '£2',
    '2p',
    '١٢',
    '２',
    '−5',
    '1e1000',
    '1\n2',
  ])('%j is not a number', (text) => {
    expect(parseDecimal(text, 2)).toEqual({ ok: false, error: 'not_a_number' });
  });

  test('garbage is refused without ever throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), places, (text, count) => {
        const read = parseDecimal(text, count);
        if (read.ok) expect(Number.isSafeInteger(read.value)).toBe(true);
        else expect(['not_a_number', 'too_fine', 'too_large']).toContain(read.error);
      }),
    );
  });

  test('scientific spelling means the same number as plain spelling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -99_999, max: 99_999 }),
        fc.integer({ min: -6, max: 6 }),
        (digits, power) => {
          const plain = power >= 0 ? `${digits}${'0'.repeat(power)}` : formatDecimal(digits, -power);
          expect(parseDecimal(`${digits}e${power}`, 6)).toEqual(parseDecimal(plain, 6));
        },
      ),
    );
  });
});

describe('writing decimals', () => {
  test.each([
    [-255, 2, '-2.55'],
    [5, 2, '0.05'],
    [0, 2, '0.00'],
    [-0, 2, '0.00'],
    [1200, 0, '1200'],
    [-1, 3, '-0.001'],
  ])('%i at %i places is written %s', (value, count, text) => {
    expect(formatDecimal(value, count)).toBe(text);
  });
});
