import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { barcodeKind } from '#shared/catalogue/gtin.ts';
import { itemSchema } from '#shared/catalogue/item.ts';
import { currencySchema, parseUnitPrice } from '#shared/sales/money.ts';
import { invoicesIn } from '../../../demo/invoices.ts';
import { sampleCatalogue, sampleInvoices } from '../../../demo/sample-data.ts';

const checkedIn = (name: string) => readFileSync(new URL(`../../../demo/sample/${name}`, import.meta.url));

test('the sample files are what the generator makes, byte by byte', () => {
  expect(checkedIn('catalogue.csv').equals(Buffer.from(sampleCatalogue()))).toBe(true);
  expect(checkedIn('invoices.csv').equals(Buffer.from(sampleInvoices()))).toBe(true);
});

describe('the catalogue of the sample', () => {
  const items: Record<string, string>[] = parse(checkedIn('catalogue.csv'), { columns: true });
  const distinct = (column: string) => new Set(items.map((item) => item[column])).size;

  test('has 2,000 items, none of which can be mistaken for another', () => {
    expect(items).toHaveLength(2000);
    for (const column of ['barcode', 'sku', 'name']) expect(distinct(column)).toBe(2000);
  });

  test('has barcodes that belong to the shop, not to any maker', () => {
    for (const { barcode = '' } of items) {
      expect(barcode).toMatch(/^2\d{12}$/);
      expect(barcodeKind(barcode)).toBe('gtin');
    }
  });

  test('can be sold from: names, prices and tax classes are all sound', () => {
    const gbp = currencySchema.parse('GBP');
    for (const item of items) {
      const price = parseUnitPrice(item.price ?? '', gbp);
      expect(price.ok && price.value > 0).toBe(true);
      expect(itemSchema.shape.name.safeParse(item.name).success).toBe(true);
      expect(['STD', 'RED', 'ZERO']).toContain(item.tax_class);
    }
    expect(items.some((item) => /[а-яё]/i.test(item.name ?? ''))).toBe(true);
  });
});

describe('the invoices of the sample', () => {
  const file = invoicesIn(checkedIn('invoices.csv'));
  const lines = file.invoices.flatMap((invoice) => invoice.lines);

  test('show every kind of row: sold, returned, adjusted and rejected', () => {
    const sold = file.invoices
      .filter((invoice) => invoice.kind === 'sale')
      .flatMap((invoice) => invoice.lines);
    const adjusted = file.adjustments.flatMap((adjustment) => adjustment.lines);
    expect(file.invoices).toHaveLength(300);
    expect({
      read: file.lines_read,
      sold: sold.length,
      returned: lines.length - sold.length,
      adjusted: adjusted.length,
      rejected: file.rejected.map((row) => row.reason),
    }).toEqual({
      read: 1097,
      sold: 1063,
      returned: 16,
      adjusted: 12,
      rejected: [
        'the quantity is not a number',
        'the invoice number is missing',
        'the stock code is missing',
        'the quantity is finer than 3 decimals',
        'the price is not a number',
        'the row has 5 columns instead of 8',
      ],
    });
  });

  test('name goods of the catalogue, mostly at its price', () => {
    const prices = new Map(
      parse(checkedIn('catalogue.csv')).map(([, sku = '', , , , price = '']): [string, string] => [
        sku,
        price,
      ]),
    );
    const known = lines.filter((line) => prices.has(line.code));
    const gbp = currencySchema.parse('GBP');
    const atPrice = known.filter((line) => {
      const listed = parseUnitPrice(prices.get(line.code) ?? '', gbp);
      return listed.ok && listed.value === line.unit_price_micro;
    });
    expect(known.length / lines.length).toBeGreaterThan(0.95);
    expect(atPrice.length / known.length).toBeGreaterThan(0.9);
  });

  test('have zero prices, weighed goods and customers who gave no number', () => {
    expect(lines.some((line) => line.unit_price_micro === 0)).toBe(true);
    expect(lines.some((line) => line.quantity_milli % 1000 !== 0)).toBe(true);
    expect(file.invoices.some((invoice) => invoice.customer === undefined)).toBe(true);
  });
});
