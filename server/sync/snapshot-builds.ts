import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyBaseLogger } from 'fastify';
import type { CompanyId } from '#shared/ids.ts';
import type { SnapshotFile } from '#shared/sync/snapshot.ts';
import { signSnapshot } from './snapshot-key.ts';
import { type BuildOrder, buildWordSchema, PACKED } from './snapshot-order.ts';
import { companyFolder, DRAFT, type Shelf, shelve, tidy } from './snapshot-shelf.ts';

/** Rows written, of how many; both 0 before it has begun. */
type BuildProgress = { readonly done: number; readonly total: number };

/** The builds of this server: one after the other, each in a process of its own. */
export type Builds = {
  /** Has a company's snapshot built, unless that is under way or waits for its turn. */
  readonly start: (companyId: CompanyId) => void;
  /** How far a company's build is; null where there is none. */
  readonly progress: (companyId: CompanyId) => BuildProgress | null;
  /** A build failed a moment ago: it would fail again. */
  readonly hasFailed: (companyId: CompanyId) => boolean;
  readonly stop: () => Promise<void>;
};

const BUILDER = fileURLToPath(new URL('snapshot-builder.ts', import.meta.url));
/** A build that takes longer is stuck. 1,000,000 rows take half a minute. */
const DEADLINE_MS = 15 * 60_000;
/** After a failure terminals go by pages for so long. */
const FAILURE_REST_MS = 5 * 60_000;

export function startBuilds(shelf: Shelf, databaseUrl: string, log: FastifyBaseLogger): Builds {
  const wanted = new Map<CompanyId, BuildProgress>();
  const failedAt = new Map<CompanyId, number>();
  let child: ChildProcess | null = null;
  let stopped = false;
  let working: Promise<void> | null = null;

  const workOff = async (): Promise<void> => {
    for (let next = first(wanted); next !== undefined && !stopped; next = first(wanted)) {
      await build(next);
      wanted.delete(next);
    }
    // In the same breath as nothing more was found: whoever is wanted from now on begins anew.
    working = null;
  };
  const build = async (companyId: CompanyId): Promise<void> => {
    try {
      await tidy(shelf, companyId);
      await inNewFolder(companyFolder(shelf, companyId), (folder) => buildIn(folder, companyId));
      failedAt.delete(companyId);
    } catch (error) {
      if (stopped) return;
      failedAt.set(companyId, performance.now());
      log.error({ err: error, company_id: companyId }, 'snapshot could not be built');
    } finally {
      child = null;
    }
  };
  const buildIn = async (folder: string, companyId: CompanyId): Promise<void> => {
    const order = { database_url: databaseUrl, company_id: companyId, folder };
    const file = await runBuilder(order, {
      onStart: (started) => {
        child = started;
        if (stopped) started.kill('SIGKILL');
      },
      onProgress: (progress) => wanted.set(companyId, progress),
    });
    await shelve(shelf, join(folder, PACKED), signSnapshot(shelf.secret, file));
    const { rows, bytes, feed_seq } = file;
    log.info({ company_id: companyId, rows, bytes, feed_seq }, 'snapshot built');
  };
  return {
    start: (companyId) => {
      if (stopped || wanted.has(companyId)) return;
      wanted.set(companyId, { done: 0, total: 0 });
      working ??= workOff();
    },
    progress: (companyId) => wanted.get(companyId) ?? null,
    hasFailed: (companyId) => {
      const at = failedAt.get(companyId);
      return at !== undefined && performance.now() - at < FAILURE_REST_MS;
    },
    stop: async () => {
      stopped = true;
      child?.kill('SIGKILL');
      await working;
    },
  };
}

/** Works in a folder that is there for that alone. */
async function inNewFolder(parent: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(parent, DRAFT + randomBytes(6).toString('hex'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const first = <Key>(map: ReadonlyMap<Key, unknown>): Key | undefined => map.keys().next().value;

/** Runs the builder to its end. @throws what it said, where it ended without a file */
function runBuilder(
  order: BuildOrder,
  {
    onStart,
    onProgress,
  }: { onStart: (child: ChildProcess) => void; onProgress: (at: BuildProgress) => void },
): Promise<SnapshotFile> {
  const child = fork(BUILDER, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], execArgv: [] });
  onStart(child);
  let said = '';
  let file: SnapshotFile | undefined;
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  });
  child.on('message', (raw) => {
    const word = buildWordSchema.parse(raw);
    if (word.type === 'progress') onProgress({ done: word.done, total: word.total });
    else file = word.file;
  });
  child.send(order, () => {});
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      if (code === 0 && file) resolve(file);
      else reject(new Error(`the builder ended (${signal ?? code}): ${said}`));
    });
  });
}
