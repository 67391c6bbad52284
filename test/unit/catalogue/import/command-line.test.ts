import { expect, test } from 'vitest';
import { readCommandLine } from '../../../../server/catalogue/import/command-line.ts';

const read = (...args: string[]) => readCommandLine(args, '/home/maya');

test('a file alone is asked for with all defaults, from where the user stands', () => {
  expect(read('lists/spring.csv')).toEqual({
    file: '/home/maya/lists/spring.csv',
    rejects: '/home/maya/spring.csv.rejected.csv',
    company: undefined,
    json: false,
    options: {
      map: {},
      encoding: undefined,
      price: undefined,
      tax_class: undefined,
      location: undefined,
      dry_run: false,
    },
  });
});

test('columns are mapped in one list or in several', () => {
  const asked = read(
    'a.csv',
    '--map',
    'sku=StockCode,name=Description',
    '--map',
    'price=Price = net',
    '--map=department=',
  );
  expect(asked?.options.map).toEqual({
    sku: 'StockCode',
    name: 'Description',
    price: 'Price = net',
    department: '',
  });
});

test('everything else is said by options', () => {
  const asked = read(
    ...['/tmp/a.tsv.gz', '--price-range', '0.99..9.99', '--tax-class=RED', '--encoding', 'Windows-1252'],
    ...[
      '--company',
      'Corner Shop Ltd',
      '--location',
      'SHOP1',
      '--rejects',
      '../out.csv',
      '--dry-run',
      '--json',
    ],
  );
  expect(asked).toMatchObject({ rejects: '/home/out.csv', company: 'Corner Shop Ltd', json: true });
  expect(asked?.options).toMatchObject({
    price: { range: '0.99..9.99' },
    tax_class: 'RED',
    encoding: 'windows-1252',
    location: 'SHOP1',
    dry_run: true,
  });
});

test('help is given without a file', () => {
  expect(read('--help')).toBeUndefined();
});

test.each([
  [[], 'Which file?'],
  [['a.csv', 'b.csv'], 'One file at a time: a.csv or b.csv?'],
  [['a.csv', '--dryrun'], "Unknown option '--dryrun'"],
  [['a.csv', '--price'], "'--price <value>' argument missing"],
  [['a.csv', '--price', '1', '--price-range', '1..2'], '--price or --price-range, not both.'],
  [
    ['a.csv', '--map', 'colour=Farbe'],
    '--map: colour=Farbe is not FIELD=HEADER; the fields are sku, barcode',
  ],
  [['a.csv', '--map', 'sku'], '--map: sku is not FIELD=HEADER'],
  [['a.csv', '--encoding', 'ebcdic'], '--encoding: ebcdic is not one of utf-8, windows-1252'],
  [['a.csv', '--rejects', './a.csv'], '--rejects: would replace the file that is to be imported.'],
])('%j is refused: %s', (args, sentence) => {
  expect(() => read(...args)).toThrow(sentence);
});
