/** Cells of a record; or why there are none: a quote is still open at the end, or text follows a closing quote. */
export type Split = string[] | 'open_quote' | 'text_after_quote';

/**
 * Splits a record with quotes as RFC 4180 has it: a cell that begins with a quote ends with one, and a doubled
 * quote within stands for one. A quote inside a cell that does not begin with one (`3" pipe`) is a character, as
 * spreadsheets read it.
 *
 * Written here because an import must outlive a quote that never closes: csv-parse then takes the rest of the file
 * for one cell, and with `skip_records_with_error` drops it. Tests hold the two to the same answer on sound files.
 */
export function splitQuoted(record: string, delimiter: string): Split {
  const cells: string[] = [];
  for (let at = 0; ; at += 1) {
    let end: number;
    if (record[at] === '"') {
      const close = closingQuote(record, at + 1);
      if (close < 0) return 'open_quote';
      cells.push(record.slice(at + 1, close).replaceAll('""', '"'));
      end = close + 1;
      if (end < record.length && record[end] !== delimiter) return 'text_after_quote';
    } else {
      const found = record.indexOf(delimiter, at);
      end = found < 0 ? record.length : found;
      cells.push(record.slice(at, end));
    }
    if (end >= record.length) return cells;
    at = end;
  }
}

function closingQuote(record: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = record.indexOf('"', at);
    if (at < 0 || record[at + 1] !== '"') return at;
  }
}
