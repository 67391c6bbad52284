import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany } from '../../db.ts';
import { type Chunk, readAhead, readChunks } from './chunks.ts';
import type { Finding } from './finding.ts';
import { type RuleOptions, readRules } from './import-rules.ts';
import { type Plan, planChunk, type Taken } from './plan-chunk.ts';
import type { Encoding } from './source-lines.ts';
import { openTable } from './source-records.ts';
import { lockCatalogue, readStored, writePlan } from './write-chunk.ts';

export type ImportOptions = RuleOptions & {
  /** UTF-8 where neither this nor a byte order mark says otherwise. */
  readonly encoding?: Encoding | undefined;
  /** Decide everything and write nothing. */
  readonly dry_run?: boolean | undefined;
  /** Rows a transaction. */
  readonly chunk_rows?: number | undefined;
  /** Is given what there is to say about rows, in the order of the file, and awaited. */
  readonly onFindings?: ((findings: readonly Finding[]) => Promise<void>) | undefined;
};

/** Every row that was read is new, changed, unchanged, repeated or rejected. `bytes` are of the file as stored. */
export type ImportCounts = Plan['tally'] & { read: number; warnings: number; bytes: number };

export type ImportSummary = Readonly<ImportCounts> & {
  /** Ended before the end of the file: the counts are of what was taken. Repeat the import to go on. */
  readonly interrupted: boolean;
  readonly dry_run: boolean;
  readonly seconds: number;
};

/** 398,975 new rows take 35 s with 1,000 a transaction, 31 s with 5,000, 30 s and a third more memory with 20,000. */
const CHUNK_ROWS = 5000;

/**
 * Takes a catalogue file into a company: one family, identity and variant a row, with categories and departments as
 * they are needed. Rows that cannot be taken are told of one by one and hold up no other. Repeating it changes only
 * what differs. Ends between two transactions when `signal` says so.
 * @param source the file's bytes, plain or gzip
 * @throws ImportError when it cannot begin (`usage`) or the file cannot be read on (`source`)
 */
export async function importCatalogue(
  db: Db,
  companyId: CompanyId,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
  onProgress: (counts: Readonly<ImportCounts>) => void = () => {},
  signal?: AbortSignal,
): Promise<ImportSummary> {
  const started = performance.now();
  const counts: ImportCounts = {
    bytes: 0,
    read: 0,
    new: 0,
    changed: 0,
    unchanged: 0,
    repeated: 0,
    rejected: 0,
    warnings: 0,
  };
  const bytes = counted(source, counts);
  try {
    const interrupted = await takeChunks(db, companyId, bytes, options, counts, onProgress, signal);
    const seconds = (performance.now() - started) / 1000;
    return { ...counts, interrupted, dry_run: options.dry_run ?? false, seconds };
  } finally {
    await bytes.return(undefined);
  }
}

/** Takes one chunk after the other; true where the signal ended it. */
async function takeChunks(
  db: Db,
  companyId: CompanyId,
  bytes: AsyncIterable<Uint8Array>,
  options: ImportOptions,
  counts: ImportCounts,
  onProgress: (counts: Readonly<ImportCounts>) => void,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const taken: Taken = { lines: new Map(), owners: new Map() };
  const table = await openTable(bytes, options.encoding ?? 'utf-8');
  const rules = await inCompany(db, companyId, (tx) => readRules(tx, table, options));
  const chunks = readChunks(table.blocks, rules.row, options.chunk_rows ?? CHUNK_ROWS);
  for await (const chunk of readAhead(chunks)) {
    if (signal?.aborted) return true;
    const plan = await inCompany(db, companyId, async (tx) => {
      if (!options.dry_run) await lockCatalogue(tx);
      const planned = planChunk(chunk.rows, await readStored(tx, chunk.rows), taken, rules.plan);
      if (!options.dry_run) await writePlan(tx, planned);
      return planned;
    });
    remember(taken, plan.taken);
    const findings = [...chunk.findings, ...plan.findings].sort((one, other) => one.line - other.line);
    count(counts, chunk, plan, findings);
    if (findings.length > 0) await options.onFindings?.(findings);
    onProgress(counts);
  }
  return false;
}

async function* counted(source: AsyncIterable<Uint8Array>, counts: ImportCounts): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) {
    counts.bytes += bytes.length;
    yield bytes;
  }
}

function count(counts: ImportCounts, chunk: Chunk, plan: Plan, findings: readonly Finding[]): void {
  counts.read += chunk.rows.length + chunk.rejected;
  counts.rejected += chunk.rejected;
  for (const outcome of ['new', 'changed', 'unchanged', 'repeated', 'rejected'] as const) {
    counts[outcome] += plan.tally[outcome];
  }
  counts.warnings += findings.filter(({ kind }) => kind === 'warning').length;
}

/**
 * Keeps what a committed chunk has taken. A cell is a slice of the file's text and would keep all of that in memory,
 * so keys are copied; a barcode that is its own sku is kept once. That makes about 80 bytes a row.
 */
function remember(taken: Taken, chunk: Taken): void {
  const copies = new Map<string, string>();
  for (const [sku, line] of chunk.lines) {
    const copied = copy(sku);
    copies.set(sku, copied);
    taken.lines.set(copied, line);
  }
  for (const [code, sku] of chunk.owners) {
    const owner = copies.get(sku) ?? copy(sku);
    taken.owners.set(code === sku ? owner : copy(code), owner);
  }
}

const copy = (text: string): string => Buffer.from(text).toString();
