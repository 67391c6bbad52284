import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitQuoted } from '../../../../server/catalogue/import/split-record.ts';

const delimiter = fc.constantFrom(',', ';');
const texts = fc.array(fc.string({ unit: fc.constantFrom(...'ab ",;\n\t€я') }), {
  minLength: 1,
  maxLength: 6,
});
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test('cells that were quoted come back as they were', () => {
  fc.assert(
    fc.property(texts, delimiter, (cells, mark) => {
      expect(splitQuoted(cells.map(quoted).join(mark), mark)).toEqual(cells);
    }),
  );
});

/** What csv-parse makes of a record by itself: its cells, or the code of its complaint. */
function byCsvParse(record: string): string[] | string {
  try {
    // A record delimiter that cannot occur: line ends stand within this one record.
    const rows: string[][] = parse(record, { record_delimiter: '\0' });
    return rows[0] ?? [];
  } catch (error) {
    if (error instanceof CsvError) return error.code;
    throw error;
  }
}

test('records come out as csv-parse has them, and the same quotes are wrong', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a",\n'), minLength: 1, maxLength: 12 }), (record) => {
      const known = byCsvParse(record);
      seen.add(typeof known === 'string' ? known : 'cells');
      if (known === 'CSV_QUOTE_NOT_CLOSED') expect(splitQuoted(record, ',')).toBe('open_quote');
      else if (known === 'CSV_INVALID_CLOSING_QUOTE')
        expect(splitQuoted(record, ',')).toBe('text_after_quote');
      // A quote within a plain cell is where the two differ on purpose.
      else if (known !== 'INVALID_OPENING_QUOTE') expect(splitQuoted(record, ',')).toEqual(known);
    }),
    { numRuns: 5000 },
  );
  expect([...seen].sort()).toEqual([
    'CSV_INVALID_CLOSING_QUOTE',
    'CSV_QUOTE_NOT_CLOSED',
    'INVALID_OPENING_QUOTE',
    'cells',
  ]);
});

test('a quote within a plain cell is a character', () => {
  expect(splitQuoted('1,3" pipe,5.00', ',')).toEqual(['1', '3" pipe', '5.00']);
});

test('what is wrong with quotes is told', () => {
  expect(splitQuoted('1,"pipe,5.00', ',')).toBe('open_quote');
  expect(splitQuoted('1,"3" pipe",5.00', ',')).toBe('text_after_quote');
});
