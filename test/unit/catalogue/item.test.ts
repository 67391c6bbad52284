import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barcodeSchema, itemSchema } from '#shared/catalogue/item.ts';

test('a barcode is 1 to 48 printable characters without spaces at the ends', () => {
  for (const code of ['1', '4006381333931', 'AB 12', '~'.repeat(48)])
    expect(barcodeSchema.parse(code)).toBe(code);
  for (const code of ['', ' 1', '1 ', 'x'.repeat(49), 'é', '1\n', '1\t2', '\x1d01']) {
    expect(barcodeSchema.safeParse(code).success).toBe(false);
  }
});

test('a barcode that is accepted is visible ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (code) => {
      if (barcodeSchema.safeParse(code).success) expect(code).toMatch(/^[\x20-\x7e]{1,48}$/);
    }),
  );
});

test('an item keeps a price finer than a penny, and may have no barcode', () => {
  const item = {
    variant_id: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b',
    sku: '85123A',
    name: 'Фонарь белый "Ivory"',
    unit_price_micro: 100_000,
    category: 'lanterns',
    tax_class: 'standard',
    active: true,
    barcodes: [],
  };
  expect(itemSchema.parse(item)).toEqual(item);
  expect(itemSchema.safeParse({ ...item, unit_price_micro: 0.5 }).success).toBe(false);
  expect(itemSchema.safeParse({ ...item, name: '   ' }).success).toBe(false);
});
