import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fullSku,
  hexSignature,
  identitySchema,
  upisH,
  variantKeySchema,
} from '#shared/catalogue/identity.ts';

const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const identity = fc.record({
  product_id: fc.integer({ min: 1, max: 0xff_ffff }),
  type: letter,
  lci: fc.integer({ min: 0, max: 0xffff }),
  physical_class: letter,
});

test('the identity of the design is written as the design writes it', () => {
  const lantern = { product_id: 845, type: 'P', lci: 1, physical_class: 'E' };
  expect(upisH(lantern)).toBe('00845-P-1');
  expect(hexSignature(lantern)).toBe('00034D50450001');
  expect(fullSku({ ...lantern, colour_code: 'WY', condition_code: 'N' })).toBe('00845-P-1-WY-N');
});

test('a product number beyond five digits is written whole', () => {
  const last = { product_id: 0xff_ffff, type: 'Z', lci: 0xffff, physical_class: 'A' };
  expect(upisH(last)).toBe('16777215-Z-65535');
  expect(hexSignature(last)).toBe('FFFFFF5A41FFFF');
});

test('every signature is fourteen digits and says the identity again', () => {
  fc.assert(
    fc.property(identity, (one) => {
      const signature = hexSignature(one);
      expect(signature).toMatch(/^[0-9A-F]{14}$/);
      const at = (from: number, to: number) => Number.parseInt(signature.slice(from, to), 16);
      expect({
        product_id: at(0, 6),
        type: String.fromCharCode(at(6, 8)),
        physical_class: String.fromCharCode(at(8, 10)),
        lci: at(10, 14),
      }).toEqual(one);
    }),
  );
});

test('what does not fit the signature is no identity', () => {
  const sound = { product_id: 1, type: 'P', lci: 0, physical_class: 'E' };
  expect(identitySchema.parse(sound)).toEqual(sound);
  for (const wrong of [
    { product_id: 0 },
    { product_id: 0x100_0000 },
    { lci: -1 },
    { lci: 0x1_0000 },
    { type: 'p' },
    { type: 'PP' },
    { physical_class: '' },
    { physical_class: 'É' },
    { colour_code: 'XX' },
  ]) {
    expect(identitySchema.safeParse({ ...sound, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
  }
  expect(variantKeySchema.safeParse({ ...sound, colour_code: 'X', condition_code: 'N' }).success).toBe(false);
});
