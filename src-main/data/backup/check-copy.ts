import { isMainThread, Worker, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';

const taskSchema = z.strictObject({ check_copy: z.string(), at_least: z.int() });

/**
 * Reads a copy of the ledger through, in a thread of its own: a year of sales takes a second, and a scan must not
 * wait for it. Leaves one file that can be carried away by itself.
 * @throws where a page is damaged or the copy ends before operation `atLeast`
 */
export async function checkCopy(file: string, atLeast: number): Promise<void> {
  const task: z.infer<typeof taskSchema> = { check_copy: file, at_least: atLeast };
  // In the built app this module is a part of the data process's one file, which the thread then loads.
  const worker = new Worker(new URL(import.meta.url), { workerData: task, argv: [] });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => resolve());
  });
}

function readThrough(file: string, atLeast: number): void {
  const db = new Sqlite(file);
  try {
    db.pragma('journal_mode = DELETE');
    const found = db.pragma('integrity_check(1)', { simple: true });
    if (found !== 'ok') throw new Error(`The copy is damaged: ${String(found)}.`);
    const end = db.prepare<[], { seq: number | null }>('SELECT max(seq) AS seq FROM operation').get();
    const last = end?.seq ?? 0;
    if (last < atLeast) throw new Error(`The copy ends at operation ${last}, the ledger at ${atLeast}.`);
  } finally {
    db.close();
  }
}

if (!isMainThread) {
  const task = taskSchema.safeParse(workerData);
  if (task.success) readThrough(task.data.check_copy, task.data.at_least);
}
