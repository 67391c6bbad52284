import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createZstdDecompress } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { pendingMigrations } from '../migrate.ts';
import { catalogMigrations } from '../open.ts';

const taskSchema = z.strictObject({
  unpack_snapshot: z.strictObject({
    from: z.string(),
    to: z.string(),
    sha256: z.string(),
    unpacked_bytes: z.int(),
  }),
});
export type Unpacking = z.infer<typeof taskSchema>['unpack_snapshot'];

/** What the thread says: how many bytes it has written, and at the end what was wrong, if anything was. */
const wordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int() }),
  z.object({ type: z.literal('failed'), why: z.enum(['not_sound', 'no_room', 'fault']), detail: z.string() }),
]);

/**
 * `not_sound`: the file is not what was signed, or not what this version can use. `no_room`: the disk is full.
 */
export class UnpackFault extends Error {
  readonly why: 'not_sound' | 'no_room' | 'fault';
  constructor(why: UnpackFault['why'], detail: string) {
    super(detail);
    this.why = why;
  }
}

/** Bytes at a time through a stream; with the 16 KiB of Node's own choice it takes half as long again. */
const CHUNK = 256 * 1024;

/**
 * Checks a fetched snapshot against its hash, unpacks it, checks the database and flushes it to the disk, in a thread
 * of its own: a scan must not wait for it.
 *
 * 1,000,000 items (265 MB) in 1.1 s: unpacking 0.65, flushing 0.1, checking 0.35. SQLite's `quick_check` of the whole file would
 * take 0.7 s more to walk through the search index word by word; each table by itself is checked, the search
 * index's own among them, and the words are as the server checked them before it signed.
 * @param onProgress hears how many bytes are unpacked
 * @throws UnpackFault; the signal's reason when it ends the work
 */
export async function unpackSnapshot(
  work: Unpacking,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const task: z.infer<typeof taskSchema> = { unpack_snapshot: work };
  signal.throwIfAborted();
  // In the built app this module is a part of the data process's one file, which the thread then loads.
  const worker = new Worker(new URL(import.meta.url), { workerData: task, argv: [] });
  const abort = () => worker.terminate();
  signal.addEventListener('abort', abort);
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (raw) => {
        const word = wordSchema.parse(raw);
        if (word.type === 'progress') onProgress(word.done);
        else reject(new UnpackFault(word.why, word.detail));
      });
      worker.once('error', reject);
      worker.once('exit', () => resolve());
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
  signal.throwIfAborted();
}

async function unpack({ from, to, sha256, unpacked_bytes }: Unpacking): Promise<void> {
  const found = await hashOf(from);
  if (found !== sha256) throw new UnpackFault('not_sound', `it hashes to ${found} instead of ${sha256}`);
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      parentPort?.postMessage({ type: 'progress', done: bytes });
      if (bytes > unpacked_bytes) done(new UnpackFault('not_sound', 'it is larger than was said'));
      else done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(from, { highWaterMark: CHUNK }),
    createZstdDecompress({ chunkSize: CHUNK }),
    count,
    createWriteStream(to, { mode: 0o600 }),
  );
  if (bytes !== unpacked_bytes) throw new UnpackFault('not_sound', 'it is shorter than was said');
  check(to);
  const file = await open(to, 'r+');
  await file.sync();
  await file.close();
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  const update = new Writable({
    write(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  await pipeline(createReadStream(path, { highWaterMark: CHUNK }), update);
  return hash.digest('hex');
}

/** Reads every page of the database, and makes sure that its schema is ours. */
function check(path: string): void {
  const db = new Sqlite(path, { readonly: true });
  try {
    if (pendingMigrations(db, catalogMigrations()).length > 0) {
      throw new UnpackFault('not_sound', 'its tables are of an older version');
    }
    const tables = db
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
      .all();
    for (const { name } of tables) {
      const found = db.pragma(`quick_check('${name}')`, { simple: true });
      if (found !== 'ok') throw new UnpackFault('not_sound', String(found));
    }
  } finally {
    db.close();
  }
}

/** What an error of the thread means for whoever waits. */
function whyOf(error: unknown): UnpackFault['why'] {
  if (error instanceof UnpackFault) return error.why;
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') return 'no_room';
  return /^(SQLITE_|ZSTD_error|made_by|changed_after|not_ours)/.test(code) ? 'not_sound' : 'fault';
}

if (!isMainThread) {
  const task = taskSchema.safeParse(workerData);
  if (task.success) {
    unpack(task.data.unpack_snapshot).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ type: 'failed', why: whyOf(error), detail });
    });
  }
}
