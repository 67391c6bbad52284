import { CsvError, type Options, parse } from 'csv-parse/sync';

/** One record of a CSV file with the number of the line it begins on, counted from 1. */
export type CsvRecord =
  | { line: number; fields: string[] }
  /** A line that cannot be split into fields: a quotation mark was opened and never closed. */
  | { line: number; unclosed: string };

/** A record longer than this is taken for an unclosed quotation mark that swallows the rows after it. */
const LONGEST_RECORD = 1024 * 1024;

/**
 * Splits CSV text (RFC 4180) into records and hands each to `each`, in order; blank lines are left out.
 *
 * Quoted fields may hold delimiters, doubled quotes and line breaks. Where quoting is broken, the line is read again
 * by itself with its quotation marks taken as they stand (`6" RULER`); if that fails too, that one line is reported
 * and reading goes on with the next, so that one bad mark never swallows the rest of the file.
 * @param width how many fields a record should have: one that spans several lines and has another number is not
 *   trusted, since a missing quotation mark looks just like that
 */
export function eachRecord(
  text: string,
  delimiter: string,
  width: number,
  each: (record: CsvRecord) => void,
): void {
  const bytes = Buffer.from(text.includes('\n') ? text : text.replaceAll('\r', '\n'));
  const options: Options = { delimiter, record_delimiter: ['\r\n', '\n'], relax_column_count: true };
  let start = 0;
  let line = 1;

  const readOn = () => {
    const base = start;
    parse(bytes.subarray(base), {
      ...options,
      max_record_size: LONGEST_RECORD,
      on_record: (record: string[], context) => {
        const end = base + context.bytes;
        const lines = countLines(bytes, start, end);
        if (lines > 1 && record.length !== width) throw new UntrustedRecord();
        if (!isBlank(record)) each({ line, fields: record });
        start = end;
        line += lines;
        return null;
      },
    });
    start = bytes.length;
  };

  const readOneLine = () => {
    const end = bytes.indexOf('\n', start) + 1 || bytes.length;
    const alone = bytes
      .subarray(start, end)
      .toString()
      .replace(/\r?\n$/, '');
    const fields = splitLine(alone, delimiter);
    if (!fields) each({ line, unclosed: alone });
    else if (!isBlank(fields)) each({ line, fields });
    start = end;
    line += 1;
  };

  while (start < bytes.length) {
    try {
      readOn();
    } catch (error) {
      if (!(error instanceof CsvError || error instanceof UntrustedRecord)) throw error;
      readOneLine();
    }
  }
}

/** The fields of one line, stray quotation marks taken as they stand; null where one is never closed. */
export function splitLine(line: string, delimiter: string): string[] | null {
  try {
    const records: string[][] = parse(line, { delimiter, relax_column_count: true, relax_quotes: true });
    return records[0] ?? [''];
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
}

class UntrustedRecord extends Error {}

const isBlank = (fields: readonly string[]): boolean => fields.length === 1 && fields[0]?.trim() === '';

function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf('\n', from); at !== -1 && at < to; at = bytes.indexOf('\n', at + 1)) lines += 1;
  return Math.max(lines, 1);
}
