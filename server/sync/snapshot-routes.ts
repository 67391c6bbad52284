import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { tablesQuerySchema } from '#shared/contract/central.ts';
import { type SignedSnapshot, sha256Schema, snapshotQuerySchema } from '#shared/sync/snapshot.ts';
import type { Config } from '../config.ts';
import { type Db, inCompany } from '../db.ts';
import { recogniseTerminal } from '../people/terminal-token.ts';
import { invalid, Refusal } from '../problem.ts';
import type { Turns } from '../turns.ts';
import { readRange } from './range.ts';
import { readScope } from './scope.ts';
import { offerSnapshot } from './snapshot.ts';
import { startBuilds } from './snapshot-builds.ts';
import { readFileSchema } from './snapshot-schema.ts';
import { packedPath, type Shelf, snapshotsOf } from './snapshot-shelf.ts';
import { newTableHashes } from './table-hashes.ts';

/** Ask again after so many seconds while a snapshot is built. */
const ASK_AGAIN_S = 1;
/** Bytes read at a time. */
const CHUNK = 1024 * 1024;

/**
 * What concerns a catalogue as a whole: which snapshot there is, its file in ranges, and what each table comes to.
 */
export function addSnapshots(
  app: FastifyInstance,
  { db, secret, config, turns }: { db: Db; secret: Uint8Array; config: Config; turns: Turns },
): void {
  const shelf: Shelf = { folder: join(config.TILLDOCK_DATA, 'snapshots'), secret };
  const builds = startBuilds(shelf, addressOf(db), app.log);
  const desk = { shelf, builds, fileSchema: readFileSchema().checksum };
  const tables = newTableHashes(db);
  app.addHook('preClose', () => builds.stop());

  app.get('/api/v1/sync/snapshot', async (request, reply) => {
    const identity = await recogniseTerminal(secret, request.headers.authorization);
    const query = snapshotQuerySchema.safeParse(request.query);
    if (!query.success) throw invalid(query.error);
    const answer = await turns.take(identity.company_id, () => offerSnapshot(db, desk, identity, query.data));
    reply.header('cache-control', 'no-store');
    if (answer.state === 'building') reply.status(202).header('retry-after', ASK_AGAIN_S);
    return answer;
  });
  app.get('/api/v1/sync/snapshot/:sha256', async (request, reply) => {
    const identity = await recogniseTerminal(secret, request.headers.authorization);
    const { sha256 } = request.params as { sha256: string };
    // Neither a revoked terminal nor one that told two histories is told anything.
    await turns.take(identity.company_id, () =>
      inCompany(db, identity.company_id, (tx) => readScope(tx, identity)),
    );
    const snapshots = sha256Schema.safeParse(sha256).success
      ? await snapshotsOf(shelf, identity.company_id)
      : [];
    const snapshot = snapshots.find(({ file }) => file.sha256 === sha256);
    if (!snapshot) throw new Refusal(404, 'not_found', 'There is no such snapshot, or no longer.');
    return sendFile(request, reply, packedPath(shelf, snapshot), snapshot);
  });
  app.get('/api/v1/sync/tables', async (request, reply) => {
    const identity = await recogniseTerminal(secret, request.headers.authorization);
    const query = tablesQuerySchema.safeParse(request.query);
    if (!query.success) throw invalid(query.error);
    reply.header('cache-control', 'no-store');
    return turns.take(identity.company_id, () => tables.compare(identity, query.data.cursor));
  });
}

/** Where the pool's database is, for a process that opens a connection of its own. */
function addressOf(db: Db): string {
  const { connectionString } = db.options;
  if (connectionString === undefined) throw new Error('the pool was opened without an address');
  return connectionString;
}

/** Sends a file whole or in part. A file under its hash never changes, so `If-Range` always holds where it is named. */
function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  path: string,
  { file: { bytes, sha256 } }: SignedSnapshot,
): FastifyReply {
  const etag = `"${sha256}"`;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-type': 'application/octet-stream',
  });
  const { range, 'if-range': condition } = request.headers;
  const wanted = condition === undefined || condition === etag ? readRange(range, bytes) : 'whole';
  if (wanted === 'unsatisfiable') {
    reply.header('content-range', `bytes */${bytes}`);
    throw new Refusal(416, 'no_such_range', `The file has ${bytes} bytes.`);
  }
  if (wanted === 'whole') {
    reply.header('content-length', bytes);
    return reply.send(createReadStream(path, { highWaterMark: CHUNK }));
  }
  const { from, to } = wanted;
  reply.status(206).headers({
    'content-length': to - from + 1,
    'content-range': `bytes ${from}-${to}/${bytes}`,
  });
  return reply.send(createReadStream(path, { start: from, end: to, highWaterMark: CHUNK }));
}
