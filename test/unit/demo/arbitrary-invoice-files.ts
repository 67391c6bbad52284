import fc from 'fast-check';

/** A row as it should be understood, with its numbers as they are written in the file. */
export type WrittenRow = {
  InvoiceNo: string;
  StockCode: string;
  Description: string;
  Quantity: string;
  InvoiceDate: string;
  UnitPrice: string;
  CustomerID: string;
  Country: string;
};
type Column = keyof WrittenRow;

/** How a spreadsheet may have written the same rows. */
export type Dialect = {
  delimiter: ',' | ';' | '\t' | '|';
  newline: '\n' | '\r\n';
  bom: boolean;
  quoteAll: boolean;
  blankLines: boolean;
  columns: string[];
};

const COLUMNS: Column[] = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
];

const decimals = (places: number) =>
  fc
    .tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: 0, max: places }))
    .map(([digits, finer]) => {
      const text = String(Math.abs(digits)).padStart(finer + 1, '0');
      const plain = finer === 0 ? text : `${text.slice(0, -finer)}.${text.slice(-finer)}`;
      return digits < 0 ? `-${plain}` : plain;
    });

const description = fc.oneof(
  fc.constantFrom(
    '',
    '?',
    'WHITE LANTERN',
    'Set of 3, "flying" ducks',
    'line\nbreak',
    'Фонарь; белый',
    'crème\tbrûlée | x',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/[\0\r]/.test(text)),
);

const row: fc.Arbitrary<WrittenRow> = fc.record({
  InvoiceNo: fc.constantFrom('536365', '536366', 'C536367', 'c536368', 'A1'),
  StockCode: fc.constantFrom('85123A', 'POST', 'D', 'BANK CHARGES', 'gift_0001_40', 'Ж1'),
  Description: description.map((text) => text.trim()),
  Quantity: fc.oneof(decimals(0), decimals(3), fc.constantFrom('0', '1e2', '-1E1', '2.000')),
  InvoiceDate: fc.constantFrom('2010-12-01 08:26:00', ''),
  UnitPrice: fc.oneof(decimals(2), decimals(8), fc.constantFrom('0.0', '-11062.06', '1.5e1')),
  CustomerID: fc.constantFrom('17850.0', '17850', '', '0.0'),
  Country: fc.constantFrom('United Kingdom', 'EIRE'),
});

export const rows = fc.array(row, { maxLength: 30 });

export const dialect: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  newline: fc.constantFrom('\n', '\r\n'),
  bom: fc.boolean(),
  quoteAll: fc.boolean(),
  blankLines: fc.boolean(),
  columns: fc
    .tuple(fc.subarray(['Colour', 'Notes']), fc.boolean())
    .chain(([extra, lower]) =>
      fc
        .shuffledSubarray([...COLUMNS, ...extra], { minLength: COLUMNS.length + extra.length })
        .map((names) => names.map((name) => (lower ? name.toLowerCase() : name))),
    ),
});

export const PLAIN: Dialect = {
  delimiter: ',',
  newline: '\n',
  bom: false,
  quoteAll: false,
  blankLines: false,
  columns: COLUMNS,
};

/** Writes rows in a dialect. */
export function written(list: readonly WrittenRow[], how: Dialect): Buffer {
  const field = (text: string) =>
    how.quoteAll || /["\n\r,;|\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = list.map((entry) => {
    const byName = new Map(Object.entries(entry).map(([name, text]) => [name.toLowerCase(), text]));
    return how.columns.map((name) => field(byName.get(name.toLowerCase()) ?? 'x')).join(how.delimiter);
  });
  const all = [how.columns.map(field).join(how.delimiter), ...lines, ''];
  return Buffer.from(
    (how.bom ? '\ufeff' : '') + all.join(how.blankLines ? how.newline.repeat(2) : how.newline),
  );
}
