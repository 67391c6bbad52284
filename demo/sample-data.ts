import { mkdir, writeFile } from 'node:fs/promises';
import { gtinCheckDigit } from '#shared/catalogue/gtin.ts';
import { formatDecimal } from '#shared/decimal.ts';
import { pick, type Random, seededRandom } from './random.ts';
import { LOSSES, SERVICES, SHELVES, type Shelf } from './sample-words.ts';

const ITEMS = 2000;
const TICKETS = 300;
const SEED = 20_260_301;

type SampleItem = { barcode: string; sku: string; name: string; shelf: Shelf; pence: number };
type Cells = readonly string[];

/** The sample's items: the same ones at every call. */
function sampleItems(): SampleItem[] {
  const random = seededRandom(SEED);
  return SHELVES.flatMap((shelf, place) => {
    const names = shuffled(
      shelf.goods.flatMap((good) =>
        shelf.brands.flatMap((brand) => shelf.sizes.map((size) => nameOf(shelf, brand, good, size))),
      ),
      random,
    );
    return names.slice(0, ITEMS / SHELVES.length).map((name, index) => ({
      barcode: inStoreCode(place * 1000 + index),
      sku: `${shelf.prefix}-${String(index + 1).padStart(4, '0')}`,
      name,
      shelf,
      pence: price(shelf, random),
    }));
  });
}

const nameOf = (shelf: Shelf, brand: string, good: string, size: string): string =>
  shelf.weighed ? `${good}, ${brand}, ${size}` : `${brand} ${good}, ${size}`;

/** An EAN-13 of the range 20 to 29, which GS1 leaves to shops for their own use. */
function inStoreCode(number: number): string {
  const digits = `20${String(number * 7919).padStart(10, '0')}`;
  return `${digits}${gtinCheckDigit(digits)}`;
}

/** Prices end as shop prices do. */
function price(shelf: Shelf, random: Random): number {
  const [from, to] = shelf.pence;
  const whole = Math.floor((from + pick(random, to - from)) / 100) * 100;
  return Math.max(from, whole + (one([25, 49, 50, 75, 95, 99], random) ?? 99));
}

/** `barcode,sku,name,category,department,price,tax_class`: 2,000 items of a corner shop, prices in pounds. */
export function sampleCatalogue(): string {
  const rows = sampleItems().map(({ barcode, sku, name, shelf, pence }) => [
    barcode,
    sku,
    name,
    shelf.category,
    shelf.department,
    pounds(pence),
    shelf.tax_class,
  ]);
  return csv([['barcode', 'sku', 'name', 'category', 'department', 'price', 'tax_class'], ...rows]);
}

/**
 * A month of the same shop's tickets in the shape of the UCI Online Retail data: sales, returns, service codes, zero
 * prices, stock written off by negative quantities, missing customers, and a few rows that nobody can read.
 */
export function sampleInvoices(): string {
  const random = seededRandom(SEED + 1);
  const items = sampleItems();
  const rows: Cells[] = [];
  for (let index = 0; index < TICKETS; index += 1) {
    const number = String(700_001 + index);
    const head = { date: dateOf(index), customer: customer(random), country: country(random) };
    if (index % 40 === 13) rows.push(...returned(number, head, items, random));
    else rows.push(...sold(number, head, items, random));
    if (index % 25 === 7) rows.push(writtenOff(String(800_001 + index), head.date, items, random));
  }
  const unreadable: [after: number, row: Cells][] = [
    [90, ['700024', 'BAK-0003', 'Rye loaf', 'two', '2026-03-03 10:12:00', '2.95', '', 'United Kingdom']],
    [240, ['', 'TEA-0011', 'Rooibos', '1', '2026-03-08 15:40:00', '3.49', '10233.0', 'United Kingdom']],
    [410, ['700113', '', 'no code on the label', '1', '2026-03-12 11:05:00', '1.99', '', 'United Kingdom']],
    [
      620,
      ['700171', 'FRV-0017', 'Red onions', '0.3333', '2026-03-18 16:31:00', '1.49', '', 'United Kingdom'],
    ],
    [800, ['700221', 'KIT-0040', 'Cake stand', '1', '2026-03-23 12:48:00', '24,99', '10871.0', 'France']],
    [980, ['700268', 'DEC-0009', 'Wall clock', '1', '2026-03-28 17:20:00']],
  ];
  for (const [after, row] of unreadable.toReversed()) rows.splice(after, 0, row);
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country'.split(
    ',',
  );
  return csv([header, ...rows]);
}

type Head = { date: string; customer: string; country: string };

function sold(number: string, head: Head, items: readonly SampleItem[], random: Random): Cells[] {
  const count = 1 + pick(random, 6) + (chance(random, 30) ? 8 : 0);
  const rows = Array.from({ length: count }, () => {
    const item = any(items, random);
    const quantity = item.shelf.weighed
      ? formatDecimal(80 + pick(random, 1900), 3)
      : String(1 + pick(random, chance(random, 12) ? 24 : 3));
    const pence = chance(random, 20)
      ? Math.max(1, item.pence - 10 - pick(random, 40))
      : chance(random, 60)
        ? 0
        : item.pence;
    const name = chance(random, 50) ? (one(['', '?'], random) ?? '') : item.name;
    return line(number, item.sku, name, quantity, head, pounds(pence));
  });
  if (chance(random, 15)) {
    const service = any(SERVICES, random);
    rows.push(line(number, service.code, service.name, '1', head, pounds(service.pence)));
  }
  return rows;
}

function returned(number: string, head: Head, items: readonly SampleItem[], random: Random): Cells[] {
  const rows = Array.from({ length: 1 + pick(random, 2) }, () => {
    const item = any(items, random);
    return line(`C${number}`, item.sku, item.name, String(-1 - pick(random, 2)), head, pounds(item.pence));
  });
  return chance(random, 3) ? [...rows, line(`C${number}`, 'D', 'Discount', '-1', head, '4.50')] : rows;
}

function writtenOff(number: string, date: string, items: readonly SampleItem[], random: Random): Cells {
  const head = { date, customer: '', country: 'United Kingdom' };
  return line(
    number,
    any(items, random).sku,
    any(LOSSES, random),
    String(-1 - pick(random, 40)),
    head,
    '0.00',
  );
}

const line = (
  invoice: string,
  code: string,
  name: string,
  quantity: string,
  head: Head,
  amount: string,
): Cells => [invoice, code, name, quantity, head.date, amount, head.customer, head.country];

/** Ten tickets a day from the first of March on, one every forty-seven minutes from half past eight. */
function dateOf(index: number): string {
  const at = new Date(Date.UTC(2026, 2, 1 + Math.floor(index / 10), 8, 30 + (index % 10) * 47));
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

const customer = (random: Random): string => (chance(random, 3) ? '' : `${10_000 + pick(random, 900)}.0`);
const country = (random: Random): string =>
  chance(random, 12) ? any(['France', 'EIRE', 'Norway'], random) : 'United Kingdom';
const pounds = (pence: number): string => formatDecimal(pence, 2);

/** True about once in `times`. */
const chance = (random: Random, times: number): boolean => pick(random, times) === 0;

const one = <Entry>(entries: readonly Entry[], random: Random): Entry | undefined =>
  entries[pick(random, entries.length)];

function any<Entry>(entries: readonly Entry[], random: Random): Entry {
  const entry = one(entries, random);
  if (entry === undefined) throw new Error('nothing to choose from');
  return entry;
}

function shuffled<Entry>(entries: readonly Entry[], random: Random): Entry[] {
  return entries
    .map((entry) => ({ entry, rank: random() }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ entry }) => entry);
}

const csv = (rows: readonly Cells[]): string =>
  `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** `node demo/sample-data.ts` writes the files anew, after a change of the words or the generator. */
if (import.meta.main) {
  const folder = new URL('sample/', import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(new URL('catalogue.csv', folder), sampleCatalogue());
  await writeFile(new URL('invoices.csv', folder), sampleInvoices());
}
