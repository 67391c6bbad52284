import { isUtf8 } from 'node:buffer';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ImportError } from './import-error.ts';

/** Encodings that a file may be said to have. */
export const ENCODINGS = ['utf-8', 'windows-1252', 'windows-1251', 'utf-16le'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A line without its end. `damaged`: it holds bytes that are not of the encoding, shown as U+FFFD. */
export type Line = { readonly line: number; readonly text: string; readonly damaged: boolean };

/** A line longer than this is no line of a table. It bounds what is held in memory. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The lines of a file, a block at a time, numbered from 1. Gzip is told by its first bytes, a byte order mark is
 * removed, and everything is read as a stream: one block and one unfinished line are held.
 * @throws ImportError `source` where the compression is damaged or something is not a text with lines
 */
export async function* sourceLines(
  source: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Line[]> {
  let rest: Buffer = Buffer.alloc(0);
  let next = 1;
  for await (const bytes of asUtf8(inflated(source), encoding)) {
    const block = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = block.lastIndexOf(NEWLINE);
    rest = block.subarray(end + 1);
    if (rest.length > MAX_LINE_BYTES) {
      throw new ImportError(
        'source',
        `Line ${next} is longer than 1 MiB: is this a text file with one row a line?`,
      );
    }
    if (end < 0) continue;
    const lines = linesOf(block.subarray(0, end), next);
    next += lines.length;
    yield lines;
  }
  if (rest.length > 0) yield linesOf(rest, next);
}

function linesOf(block: Buffer, first: number): Line[] {
  if (isUtf8(block)) {
    return block
      .toString('utf8')
      .split('\n')
      .map((text, index) => ({ line: first + index, text: withoutReturn(text), damaged: false }));
  }
  const lines: Line[] = [];
  for (let from = 0; from <= block.length; ) {
    const found = block.indexOf(NEWLINE, from);
    const end = found < 0 ? block.length : found;
    const bytes = block.subarray(from, end);
    lines.push({
      line: first + lines.length,
      text: withoutReturn(bytes.toString('utf8')),
      damaged: !isUtf8(bytes),
    });
    from = end + 1;
  }
  return lines;
}

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);

/** The bytes as UTF-8 without a byte order mark. Such a mark says more of a file than whoever imports it. */
async function* asUtf8(source: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let begun = false;
  for await (let bytes of withBeginning(source, 3)) {
    if (!begun) {
      begun = true;
      const marked = markedEncoding(bytes);
      if ((marked ?? encoding) !== 'utf-8') decoder = new TextDecoder(marked ?? encoding);
      else if (marked) bytes = bytes.subarray(3);
    }
    yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true }), 'utf8') : bytes;
  }
  if (decoder) yield Buffer.from(decoder.decode(), 'utf8');
}

/** What a byte order mark says, if there is one. Spreadsheets write UTF-16 as "Unicode text". */
function markedEncoding(bytes: Buffer): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  return undefined;
}

/** The bytes, inflated where they begin as gzip does. */
async function* inflated(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const begun = withBeginning(source, 2);
  const first = await begun.next();
  if (first.done) return;
  const all = Readable.from(joined(first.value, begun), { objectMode: false });
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* all as AsyncIterable<Buffer>;
    return;
  }
  // A failure of either stream ends the other one and is thrown where the inflated bytes are read.
  const gunzip = pipeline(all, createGunzip(), () => {});
  try {
    yield* gunzip as AsyncIterable<Buffer>;
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new ImportError('source', 'The compressed file is damaged or cut off.', error);
  }
}

const isZlibError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));

/** The same bytes, with the first piece at least `length` long where there are so many. */
async function* withBeginning(source: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Buffer> {
  let beginning: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of source) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (beginning === undefined) {
      yield bytes;
      continue;
    }
    beginning = Buffer.concat([beginning, bytes]);
    if (beginning.length < length) continue;
    yield beginning;
    beginning = undefined;
  }
  if (beginning !== undefined && beginning.length > 0) yield beginning;
}

async function* joined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
