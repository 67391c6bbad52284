import type { Finding } from './finding.ts';
import { type ImportRow, type RowRules, readRow } from './read-row.ts';
import type { SourceRecord } from './source-records.ts';

/** Rows that are taken in one transaction, and the ones beside them that cannot be taken. */
export type Chunk = {
  readonly rows: readonly ImportRow[];
  readonly rejected: number;
  readonly findings: readonly Finding[];
};

/** Reads records in chunks of so many rows. */
export async function* readChunks(
  blocks: AsyncIterable<readonly SourceRecord[]>,
  rules: RowRules,
  size: number,
): AsyncGenerator<Chunk> {
  let chunk = emptyChunk();
  for await (const block of blocks) {
    for (const record of block) {
      const { row, findings } = readRow(record, rules);
      chunk.findings.push(...findings);
      if (row) chunk.rows.push(row);
      else if (findings.length > 0) chunk.rejected += 1;
      if (chunk.rows.length + chunk.rejected < size) continue;
      yield chunk;
      chunk = emptyChunk();
    }
  }
  if (chunk.rows.length + chunk.rejected > 0) yield chunk;
}

const emptyChunk = (): { rows: ImportRow[]; rejected: number; findings: Finding[] } => ({
  rows: [],
  rejected: 0,
  findings: [],
});

/** One step ahead of its reader: the next chunk is read while the database is at work on this one. */
export async function* readAhead<Value>(source: AsyncGenerator<Value>): AsyncGenerator<Value> {
  try {
    let next = source.next();
    for (;;) {
      const step = await next;
      if (step.done) return;
      next = source.next();
      // A failure is thrown above, when it is its turn; until then it is not one that nobody looks after.
      next.catch(() => {});
      yield step.value;
    }
  } finally {
    await source.return(undefined);
  }
}
