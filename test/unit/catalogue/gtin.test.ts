import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barcodeKind, barcodeSpellings, gtinCheckDigit } from '#shared/catalogue/gtin.ts';

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
const body = fc.constantFrom(7, 11, 12, 13).chain(digits);

describe('check digits', () => {
  test.each(['4006381333931', '96385074', '036000291452', '00012345600012', '5901234123457'])(
    '%s is a GTIN',
    (code) => {
      expect(barcodeKind(code)).toBe('gtin');
    },
  );

  test('complete every GTIN, and no other last digit will do', () => {
    fc.assert(
      fc.property(body, fc.integer({ min: 1, max: 9 }), (code, off) => {
        const check = gtinCheckDigit(code);
        expect(barcodeKind(`${code}${check}`)).toBe('gtin');
        expect(barcodeKind(`${code}${(check + off) % 10}`)).toBe('gtin_bad_check_digit');
      }),
    );
  });

  test('show every single wrong digit', () => {
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 1, max: 9 }), (code, at, off) => {
        const whole = `${code}${gtinCheckDigit(code)}`;
        const place = at % whole.length;
        const wrong = (Number(whole[place]) + off) % 10;
        expect(barcodeKind(whole.slice(0, place) + wrong + whole.slice(place + 1))).toBe(
          'gtin_bad_check_digit',
        );
      }),
    );
  });

  test('do not change when zeros are put before the code', () => {
    fc.assert(
      fc.property(digits(11), (code) => {
        expect(gtinCheckDigit(`00${code}`)).toBe(gtinCheckDigit(code));
      }),
    );
  });
});

test.each(['', '123', '1234567890', 'ABC12345', '123456789012345', '4006381333931 ', '４００６３８１３'])(
  '%j is some other code',
  (code) => {
    expect(barcodeKind(code)).toBe('other');
  },
);

describe('spellings of a scanned code', () => {
  test('a UPC-A is also looked for as an EAN-13 with a leading zero, and the other way round', () => {
    expect(barcodeSpellings('036000291452')).toEqual(['036000291452', '0036000291452']);
    expect(barcodeSpellings('0036000291452')).toEqual(['0036000291452', '036000291452']);
  });

  test('begin with what was scanned, and finding one means finding the other', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          digits(12),
          digits(12).map((code) => `0${code}`),
          fc.string(),
        ),
        (code) => {
          const spellings = barcodeSpellings(code);
          expect(spellings[0]).toBe(code);
          for (const spelling of spellings) expect(barcodeSpellings(spelling)).toContain(code);
        },
      ),
    );
  });

  test('other codes have one spelling', () => {
    for (const code of ['4006381333931', '96385074', '85123A'])
      expect(barcodeSpellings(code)).toEqual([code]);
  });
});
