import { ImportError } from './import-error.ts';
import { type Encoding, type Line, sourceLines } from './source-lines.ts';
import { splitQuoted } from './split-record.ts';

export type Delimiter = ',' | '\t' | ';';

/** A row as the file has it: its cells, or why they cannot be told apart. */
export type SourceRecord =
  | { readonly line: number; readonly cells: readonly string[] }
  | { readonly line: number; readonly text: string; readonly fault: string };

/** A table: its header, and its rows a block at a time. */
export type Table = {
  readonly header: readonly string[];
  readonly delimiter: Delimiter;
  readonly blocks: AsyncGenerator<SourceRecord[]>;
};

/** A quoted cell may hold line ends; what goes on longer than this is a quote that was never closed. */
const LONGEST_RECORD = { lines: 100, characters: 64 * 1024 } as const;

const FAULTS = {
  open_quote: 'a quote is opened and never closed',
  text_after_quote: 'text follows a closing quote; quotes within a quoted cell must be doubled',
  damaged: 'is not UTF-8; if the whole file is Windows-1252, import it with --encoding windows-1252',
} as const;

/**
 * Opens a CSV or TSV file: the first line with anything on it is the header and shows the delimiter. In
 * tab-separated files quotes are plain characters; in the others they follow RFC 4180. A row that cannot be read
 * spoils itself only: the next line is read afresh.
 */
export async function openTable(source: AsyncIterable<Uint8Array>, encoding: Encoding): Promise<Table> {
  const blocks = sourceLines(source, encoding);
  for (let block = await blocks.next(); !block.done; block = await blocks.next()) {
    const place = block.value.findIndex((line) => line.text.trim() !== '');
    const first = block.value[place];
    if (!first) continue;
    if (first.damaged) throw new ImportError('usage', `Line ${first.line}, the header, ${FAULTS.damaged}.`);
    if (first.text.includes('\r')) {
      throw new ImportError(
        'usage',
        'The lines end in carriage returns alone; save the file with ordinary line ends.',
      );
    }
    const delimiter = delimiterOf(first.text);
    const cells = delimiter === '\t' ? first.text.split('\t') : splitQuoted(first.text, delimiter);
    if (typeof cells === 'string')
      throw new ImportError('usage', `Line ${first.line}, the header: ${FAULTS[cells]}.`);
    const header = cells.map((cell) => cell.trim());
    return { header, delimiter, blocks: recordBlocks(block.value.slice(place + 1), blocks, delimiter) };
  }
  throw new ImportError('usage', 'The file is empty.');
}

function delimiterOf(header: string): Delimiter {
  const outside = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: Delimiter) => outside.split(delimiter).length;
  const candidates: Delimiter[] = ['\t', ',', ';'];
  return candidates.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

async function* recordBlocks(
  first: Line[],
  rest: AsyncGenerator<Line[]>,
  delimiter: Delimiter,
): AsyncGenerator<SourceRecord[]> {
  let waiting: Line[] = [];
  const take = (lines: Line[], isEnd: boolean): SourceRecord[] => {
    const { records, unfinished } = recordsOf([...waiting, ...lines], delimiter, isEnd);
    waiting = unfinished;
    return records;
  };
  yield take(first, false);
  for await (const lines of rest) yield take(lines, false);
  yield take([], true);
}

/** The records of these lines, and the lines of a last record that goes on beyond them. Blank lines are none. */
function recordsOf(
  lines: readonly Line[],
  delimiter: Delimiter,
  isEnd: boolean,
): { records: SourceRecord[]; unfinished: Line[] } {
  const records: SourceRecord[] = [];
  for (let place = 0; place < lines.length; ) {
    const { line, text, damaged } = lines[place] as Line;
    if (text.trim() === '') place += 1;
    else if (damaged) {
      records.push({ line, text, fault: FAULTS.damaged });
      place += 1;
    } else if (delimiter === '\t' || !text.includes('"')) {
      records.push({ line, cells: text.split(delimiter) });
      place += 1;
    } else {
      const quoted = quotedRecord(lines, place, delimiter, isEnd);
      if (!quoted) return { records, unfinished: lines.slice(place) };
      records.push(quoted.record);
      place += quoted.lines;
    }
  }
  return { records, unfinished: [] };
}

/** The record with quotes that begins at a line, and of how many lines it is. Undefined where it may still go on. */
function quotedRecord(
  lines: readonly Line[],
  place: number,
  delimiter: Delimiter,
  isEnd: boolean,
): { record: SourceRecord; lines: number } | undefined {
  const { line, text } = lines[place] as Line;
  const spoiled = (fault: string) => ({ record: { line, text, fault }, lines: 1 });
  let joined = text;
  for (let taken = 1; ; taken += 1) {
    const cells = splitQuoted(joined, delimiter);
    if (cells === 'text_after_quote') return spoiled(FAULTS.text_after_quote);
    if (cells !== 'open_quote') return { record: { line, cells }, lines: taken };
    if (taken >= LONGEST_RECORD.lines || joined.length > LONGEST_RECORD.characters)
      return spoiled(FAULTS.open_quote);
    const following = lines[place + taken];
    if (!following) return isEnd ? spoiled(FAULTS.open_quote) : undefined;
    if (following.damaged) return spoiled(FAULTS.open_quote);
    joined = `${joined}\n${following.text}`;
  }
}
