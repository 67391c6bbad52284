import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extendedPrice } from '#shared/sales/money.ts';
import { type InvoiceFile, invoicesIn, readInvoices } from '../../../demo/invoices.ts';
import { dialect, PLAIN, rows, type WrittenRow, written } from './arbitrary-invoice-files.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n';
const read = (...lines: string[]) => invoicesIn(Buffer.from(HEADER + lines.join('\n')));
const sold = (file: InvoiceFile) =>
  file.invoices.filter((invoice) => invoice.kind === 'sale').flatMap((invoice) => invoice.lines);
const returned = (file: InvoiceFile) =>
  file.invoices.filter((invoice) => invoice.kind === 'refund').flatMap((invoice) => invoice.lines);
const adjusted = (file: InvoiceFile) => file.adjustments.flatMap((adjustment) => adjustment.lines);
const sum = (lines: readonly InvoiceFile['invoices'][number]['lines'][number][]) =>
  lines.reduce((total, line) => total + extendedPrice(line.quantity_milli, line.unit_price_micro), 0);
const reasons = (file: InvoiceFile) => file.rejected.map((row) => [row.line, row.value, row.reason]);

/** The amount of a row in pence: exact decimal arithmetic on the texts, rounded half away from zero. */
function penceOf(entry: WrittenRow): bigint {
  const exact = (text: string) => {
    const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    return { digits: BigInt(whole + fraction), power: Number(exponent) - fraction.length };
  };
  const [quantity, price] = [exact(entry.Quantity), exact(entry.UnitPrice)];
  const scaled = quantity.digits * price.digits * 10n ** BigInt(quantity.power + price.power + 2 + 20);
  const magnitude = scaled < 0n ? -scaled : scaled;
  const pence = magnitude / 10n ** 20n + (magnitude % 10n ** 20n >= 5n * 10n ** 19n ? 1n : 0n);
  return scaled < 0n ? -pence : pence;
}
const isRefund = (entry: WrittenRow) => /^c/i.test(entry.InvoiceNo);
const isNegative = (entry: WrittenRow) => Number(entry.Quantity) < 0;
const total = (list: readonly WrittenRow[]) =>
  Number(list.reduce((pence, entry) => pence + penceOf(entry), 0n));

describe('for every file, however a spreadsheet wrote it', () => {
  test('each row is sold, returned or adjusted, and the sums agree to the penny', () => {
    fc.assert(
      fc.property(rows, dialect, (list, how) => {
        const file = invoicesIn(written(list, how));
        const sales = list.filter((entry) => !isRefund(entry) && !isNegative(entry));
        const refunds = list.filter(isRefund);
        const losses = list.filter((entry) => !isRefund(entry) && isNegative(entry));
        expect(file.rejected).toEqual([]);
        expect(file.lines_read).toBe(list.length);
        expect([sold(file).length, sum(sold(file))]).toEqual([sales.length, total(sales)]);
        expect([returned(file).length, sum(returned(file))]).toEqual([refunds.length, total(refunds)]);
        expect([adjusted(file).length, sum(adjusted(file))]).toEqual([losses.length, total(losses)]);
      }),
      { numRuns: 300 },
    );
  });

  test('invoices stand in the order in which their numbers first appear, with all of their rows', () => {
    fc.assert(
      fc.property(rows, dialect, (list, how) => {
        const file = invoicesIn(written(list, how));
        const kept = list.filter((entry) => isRefund(entry) || !isNegative(entry));
        expect(file.invoices.map((invoice) => invoice.number)).toEqual([
          ...new Set(kept.map((entry) => entry.InvoiceNo)),
        ]);
        for (const invoice of file.invoices) {
          const names = kept
            .filter((entry) => entry.InvoiceNo === invoice.number)
            .map((entry) => [entry.StockCode, entry.Description || undefined]);
          expect(invoice.lines.map((line) => [line.code, line.name])).toEqual(names);
        }
      }),
    );
  });

  test('one row that cannot be read is named with its line, and costs no other row', () => {
    const broken = fc.constantFrom(
      { change: { InvoiceNo: '' }, reason: 'the invoice number is missing' },
      { change: { StockCode: '' }, reason: 'the stock code is missing' },
      { change: { Quantity: 'six' }, reason: 'the quantity is not a number' },
      { change: { UnitPrice: '2,55' }, reason: 'the price is not a number' },
    );
    fc.assert(
      fc.property(rows, broken, fc.nat(), (list, { change, reason }, at) => {
        const place = at % (list.length + 1);
        const [template] = list;
        fc.pre(template !== undefined);
        if (template === undefined) return;
        const file = invoicesIn(written(list.toSpliced(place, 0, { ...template, ...change }), PLAIN));
        expect(file.rejected.map((row) => row.reason)).toEqual([reason]);
        expect(sold(file).length + returned(file).length + adjusted(file).length).toBe(list.length);
        expect(file.lines_read).toBe(list.length + 1);
      }),
    );
  });

  test('garbage is either no file of invoices or every line of it is accounted for', () => {
    const junk = fc.array(
      fc.constantFrom('"', ',', '\n', '\r\n', '6', 'C1', 'x', '\0', '\t', ';', 'é', '""', '1e5'),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(junk, (parts) => {
        const file = invoicesIn(Buffer.from(HEADER + parts.join('')));
        const taken = sold(file).length + returned(file).length + adjusted(file).length;
        expect(file.lines_read).toBe(taken + file.rejected.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is a sale, a return, an adjustment', () => {
  test('service codes, zero prices, zero quantities and missing customers are all sold', () => {
    const file = read(
      '1,POST,POSTAGE,3,2010-12-01 08:45:00,18.0,12583.0,France',
      '1,BANK CHARGES,Bank Charges,1,,15.0,,EIRE',
      '1,gift_0001_40,Voucher £40.00,1,,34.04,0.0,United Kingdom',
      '1,22139,amazon,0,,0.0,,United Kingdom',
      '1,D,,1,,-5,,',
    );
    expect(file.rejected).toEqual([]);
    expect(file.invoices).toEqual([
      {
        number: '1',
        kind: 'sale',
        customer: '12583',
        date: '2010-12-01 08:45:00',
        lines: [
          { line: 2, code: 'POST', name: 'POSTAGE', quantity_milli: 3000, unit_price_micro: 1_800_000_000 },
          {
            line: 3,
            code: 'BANK CHARGES',
            name: 'Bank Charges',
            quantity_milli: 1000,
            unit_price_micro: 1_500_000_000,
          },
          {
            line: 4,
            code: 'gift_0001_40',
            name: 'Voucher £40.00',
            quantity_milli: 1000,
            unit_price_micro: 3_404_000_000,
          },
          { line: 5, code: '22139', name: 'amazon', quantity_milli: 0, unit_price_micro: 0 },
          { line: 6, code: 'D', quantity_milli: 1000, unit_price_micro: -500_000_000 },
        ],
      },
    ]);
  });

  test('an invoice of which a part is negative makes a ticket and an adjustment of the same number', () => {
    const file = read('7,A,found,5,,1.00,,', '7,B,damages,-43,,0.0,,', '7,C,lost,-1,,0.0,,');
    expect(file.invoices.map((invoice) => [invoice.number, invoice.lines.length])).toEqual([['7', 1]]);
    expect(
      file.adjustments.map((entry) => [entry.number, entry.lines.map((line) => line.quantity_milli)]),
    ).toEqual([['7', [-43_000, -1000]]]);
  });

  test('a refund keeps every line with its sign, also one that is positive', () => {
    const file = read('C9,A,x,-2,,1.00,,', 'C9,B,y,1,,0.50,,');
    expect(file.adjustments).toEqual([]);
    expect(file.invoices[0]?.kind).toBe('refund');
    expect(file.invoices[0]?.lines.map((line) => line.quantity_milli)).toEqual([-2000, 1000]);
  });
});

describe('what cannot be read', () => {
  test('is named with its line, its value and a plain reason', () => {
    const file = read(
      '1,A,good,1,,1.00,,',
      ',A,x,1,,1.00,,',
      '1,,x,1,,1.00,,',
      '1,A,x,0.3333,,1.00,,',
      '1,A,x,1,,0.000000001,,',
      '1,A,x,,,1.00,,',
      '1,A,x,1,,£2,,',
      '1,A,x,1e16,,0,,',
      '1,A,x,1e9,,1e7,,',
      '1,A,x,1',
      '1,A,x,1,,1.00,,,',
      HEADER.trim(),
      `1,${'A'.repeat(151)},x,1,,1.00,,`,
      '1,A,also good,1,,1.00,,',
    );
    expect(reasons(file)).toEqual([
      [3, '', 'the invoice number is missing'],
      [4, '', 'the stock code is missing'],
      [5, '0.3333', 'the quantity is finer than 3 decimals'],
      [6, '0.000000001', 'the price is finer than 8 decimals'],
      [7, '', 'the quantity is missing'],
      [8, '£2', 'the price is not a number'],
      [9, '1e16', 'the quantity is larger than can be held'],
      [10, '1e9 × 1e7', 'quantity times price is larger than a ticket can hold'],
      [11, '1,A,x,1', 'the row has 4 columns instead of 8'],
      [12, '1,A,x,1,,1.00,,,', 'the row has 9 columns instead of 8'],
      [13, 'InvoiceNo', 'the header once more'],
      [14, 'A'.repeat(151), 'the stock code is longer than 150 characters'],
    ]);
    expect(file.rejected[2]).toMatchObject({ invoice: '1', code: 'A' });
    expect(file.invoices[0]?.lines.map((line) => line.line)).toEqual([2, 15]);
    expect(file.lines_read).toBe(14);
  });

  test('a mark that opens a field and is never closed costs its own row only', () => {
    const file = read(
      '1,A,"good, quoted",1,,1.00,,',
      '1,B,"never closed,1,,1.00,,',
      '1,C,"good, too",1,,1.00,,',
      '1,D,last,1,,1.00,,',
    );
    expect(reasons(file)).toEqual([[3, '1,B,"never closed,1,,1.00,,', 'a quotation mark is never closed']]);
    expect(file.rejected[0]).toMatchObject({ invoice: '1', code: 'B' });
    expect(sold(file).map((line) => line.code)).toEqual(['A', 'C', 'D']);
  });

  test('marks in the middle of a field are part of it', () => {
    const file = read('1,A,6" RULER,1,,1.00,,', '1,B,"SILVER" FRAME,1,,1.00,,', '1,C,5" x 7",1,,1.00,,');
    expect(sold(file).map((line) => line.name)).toEqual(['6" RULER', '"SILVER" FRAME', '5" x 7"']);
  });

  test('rows that would carry the sums of the file past what can be held are refused', () => {
    const large = Array.from({ length: 901 }, (_, index) => `${index},A,x,1e6,,1e5,,`);
    const file = read(...large, '1,A,x,1,,1.00,,');
    expect(file.rejected.map((row) => row.line)).toEqual([902]);
    expect(sum(sold(file))).toBe(9_000_000_000_000_100);
  });
});

describe('texts', () => {
  test('Windows-1252 is understood where a file is not UTF-8', () => {
    const bytes = Buffer.from(`${HEADER}1,A,Caf\xe9 \x80 \x96 \xa3,1,,1.00,,`, 'latin1');
    expect(sold(invoicesIn(bytes))[0]?.name).toBe('Café € – £');
  });

  test('UTF-16 is understood where its mark stands', () => {
    const bytes = Buffer.from(`\ufeff${HEADER}1,A,Фонарь,1,,1.00,,`, 'utf16le');
    expect(sold(invoicesIn(bytes))[0]?.name).toBe('Фонарь');
    expect(sold(invoicesIn(bytes.swap16()))[0]?.name).toBe('Фонарь');
  });

  test('lines may end as on an old Macintosh', () => {
    const file = invoicesIn(
      Buffer.from(`${HEADER}1,A,x,1,,1.00,,\n1,B,y,1,,1.00,,\n`.replaceAll('\n', '\r')),
    );
    expect(sold(file).map((line) => [line.line, line.code])).toEqual([
      [2, 'A'],
      [3, 'B'],
    ]);
  });

  test('NUL, which no database keeps, becomes the replacement character', () => {
    const file = read('1,A\0B,x\0y,1,,1.00,\0,');
    expect(sold(file)[0]).toMatchObject({ code: 'A\ufffdB', name: 'x\ufffdy' });
  });

  test('a long description goes on in the note; what fits neither is cut and said to be', () => {
    const [long, longest] = [`${'a'.repeat(298)}😀${'b'.repeat(100)}`, 'c'.repeat(1000)];
    const file = read(`1,A,${long},1,,1.00,,`, `1,B,${longest},1,,1.00,,`);
    const [first, second] = sold(file);
    expect(first?.name).toBe(`${'a'.repeat(298)}…`);
    expect(first?.note).toBe(`…😀${'b'.repeat(100)}`);
    expect([second?.name?.length, second?.note?.length]).toEqual([300, 300]);
    expect(file.shortened).toEqual([{ line: 3, invoice: '1', code: 'B', characters: 1000 }]);
    expect(file.rejected).toEqual([]);
  });

  test('line numbers count the lines of the file, blank lines and lines within quotes too', () => {
    const file = read('', '   ', '1,A,"two\r\nlines",1,,1.00,,', '', '1,B,x,oops,,1.00,,');
    expect(sold(file)[0]?.line).toBe(4);
    expect(file.rejected[0]?.line).toBe(7);
    expect(file.lines_read).toBe(2);
  });
});

describe('a file of something else', () => {
  test.each([
    ['', 'The file is empty.'],
    ['\ufeff\n \n', 'The file is empty.'],
    [
      'InvoiceNo,StockCode,Quantity\n1,A,1\n',
      'The file has no column UnitPrice; its first line is: InvoiceNo,StockCode,Quantity',
    ],
    [
      'name;price\n',
      'The file has no columns InvoiceNo, StockCode, Quantity, UnitPrice; its first line is: name;price',
    ],
    ['InvoiceNo,StockCode,Quantity,UnitPrice,quantity\n', 'The file has the column Quantity more than once.'],
  ])('%j is refused with one clear sentence', (text, message) => {
    expect(() => invoicesIn(Buffer.from(text))).toThrow(message);
  });

  test('a header without rows is a file without invoices', () => {
    expect(read()).toEqual({ lines_read: 0, invoices: [], adjustments: [], rejected: [], shortened: [] });
  });

  test('columns that nothing depends on may be missing', () => {
    const file = invoicesIn(
      Buffer.from('unit_price\tquantity\tStock Code\tINVOICENO\n2.55\t6\t85123A\t536365\n'),
    );
    expect(sum(sold(file))).toBe(1530);
  });
});

test('an invoice of a thousand lines, scattered through the file, is one ticket', () => {
  const lines = Array.from(
    { length: 3000 },
    (_, index) => `${index % 3 === 0 ? 'BIG' : `S${index}`},A,x,1,,0.01,,`,
  );
  const file = read(...lines);
  expect(file.invoices).toHaveLength(2001);
  expect(file.invoices[0]?.lines).toHaveLength(1000);
});

test('a file that is not there is an error of its own', async () => {
  await expect(readInvoices('/nowhere/invoices.csv')).rejects.toThrow('ENOENT');
});
