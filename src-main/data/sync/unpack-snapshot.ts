import { createHash, type Hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { createZstdDecompress } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { z } from 'zod';
import { pendingMigrations } from '../migrate.ts';
import { catalogMigrations } from '../open.ts';

const THREAD = 'unpack snapshots';

const taskSchema = z.strictObject({
  from: z.string(),
  to: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  unpacked_bytes: z.int(),
});
/** A file that is being fetched, where it is to be unpacked to, and what was signed of it. */
type Unpacking = z.infer<typeof taskSchema>;

/** What the thread is told: what to do, and then how much of the file is here. */
const orderSchema = z.discriminatedUnion('type', [
  taskSchema.extend({ type: z.literal('unpack') }),
  z.strictObject({ type: z.literal('arrived'), bytes: z.int() }),
]);

/** What the thread says: how many bytes it has written, and at the end what was wrong, if anything was. */
const wordSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), done: z.int() }),
  z.object({ type: z.literal('done') }),
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

/** A thread that unpacks one snapshot: a scan must not wait for it. It starts while the file is still being fetched. */
export type Unpacker = {
  /**
   * Unpacks the file as it comes, holds it against its hash, checks the database and flushes it to the disk. What is
   * unpacked counts for nothing until all of that is done.
   *
   * 1,000,000 items (270 MB) take 0.1 s for the hash, 0.5 for unpacking, 0.4 for checking. SQLite's `quick_check` of the
   * whole file would take 0.7 s more to walk through the search index word by word; each table by itself is checked, the
   * search index's own among them, and the words are as the server checked them before it signed.
   * @param onProgress hears how many bytes are unpacked
   * @throws UnpackFault
   */
  readonly unpack: (task: Unpacking, onProgress: (bytes: number) => void) => Promise<void>;
  /** So many bytes of the file are here. It may become less, where the file begins anew. */
  readonly arrived: (bytes: number) => void;
  /** Ends the thread, whatever it does. */
  readonly end: () => void;
};

export function startUnpacker(): Unpacker {
  // In the built app this module is a part of the data process's one file, which the thread then loads.
  const worker = new Worker(new URL(import.meta.url), { workerData: THREAD, argv: [] });
  // What ends it before it is asked for anything is met when it is asked.
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => reject(new UnpackFault('fault', 'the thread ended')));
  });
  ended.catch(() => {});
  return {
    unpack: async (task, onProgress) => {
      const done = new Promise<void>((resolve, reject) => {
        worker.on('message', (raw) => {
          const word = wordSchema.parse(raw);
          if (word.type === 'progress') onProgress(word.done);
          else if (word.type === 'done') resolve();
          else reject(new UnpackFault(word.why, word.detail));
        });
      });
      worker.postMessage({ type: 'unpack', ...task });
      await Promise.race([done, ended]);
    },
    arrived: (bytes) => worker.postMessage({ type: 'arrived', bytes }),
    end: () => {
      worker.terminate();
    },
  };
}

async function unpack(
  { from, to, sha256, bytes: whole, unpacked_bytes }: Unpacking,
  arrivals: Arrivals,
): Promise<void> {
  const hash = createHash('sha256');
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
    Readable.from(bytesOf(from, whole, hash, arrivals), { objectMode: false, highWaterMark: CHUNK }),
    createZstdDecompress({ chunkSize: CHUNK }),
    count,
    createWriteStream(to, { mode: 0o600 }),
  );
  const found = hash.digest('hex');
  if (found !== sha256) throw new UnpackFault('not_sound', `it hashes to ${found} instead of ${sha256}`);
  if (bytes !== unpacked_bytes) throw new UnpackFault('not_sound', 'it is shorter than was said');
  const file = await open(to, 'r+');
  // Flushed while it is checked.
  const flushed = file.sync();
  try {
    check(to);
  } finally {
    await flushed;
    await file.close();
  }
}

/** How much of the file is here, and who waits for more. */
type Arrivals = { bytes: number; more: PromiseWithResolvers<void> };

/** The bytes of a file as they arrive, each counted into the hash. */
async function* bytesOf(path: string, whole: number, hash: Hash, arrivals: Arrivals): AsyncGenerator<Buffer> {
  while (arrivals.bytes === 0) await arrivals.more.promise;
  const file = await open(path, 'r');
  try {
    for (let at = 0; at < whole; ) {
      const { more } = arrivals;
      const chunk = Buffer.allocUnsafe(Math.max(0, Math.min(CHUNK, arrivals.bytes - at)));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      // Nothing more is here, or less than there was, where the file began anew.
      if (bytesRead === 0) await more.promise;
      else {
        at += bytesRead;
        const read = chunk.subarray(0, bytesRead);
        hash.update(read);
        yield read;
      }
    }
  } finally {
    await file.close();
  }
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

if (!isMainThread && workerData === THREAD) {
  const arrivals: Arrivals = { bytes: 0, more: Promise.withResolvers() };
  parentPort?.on('message', (raw) => {
    const order = orderSchema.parse(raw);
    if (order.type === 'arrived') {
      const { more } = arrivals;
      arrivals.bytes = order.bytes;
      arrivals.more = Promise.withResolvers();
      more.resolve();
      return;
    }
    unpack(order, arrivals).then(
      () => parentPort?.postMessage({ type: 'done' }),
      (error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        parentPort?.postMessage({ type: 'failed', why: whyOf(error), detail });
      },
    );
  });
}
