import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { variantIdSchema } from '#shared/ids.ts';
import { unitPrice } from '#shared/sales/money.ts';
import {
  type ItemValues,
  type PlanRules,
  planChunk,
  type Stored,
  type Taken,
} from '../../../../server/catalogue/import/plan-chunk.ts';
import type { ImportRow } from '../../../../server/catalogue/import/read-row.ts';

const RULES: PlanRules = {
  keyed_by: 'sku',
  headers: { key: 'sku', barcode: 'ean', price: 'price' },
  price: undefined,
  tax_class: 'STD',
};

const aRow = (line: number, key: string, says: Partial<ImportRow> = {}): ImportRow => ({
  line,
  key,
  name: `Item ${key}`,
  barcode: undefined,
  unit_price_micro: unitPrice(1_000_000),
  category: undefined,
  department: undefined,
  tax_class: undefined,
  active: undefined,
  ...says,
});

const anItem = (sku: string, values: Partial<ItemValues> = {}): ItemValues => ({
  variant_id: variantIdSchema.parse(uuid()),
  sku,
  name: `Item ${sku}`,
  unit_price_micro: unitPrice(1_000_000),
  category_code: 'UNSORTED',
  tax_class_code: 'STD',
  active: true,
  ...values,
});

const nothingTaken = (): Taken => ({ lines: new Map(), owners: new Map() });
const stored = (...items: [ItemValues, ...string[]][]): Stored => ({
  by_sku: new Map(items.map(([item]) => [item.sku, item])),
  by_barcode: new Map(items.flatMap(([item, ...codes]) => codes.map((code) => [code, item] as const))),
});
const plan = (rows: ImportRow[], there = stored(), rules: Partial<PlanRules> = {}, before = nothingTaken()) =>
  planChunk(rows, there, before, { ...RULES, ...rules });

describe('a new item', () => {
  test('gets what the file says, and the rest by rule', () => {
    const { created, categories, barcodes, tally } = plan([
      aRow(2, 'A', { barcode: '111', category: 'Food/Drinks/Wine', tax_class: 'RED', active: false }),
      aRow(3, 'B'),
    ]);
    expect(created).toMatchObject([
      { sku: 'A', category_code: 'Food/Drinks/Wine', tax_class_code: 'RED', active: false },
      { sku: 'B', category_code: 'UNSORTED', tax_class_code: 'STD', active: true },
    ]);
    expect(categories).toEqual(
      new Map([
        ['Food/Drinks/Wine', 'Food'],
        ['UNSORTED', 'GENERAL'],
      ]),
    );
    expect(barcodes).toEqual([{ code: '111', variant_id: created[0]?.variant_id }]);
    expect(tally).toEqual({ new: 2, changed: 0, unchanged: 0, repeated: 0, rejected: 0 });
  });

  test('without a price is rejected, unless there is a rule', () => {
    const row = aRow(2, 'A', { unit_price_micro: undefined });
    expect(plan([row]).findings).toMatchObject([
      { kind: 'rejected', line: 2, column: 'price', reason: 'is empty, and the item is new' },
    ]);
    expect(plan([row], stored(), { price: () => unitPrice(5) }).created).toMatchObject([
      { unit_price_micro: 5 },
    ]);
  });

  test.each([
    [{ category: 'Wine' }, 'Wine', 'Wine'],
    [{ category: ' / Food / Wine' }, ' / Food / Wine', 'Food'],
    [{ category: '///' }, '///', 'GENERAL'],
    [{ category: 'Wine', department: 'Drinks' }, 'Wine', 'Drinks'],
    [{ department: 'Drinks' }, 'Drinks', 'Drinks'],
  ])('with %j is put into category %j of department %j', (says, category, department) => {
    expect([...plan([aRow(2, 'A', says)]).categories]).toEqual([[category, department]]);
  });
});

describe('an item that exists', () => {
  test('is left alone when nothing differs', () => {
    const item = anItem('A', { category_code: 'Wine', active: false, tax_class_code: 'RED' });
    const { changed, tally } = plan([aRow(2, 'A', { barcode: '111' })], stored([item, '111']));
    expect(changed).toEqual([]);
    expect(tally.unchanged).toBe(1);
  });

  test('keeps what the file does not say, its price rule included', () => {
    const item = anItem('A', { category_code: 'Wine', active: false, tax_class_code: 'RED' });
    const row = aRow(2, 'A', { name: 'New name', unit_price_micro: undefined });
    const { changed, categories } = plan([row], stored([item]), { price: () => unitPrice(5) });
    expect(changed).toEqual([{ ...item, name: 'New name' }]);
    expect(categories.size).toBe(0);
  });

  test.each([
    [{ name: 'Other' }, { name: 'Other' }],
    [{ unit_price_micro: unitPrice(7) }, { unit_price_micro: 7 }],
    [{ category: 'Food/Wine' }, { category_code: 'Food/Wine' }],
    [{ tax_class: 'RED' }, { tax_class_code: 'RED' }],
    [{ active: false }, { active: false }],
  ])('takes %j', (says, becomes) => {
    const item = anItem('A');
    expect(plan([aRow(2, 'A', says)], stored([item])).changed).toEqual([{ ...item, ...becomes }]);
  });

  test('is changed by a barcode that it did not have', () => {
    const item = anItem('A');
    const { barcodes, changed, tally } = plan([aRow(2, 'A', { barcode: '222' })], stored([item, '111']));
    expect(barcodes).toEqual([{ code: '222', variant_id: item.variant_id }]);
    expect([changed.length, tally.changed]).toEqual([0, 1]);
  });

  test('is found by its barcode where the file has no sku', () => {
    const item = anItem('LANTERN');
    const rules = { keyed_by: 'barcode' } as const;
    const row = aRow(2, '111', { barcode: '111', name: 'Lantern, white' });
    expect(plan([row], stored([item, '111']), rules).changed).toEqual([{ ...item, name: 'Lantern, white' }]);
  });

  test('is not meant by a sku that happens to be its barcode', () => {
    const there = stored([anItem('LANTERN'), '111']);
    expect(plan([aRow(2, '111')], there).tally.new).toBe(1);
    expect(plan([aRow(2, '111', { barcode: '111' })], there).findings).toMatchObject([
      { kind: 'rejected', column: 'ean', value: '111', reason: 'belongs to LANTERN already' },
    ]);
  });
});

describe('a barcode of another item', () => {
  test('in the same file is rejected with the name of its owner', () => {
    const { tally, findings } = plan([aRow(2, 'A', { barcode: '111' }), aRow(3, 'B', { barcode: '111' })]);
    expect(tally).toMatchObject({ new: 1, rejected: 1 });
    expect(findings).toMatchObject([{ line: 3, reason: 'belongs to A already' }]);
  });

  test('in an earlier chunk is rejected as well', () => {
    const before = { lines: new Map([['A', 2]]), owners: new Map([['111', 'A']]) };
    expect(plan([aRow(9, 'B', { barcode: '111' })], stored(), {}, before).tally.rejected).toBe(1);
  });

  test('whose row was rejected is free for the next', () => {
    const priceless = aRow(2, 'A', { barcode: '111', unit_price_micro: undefined });
    expect(plan([priceless, aRow(3, 'B', { barcode: '111' })]).tally).toMatchObject({ new: 1, rejected: 1 });
  });
});

describe('a key that stands twice in a file', () => {
  test('takes its first row, and every barcode', () => {
    const { created, barcodes, tally, findings } = plan([
      aRow(2, 'A', { barcode: '111' }),
      aRow(3, 'A', { barcode: '222', name: 'Other' }),
      aRow(4, 'A', { barcode: '222' }),
    ]);
    expect(created).toMatchObject([{ name: 'Item A' }]);
    expect(barcodes.map(({ code }) => code)).toEqual(['111', '222']);
    expect(tally).toMatchObject({ new: 1, repeated: 2 });
    expect(findings).toMatchObject([
      {
        kind: 'warning',
        line: 3,
        value: 'A',
        reason: 'is on line 2 too, which was taken; of this row only the barcode',
      },
      { line: 4 },
    ]);
  });

  test('does so across chunks, and then changes nothing a second time', () => {
    const item = anItem('A');
    const before = { lines: new Map([['A', 2]]), owners: new Map<string, string>() };
    const row = aRow(7000, 'A', { name: 'Other', barcode: '222' });
    const first = plan([row], stored([item]), {}, before);
    expect([first.changed.length, first.barcodes.length, first.tally.repeated]).toEqual([0, 1, 1]);
    const second = plan([row], stored([item, '222']), {}, before);
    expect([second.changed.length, second.barcodes.length]).toEqual([0, 0]);
  });
});
