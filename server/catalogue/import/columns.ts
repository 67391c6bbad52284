import { ImportError } from './import-error.ts';

/** What a row can say, each with the headers by which it is found when nobody says otherwise, best first. */
const DEFAULT_HEADERS = {
  sku: ['sku'],
  barcode: ['barcode', 'ean', 'gtin', 'upc', 'code'],
  name: ['name', 'description'],
  category: ['category'],
  department: ['department'],
  price: ['price'],
  tax_class: ['tax_class', 'tax'],
  active: ['active'],
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof DEFAULT_HEADERS;
export const FIELDS = Object.keys(DEFAULT_HEADERS) as readonly Field[];

/** Which header stands for which field; an empty header says that the file does not have the field. */
export type ColumnMap = { readonly [Name in Field]?: string | undefined };

/** A field's place in a record and its header. */
type Column = { readonly place: number; readonly header: string };
export type Columns = { readonly [Name in Field]?: Column };

const same = (header: string): string => header.trim().toLowerCase();

/**
 * Finds the columns of a table by its header, without regard to capitals. A file needs a name and a key: the sku
 * where it has one, else the barcode.
 * @throws ImportError `usage` naming the column that is missing or stands twice, with the columns there are
 */
export function findColumns(header: readonly string[], map: ColumnMap): Columns {
  const found = `The file has the columns ${header.map((name) => name || '(no name)').join(', ')}.`;
  const columns: { -readonly [Name in Field]?: Column } = {};
  for (const field of FIELDS) {
    const wanted = map[field];
    const column = wanted ? mappedColumn(header, field, wanted, found) : undefined;
    if (column) columns[field] = column;
  }
  const mapped = new Set(Object.values(columns).map(({ place }) => place));
  for (const field of FIELDS) {
    const column = map[field] === undefined ? defaultColumn(header, field, mapped) : undefined;
    if (column) columns[field] = column;
  }
  if (!columns.sku && !columns.barcode) {
    throw new ImportError(
      'usage',
      `There is no column for the sku or the barcode: name one with --map. ${found}`,
    );
  }
  if (!columns.name) {
    throw new ImportError('usage', `There is no column for the name: name one with --map name=… . ${found}`);
  }
  return columns;
}

/** The best of a field's usual headers; not a column that was said to be something else. */
function defaultColumn(
  header: readonly string[],
  field: Field,
  mapped: ReadonlySet<number>,
): Column | undefined {
  for (const name of DEFAULT_HEADERS[field]) {
    const place = header.findIndex((given, at) => same(given) === name && !mapped.has(at));
    if (place >= 0) return { place, header: header[place] ?? name };
  }
  return undefined;
}

function mappedColumn(header: readonly string[], field: Field, wanted: string, found: string): Column {
  const places = header.flatMap((name, place) => (same(name) === same(wanted) ? [place] : []));
  const [place] = places;
  if (place === undefined)
    throw new ImportError('usage', `--map ${field}: there is no column ${wanted}. ${found}`);
  if (places.length > 1)
    throw new ImportError('usage', `--map ${field}: several columns are called ${wanted}. ${found}`);
  return { place, header: header[place] ?? wanted };
}
