import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, statSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createZstdCompress, constants as zlib } from 'node:zlib';
import { COMPANY_ENTITIES, FEED_SCHEMA } from '#shared/sync/feed.ts';
import type { RawChange } from '#shared/sync/read-change.ts';
import type { SnapshotFile } from '#shared/sync/snapshot.ts';
import { type Db, inCompany, openPool, rows, type Tx } from '../db.ts';
import { LIVING_ROWS } from './feed-rows.ts';
import { IN_INDEX_ORDER } from './pull.ts';
import { newCatalog } from './snapshot-file.ts';
import { type BuildOrder, type BuildWord, buildOrderSchema, PACKED } from './snapshot-order.ts';
import { readFileSchema } from './snapshot-schema.ts';

/**
 * A process that builds one snapshot and ends. Started by `snapshot-builds.ts`, which sends it the order. A process
 * of its own, and a patient one: pushes must not notice that it works.
 */

/** Rows of one page. */
const PAGE = 5000;
/** How often it looks whether the company's other build has ended, in ms. */
const LOOK_EVERY_MS = 1000;
/** The lock that says: somebody reads a whole catalogue of this company. */
const LOCK = 7_142_305;
/** 5 % smaller than level 3 and a quarter quicker to unpack, for a second more (1,000,000 items). */
const LEVEL = 6;
/** Bytes at a time through a stream; the 16 KiB of Node's own choice cost half as much again. */
const CHUNK = 256 * 1024;

type Contents = Pick<SnapshotFile, 'server_epoch' | 'feed_seq' | 'rows'>;

/** Builds the file and leaves it in the order's folder. */
async function build(order: BuildOrder, say: (word: BuildWord) => void): Promise<void> {
  mkdirSync(order.folder, { recursive: true });
  const [draft, whole] = [join(order.folder, 'draft.db'), join(order.folder, 'catalog.db')];
  const schema = readFileSchema();
  const built_at = new Date().toISOString();
  const catalog = newCatalog(draft, schema, built_at);
  const db = openPool(order.database_url, 1);
  let contents: Contents;
  try {
    const report = (done: number, total: number) => say({ type: 'progress', done, total });
    contents = await whenNobodyElse(db, order, (tx) => readFeed(tx, catalog.add, report));
  } finally {
    await db.end();
  }
  catalog.finish(whole);
  catalog.close();
  await rm(draft);
  const packed = await pack(whole, join(order.folder, PACKED));
  const { size } = statSync(whole);
  await rm(whole);
  const { company_id } = order;
  const schemas = { feed_schema: FEED_SCHEMA, file_schema: schema.checksum };
  say({
    type: 'built',
    file: { company_id, ...contents, ...schemas, ...packed, unpacked_bytes: size, built_at },
  });
}

/** Reads in one moment of the database, and not while another server reads the same: one is load enough. */
async function whenNobodyElse(
  db: Db,
  { company_id }: BuildOrder,
  read: (tx: Tx) => Promise<Contents>,
): Promise<Contents> {
  for (;;) {
    const contents = await inCompany(db, company_id, async (tx) => {
      await tx.client.query(`set transaction isolation level repeatable read, read only; ${IN_INDEX_ORDER}`);
      const [lock] = await rows<{ free: boolean }>(
        tx,
        'select pg_try_advisory_xact_lock($1, hashtext($2)) as free',
        [LOCK, company_id],
      );
      return lock?.free ? read(tx) : null;
    });
    if (contents) return contents;
    await pause(LOOK_EVERY_MS);
  }
}

async function readFeed(
  tx: Tx,
  add: (changes: readonly RawChange[]) => void,
  report: (done: number, total: number) => void,
): Promise<Contents> {
  const [feed] = await rows<{ server_epoch: string; feed_seq: number; total: number }>(
    tx,
    `select (select epoch from server_epoch) || '.' || course as server_epoch, last_seq as feed_seq,
       (select count(*) from feed where company_id = $1 and entity = any($2) and not gone) as total
     from feed_counter where company_id = $1`,
    [tx.company_id, COMPANY_ENTITIES],
  );
  if (!feed) throw new Error('the company has no feed');
  const page = (after: number) =>
    rows<{ feed_seq: number; change: string }>(tx, LIVING_ROWS, [
      tx.company_id,
      after,
      PAGE,
      null,
      COMPANY_ENTITIES,
    ]);
  let done = 0;
  let here = await page(0);
  while (here.length > 0) {
    // The database looks for the next page while this one is written.
    const next = page(here.at(-1)?.feed_seq ?? 0);
    add(here.map(({ change }) => JSON.parse(change) as RawChange));
    done += here.length;
    report(done, feed.total);
    here = await next;
  }
  return { server_epoch: feed.server_epoch, feed_seq: feed.feed_seq, rows: done };
}

/** Compresses a file and flushes it to the disk. */
async function pack(from: string, to: string): Promise<Pick<SnapshotFile, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(from, { highWaterMark: CHUNK }),
    createZstdCompress({ chunkSize: CHUNK, params: { [zlib.ZSTD_c_compressionLevel]: LEVEL } }),
    count,
    createWriteStream(to),
  );
  const file = await open(to, 'r+');
  await file.sync();
  await file.close();
  return { bytes, sha256: hash.digest('hex') };
}

function main(): void {
  setPriority(constants.priority.PRIORITY_LOW);
  const say = (word: BuildWord) => {
    process.send?.(word);
  };
  // Whoever ordered it is gone: nobody would take what is built.
  const abandon = () => process.exit(1);
  process.once('disconnect', abandon);
  process.once('message', (order) => {
    build(buildOrderSchema.parse(order), say).then(
      () => {
        process.off('disconnect', abandon);
        process.disconnect?.();
      },
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        process.exit(1);
      },
    );
  });
}

main();
