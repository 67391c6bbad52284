import { expect, test } from 'vitest';
import { findColumns } from '../../../../server/catalogue/import/columns.ts';

const headers = (columns: ReturnType<typeof findColumns>) =>
  Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, `${column.place} ${column.header}`]),
  );

test('columns are known by their usual headers, without regard to capitals and order', () => {
  expect(headers(findColumns(['Description', 'PRICE', 'EAN', 'brand', 'Sku'], {}))).toEqual({
    sku: '4 Sku',
    barcode: '2 EAN',
    name: '0 Description',
    price: '1 PRICE',
  });
});

test('a map names columns that are called otherwise, and leaves out what is not meant', () => {
  const columns = findColumns(['StockCode', 'Description', 'UnitPrice', 'Code'], {
    sku: 'stockcode',
    price: 'UnitPrice',
    barcode: '',
  });
  expect(headers(columns)).toEqual({ sku: '0 StockCode', name: '1 Description', price: '2 UnitPrice' });
});

test('a column that was said to be one thing is not found to be another', () => {
  expect(headers(findColumns(['Code', 'Name'], { sku: 'Code' }))).toEqual({ sku: '0 Code', name: '1 Name' });
});

test.each([
  [
    ['sku', 'name'],
    { price: 'UnitPrice' },
    '--map price: there is no column UnitPrice. The file has the columns sku, name.',
  ],
  [['sku', 'name', 'x', 'X'], { price: 'x' }, '--map price: several columns are called x.'],
  [['name', 'price'], {}, 'There is no column for the sku or the barcode'],
  [
    ['sku', '', 'price'],
    {},
    'There is no column for the name: name one with --map name=… . The file has the columns sku, (no name), price.',
  ],
])('%j with %j is refused with the columns there are', (header, map, sentence) => {
  expect(() => findColumns(header, map)).toThrow(sentence);
});
