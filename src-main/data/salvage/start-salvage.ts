import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { z } from 'zod';
import type { Progress } from './salvage-ledger.ts';
import { salvageLedger } from './salvage-ledger.ts';

const taskSchema = z.strictObject({ salvage_from: z.string(), salvage_to: z.string() });

const wordSchema = z.union([
  z.strictObject({ done: z.int(), total: z.int() }),
  z.strictObject({ has_changed: z.boolean() }),
]);

/** A ledger that is being read, in a thread of its own. */
export type RunningSalvage = {
  /** Whether somebody wrote to it meanwhile; null where it was called off. Rejects where it cannot be read. */
  readonly done: Promise<{ has_changed: boolean } | null>;
  readonly cancel: () => void;
};

/** Starts `salvageLedger`. */
export function startSalvage(from: string, to: string, report: (progress: Progress) => void): RunningSalvage {
  const task: z.infer<typeof taskSchema> = { salvage_from: from, salvage_to: to };
  // In the built app this module is a part of the data process's one file, which the thread then loads.
  const worker = new Worker(new URL(import.meta.url), { workerData: task, argv: [] });
  const done = new Promise<{ has_changed: boolean } | null>((resolve, reject) => {
    worker.on('message', (raw: unknown) => {
      const word = wordSchema.parse(raw);
      if ('has_changed' in word) resolve(word);
      else report(word);
    });
    worker.once('error', reject);
    worker.once('exit', () => resolve(null));
  });
  return { done, cancel: () => void worker.terminate() };
}

if (!isMainThread) {
  const task = taskSchema.safeParse(workerData);
  if (task.success) {
    const { salvage_from, salvage_to } = task.data;
    const has_changed = salvageLedger(salvage_from, salvage_to, (progress) =>
      parentPort?.postMessage(progress),
    );
    parentPort?.postMessage({ has_changed });
  }
}
