import type { Encoding } from '../../../../server/catalogue/import/source-lines.ts';
import { openTable, type SourceRecord } from '../../../../server/catalogue/import/source-records.ts';

/** A file's bytes as a stream hands them out, in pieces of so many. */
export async function* aFile(content: string | Uint8Array, piece = 64 * 1024): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
}

/** The whole table, read at once. */
export async function readTable(
  source: AsyncIterable<Uint8Array>,
  encoding: Encoding = 'utf-8',
): Promise<{ header: readonly string[]; delimiter: string; records: SourceRecord[] }> {
  const { header, delimiter, blocks } = await openTable(source, encoding);
  const records: SourceRecord[] = [];
  for await (const block of blocks) records.push(...block);
  return { header, delimiter, records };
}
