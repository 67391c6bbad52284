import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeSchema, nameSchema, textSchema } from '#shared/text.ts';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe('text people write', () => {
  test('any well-formed text within the length is kept exactly as it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        fc.pre(text.length <= 40 && !text.includes('\0'));
        expect(textSchema(40).parse(text)).toBe(text);
      }),
    );
  });

  test('whatever is accepted can be stored: no NUL, no half of a surrogate pair, not too long', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }), (units) => {
        const text = String.fromCharCode(...units);
        const storable = text.length <= 10 && !text.includes('\0') && text.isWellFormed();
        expect(accepts(textSchema(10), text)).toBe(storable);
      }),
    );
  });

  test('what is not text at all is refused', () => {
    fc.assert(
      fc.property(
        fc.anything().filter((value) => typeof value !== 'string'),
        (value) => {
          expect(accepts(textSchema(10), value)).toBe(false);
        },
      ),
    );
  });

  test('a name must say something; white space of any kind says nothing', () => {
    for (const blank of ['', ' ', '\t\n', '\u00a0', '\u3000'])
      expect(accepts(nameSchema(10), blank)).toBe(false);
    expect(nameSchema(10).parse(' a ')).toBe(' a ');
  });
});

describe('codes', () => {
  test('a code neither begins nor ends with a space and is never empty', () => {
    for (const code of ['', ' ', ' A', 'A ', 'A\n', '\u00a0A']) expect(accepts(codeSchema, code)).toBe(false);
    for (const code of ['A', 'BANK CHARGES', 'молоко', '0']) expect(codeSchema.parse(code)).toBe(code);
  });

  test('a code holds 150 characters and not one more', () => {
    expect(accepts(codeSchema, 'x'.repeat(150))).toBe(true);
    expect(accepts(codeSchema, 'x'.repeat(151))).toBe(false);
  });
});
