import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ColumnMap, FIELDS, type Field } from './columns.ts';
import type { ImportOptions } from './import-catalogue.ts';
import { ImportError } from './import-error.ts';
import { ENCODINGS, type Encoding } from './source-lines.ts';

export const USAGE = `npm run import -- FILE [options]

Takes a catalogue from a CSV or TSV file, plain or gzip. Repeating it changes only what differs.

  --map FIELD=HEADER,…   which column is which, e.g. sku=StockCode,name=Description,price=UnitPrice
                         fields: ${FIELDS.join(', ')}
                         an empty header (--map department=) leaves a column out
  --price AMOUNT         price of new items where the file has none
  --price-range A..B     made-up prices of new items where the file has none, e.g. 0.99..99.99
  --tax-class CODE       tax class of new items where the file has none (STD)
  --encoding NAME        ${ENCODINGS.join(', ')} (${ENCODINGS[0]})
  --company NAME         name or id, where there are several
  --location CODE        in whose currency the prices are, where there are several
  --rejects PATH         where to list what was not taken (FILE.rejected.csv)
  --dry-run              say what would happen and write nothing
  --json                 one line of JSON at the end

Ctrl-C ends after the rows that are under way; the same command goes on from there.
`;

/** What the command was asked to do. Paths are absolute. */
export type CommandLine = {
  readonly file: string;
  readonly rejects: string;
  readonly company: string | undefined;
  readonly json: boolean;
  readonly options: ImportOptions;
};

const OPTIONS = {
  map: { type: 'string', multiple: true },
  price: { type: 'string' },
  'price-range': { type: 'string' },
  'tax-class': { type: 'string' },
  encoding: { type: 'string' },
  company: { type: 'string' },
  location: { type: 'string' },
  rejects: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/**
 * Reads the command line; undefined where only help is wanted.
 * @param folder where the one who asks stands: relative paths begin there
 * @throws ImportError `usage`
 */
export function readCommandLine(args: readonly string[], folder: string): CommandLine | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [given, ...more] = positionals;
  if (given === undefined) throw new ImportError('usage', 'Which file?');
  if (more.length > 0)
    throw new ImportError('usage', `One file at a time: ${given} or ${more.join(' or ')}?`);
  const file = resolve(folder, given);
  const rejects = resolve(folder, values.rejects ?? `${basename(given)}.rejected.csv`);
  if (rejects === file)
    throw new ImportError('usage', '--rejects: would replace the file that is to be imported.');
  if (values.price !== undefined && values['price-range'] !== undefined) {
    throw new ImportError('usage', '--price or --price-range, not both.');
  }
  const fixed = values.price === undefined ? undefined : { fixed: values.price };
  const range = values['price-range'] === undefined ? undefined : { range: values['price-range'] };
  return {
    file,
    rejects,
    company: values.company,
    json: values.json,
    options: {
      map: readMap(values.map ?? []),
      encoding: readEncoding(values.encoding),
      price: fixed ?? range,
      tax_class: values['tax-class'],
      location: values.location,
      dry_run: values['dry-run'],
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    if (error instanceof TypeError && 'code' in error) throw new ImportError('usage', error.message, error);
    throw error;
  }
}

function readMap(texts: readonly string[]): ColumnMap {
  const map: { -readonly [Name in Field]?: string } = {};
  for (const text of texts.flatMap((list) => list.split(','))) {
    const [name = '', ...header] = text.split('=');
    const field = FIELDS.find((known) => known === name.trim());
    if (!field || header.length === 0) {
      throw new ImportError(
        'usage',
        `--map: ${text} is not FIELD=HEADER; the fields are ${FIELDS.join(', ')}.`,
      );
    }
    map[field] = header.join('=').trim();
  }
  return map;
}

function readEncoding(name: string | undefined): Encoding | undefined {
  if (name === undefined) return undefined;
  const encoding = ENCODINGS.find((known) => known === name.toLowerCase());
  if (!encoding) throw new ImportError('usage', `--encoding: ${name} is not one of ${ENCODINGS.join(', ')}.`);
  return encoding;
}
