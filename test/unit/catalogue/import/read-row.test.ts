import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { itemSchema } from '#shared/catalogue/item.ts';
import { currencySchema } from '#shared/sales/money.ts';
import { findColumns } from '../../../../server/catalogue/import/columns.ts';
import { type RowRules, readRow } from '../../../../server/catalogue/import/read-row.ts';

const HEADER = ['sku', 'barcode', 'name', 'category', 'department', 'price', 'tax', 'active', 'note'];

const rules = (header = HEADER, rest: Partial<RowRules> = {}): RowRules => ({
  columns: findColumns(header, {}),
  width: header.length,
  delimiter: ',',
  currency: currencySchema.parse('GBP'),
  tax_classes: new Set(['RED', 'STD']),
  ...rest,
});

const SOUND = {
  sku: '85123A',
  barcode: '4006381333931',
  name: 'Lantern',
  category: 'Home/Light',
  department: 'Home',
  price: '2.55',
  tax: 'STD',
  active: 'yes',
  note: '',
};

const read = (cells: Partial<typeof SOUND>, with_: RowRules = rules()) =>
  readRow({ line: 7, cells: Object.values({ ...SOUND, ...cells }) }, with_);

/** `column: reason` of everything found, where nothing was taken. */
const rejections = (cells: Partial<typeof SOUND>, with_?: RowRules) => {
  const { row, findings } = read(cells, with_);
  expect(row).toBeUndefined();
  return findings.map(({ column, reason }) => `${column}: ${reason}`);
};

test('a sound row is read, cell by cell', () => {
  expect(read({})).toEqual({
    row: {
      line: 7,
      key: '85123A',
      name: 'Lantern',
      barcode: '4006381333931',
      unit_price_micro: 255_000_000,
      category: 'Home/Light',
      department: 'Home',
      tax_class: 'STD',
      active: true,
    },
    findings: [],
  });
});

test('an empty cell says nothing', () => {
  const { row } = read({ barcode: '', category: ' ', department: '', price: '', tax: '', active: '' });
  expect(row).toEqual({
    line: 7,
    key: '85123A',
    name: 'Lantern',
    barcode: undefined,
    unit_price_micro: undefined,
    category: undefined,
    department: undefined,
    tax_class: undefined,
    active: undefined,
  });
});

test('a row of empty cells is no row', () => {
  expect(readRow({ line: 7, cells: HEADER.map(() => ' ') }, rules())).toEqual({
    row: undefined,
    findings: [],
  });
});

test('without a sku the barcode is the key', () => {
  const header = ['ean', 'name'];
  expect(readRow({ line: 2, cells: ['96385074', 'Tea'] }, rules(header)).row).toMatchObject({
    key: '96385074',
  });
  expect(readRow({ line: 2, cells: ['', 'Tea'] }, rules(header)).findings).toMatchObject([
    { column: 'ean', reason: 'is empty' },
  ]);
});

describe('values', () => {
  test('a wrong check digit is a warning, and the row is taken', () => {
    const { row, findings } = read({ barcode: '4006381333932' });
    expect(row?.barcode).toBe('4006381333932');
    expect(findings).toEqual([
      {
        kind: 'warning',
        line: 7,
        column: 'barcode',
        value: '4006381333932',
        reason: 'the check digit is wrong; taken as it is',
      },
    ]);
  });

  test('line ends and control characters within a name become a space', () => {
    expect(read({ name: ' Lantern,\n\twhite\u0007big\u2028end ' }).row?.name).toBe('Lantern, white big end');
  });

  test('prices are exact, with a decimal comma where semicolons part the cells', () => {
    expect(read({ price: '0.001' }).row?.unit_price_micro).toBe(100_000);
    expect(read({ price: '12,50' }, rules(HEADER, { delimiter: ';' })).row?.unit_price_micro).toBe(
      1_250_000_000,
    );
    expect(read({ price: '0' }).row?.unit_price_micro).toBe(0);
  });

  test.each([
    [
      { price: '£2.55' },
      'price: is not a price: digits with at most one decimal point, without currency signs or grouping',
    ],
    [
      { price: '1,250.00' },
      'price: is not a price: digits with at most one decimal point, without currency signs or grouping',
    ],
    [{ price: '-1' }, 'price: is below zero'],
    [{ price: '0.1234567891' }, 'price: has more decimals than a price can have'],
    [{ price: '99999999999' }, 'price: is larger than a price can be'],
    [{ name: '' }, 'name: is empty'],
    [{ name: 'x'.repeat(301) }, 'name: is longer than 300 characters'],
    [{ sku: '' }, 'sku: is empty'],
    [{ sku: 'x'.repeat(151) }, 'sku: is longer than 150 characters'],
    [{ barcode: 'é' }, 'barcode: must be 1 to 48 printable characters'],
    [
      { barcode: '5.01235E+12' },
      'barcode: was shortened by a spreadsheet; format the column as text and save the file again',
    ],
    [
      { sku: '5E+12' },
      'sku: was shortened by a spreadsheet; format the column as text and save the file again',
    ],
    [{ category: 'x'.repeat(151) }, 'category: is longer than 150 characters'],
    [{ tax: 'VAT' }, 'tax: is not a tax class; there are RED, STD'],
    [{ active: 'perhaps' }, 'active: is neither yes nor no'],
  ])('%j is rejected', (cells, reason) => {
    expect(rejections(cells)).toEqual([reason]);
  });

  test('all faults of a row are told at once', () => {
    expect(rejections({ sku: '', name: '', price: 'x' })).toHaveLength(3);
  });
});

describe('cells that do not fit the header', () => {
  const reason = (cells: string[]) => readRow({ line: 3, cells }, rules()).findings[0]?.reason;

  test('too many are rejected, as a stray delimiter has moved them', () => {
    expect(reason([...Object.values(SOUND), 'more'])).toBe('has 10 columns where the header has 9');
  });

  test('too few are rejected where a known column is missing', () => {
    expect(reason(['85123A', '4006381333931', 'Lantern'])).toBe('has 3 columns where the header has 9');
  });

  test('empty ones at the end, too many or left off, do no harm', () => {
    const cells = Object.values(SOUND);
    expect(readRow({ line: 3, cells: [...cells, '', ' '] }, rules()).row).toBeDefined();
    expect(readRow({ line: 3, cells: cells.slice(0, -1) }, rules()).row).toBeDefined();
  });
});

test('whatever stands in a file, a row that is taken makes an item that terminals take', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '1', '4006381333931', '2.50', 'STD', 'no'),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 9, maxLength: 9 }), (cells) => {
      const { row, findings } = readRow({ line: 2, cells }, rules());
      if (!row) return;
      expect(findings.every(({ kind }) => kind === 'warning')).toBe(true);
      const item = {
        variant_id: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b',
        sku: row.key,
        name: row.name,
        unit_price_micro: row.unit_price_micro ?? 0,
        category: row.category ?? row.department ?? 'UNSORTED',
        tax_class: row.tax_class ?? 'STD',
        active: row.active ?? true,
        barcodes: row.barcode === undefined ? [] : [row.barcode],
      };
      expect(itemSchema.safeParse(item).error).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});
