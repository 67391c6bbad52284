import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import Sqlite, { type Database } from 'better-sqlite3';
import { z } from 'zod';
import { contentFault } from '../ledger-contents.ts';
import { pendingMigrations } from '../migrate.ts';
import { ledgerMigrations } from '../open.ts';

const taskSchema = z.strictObject({ check_copy: z.string(), at_least: z.int() });

/** What a copy of the ledger ends with. */
const copyEndSchema = z.strictObject({
  last_seq: z.int().min(0),
  last_at: z.string().nullable(),
  last_receipt: z.string().nullable(),
});
export type CopyEnd = z.infer<typeof copyEndSchema>;

/**
 * Reads a copy of the ledger through, in a thread of its own: a year of sales takes a second, and a scan must not
 * wait for it. Every page, every index and the hash of every operation must be right. Leaves one file that can be
 * carried away by itself.
 * @throws where it is damaged or changed, is no ledger that this version can use, or ends before operation `atLeast`
 */
export async function checkCopy(file: string, atLeast: number): Promise<CopyEnd> {
  const task: z.infer<typeof taskSchema> = { check_copy: file, at_least: atLeast };
  // In the built app this module is a part of the data process's one file, which the thread then loads.
  const worker = new Worker(new URL(import.meta.url), { workerData: task, argv: [] });
  return new Promise<CopyEnd>((resolve, reject) => {
    worker.once('message', (end: unknown) => resolve(copyEndSchema.parse(end)));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The copy was not read to its end.')));
  });
}

function readThrough(file: string, atLeast: number): CopyEnd {
  const db = new Sqlite(file, { fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
    const found = db.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(`The copy is damaged: ${String(found)}.`);
    if (pendingMigrations(db, ledgerMigrations()).length === ledgerMigrations().length) {
      throw new Error('The copy is empty.');
    }
    const fault = contentFault(db);
    if (fault !== null) throw new Error(`The copy is damaged: ${fault}.`);
    const end = endOf(db);
    if (end.last_seq < atLeast) {
      throw new Error(`The copy ends at operation ${end.last_seq}, the ledger at ${atLeast}.`);
    }
    return end;
  } finally {
    db.close();
  }
}

function endOf(db: Database): CopyEnd {
  const last = db
    .prepare<[], { last_seq: number; last_at: string }>(
      'SELECT seq AS last_seq, occurred_at AS last_at FROM operation ORDER BY seq DESC LIMIT 1',
    )
    .get();
  const receipt = db.prepare<[], { receipt_number: string }>(
    'SELECT receipt_number FROM ticket ORDER BY seq DESC LIMIT 1',
  );
  return {
    last_seq: last?.last_seq ?? 0,
    last_at: last?.last_at ?? null,
    last_receipt: receipt.get()?.receipt_number ?? null,
  };
}

if (!isMainThread) {
  const task = taskSchema.safeParse(workerData);
  if (task.success) parentPort?.postMessage(readThrough(task.data.check_copy, task.data.at_least));
}
