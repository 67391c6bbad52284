import { open, rm, stat } from 'node:fs/promises';
import { central } from '#shared/contract/central.ts';
import type { SnapshotFile } from '#shared/sync/snapshot.ts';
import { fetchedHashes, fetchedPath } from '../catalog-files.ts';
import { openCentral, ServerFault, unreachable } from './central-call.ts';
import { type Link, withToken } from './link.ts';

/** A connection over which nothing has come for so long is taken to be dead, in ms. */
const STALLED_MS = 30_000;

/**
 * Fetches a snapshot's file, going on where an earlier attempt ended, also one of an earlier run. A connection that is
 * cut after it brought something is followed by another at once.
 * @param onProgress hears how many bytes are here
 * @throws ServerFault; Node's own error where the disk does not take it
 */
export async function fetchSnapshotFile(
  link: Link,
  folder: string,
  file: SnapshotFile,
  onProgress: (bytes: number) => void,
): Promise<void> {
  for (const other of fetchedHashes(folder)) {
    if (other !== file.sha256) await rm(fetchedPath(folder, other), { force: true });
  }
  const path = fetchedPath(folder, file.sha256);
  if ((await sizeOf(path)) > file.bytes) await rm(path);
  for (let have = await sizeOf(path); have !== file.bytes; ) {
    const before = have;
    const cut = await fetchRest(link, path, file, onProgress).catch((error: unknown) => {
      if (!(error instanceof ServerFault) || error.kind !== 'unreachable') throw error;
      return error;
    });
    have = await sizeOf(path);
    if (have <= before || link.signal.aborted) throw cut ?? notTheFile(null);
  }
}

/** Appends what is missing, as far as the connection brings it. */
async function fetchRest(
  link: Link,
  path: string,
  file: SnapshotFile,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const watchdog = newWatchdog(link.signal);
  const from = await sizeOf(path);
  try {
    const response = await withToken(link, (headers) => ask(link, headers, file, from, watchdog.signal));
    // All of it may come instead of the part.
    const isWhole = response.status === 200;
    const to = await open(path, isWhole ? 'w' : 'a', 0o600);
    let have = isWhole ? 0 : from;
    try {
      for await (const chunk of chunksOf(link, response)) {
        have += chunk.length;
        if (have > file.bytes) throw notTheFile(response.status);
        await to.appendFile(chunk);
        watchdog.feed();
        onProgress(have);
      }
    } finally {
      await to.close();
    }
  } finally {
    watchdog.end();
  }
}

/** The chunks of a body; a connection that is cut is told as such, unlike whatever befalls the disk meanwhile. */
async function* chunksOf(link: Link, response: Response): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  try {
    while (reader) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw unreachable(link.terminal.server_url, cause);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader?.cancel().catch(() => {});
  }
}

async function ask(
  link: Link,
  headers: { authorization: string },
  file: SnapshotFile,
  from: number,
  signal: AbortSignal,
): Promise<Response> {
  const etag = `"${file.sha256}"`;
  const range = from > 0 ? { range: `bytes=${from}-`, 'if-range': etag } : {};
  const response = await openCentral(
    central.sync.snapshotFile,
    {
      server_url: link.terminal.server_url,
      headers: { ...headers, ...range, accept: 'application/octet-stream' },
      params: { sha256: file.sha256 },
      signal,
    },
    [200, 206],
  );
  const isPart =
    response.status === 200 || response.headers.get('content-range')?.startsWith(`bytes ${from}-`);
  if (response.headers.get('etag') === etag && isPart) return response;
  await response.body?.cancel();
  throw notTheFile(response.status);
}

const notTheFile = (status: number | null): ServerFault =>
  new ServerFault('not_understood', 'Something else than the list of items came from the server.', {
    ...(status === null ? {} : { status }),
  });

/** A signal that aborts when nothing was fed for too long, or with another one. */
function newWatchdog(signal: AbortSignal) {
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), STALLED_MS);
  return {
    signal: AbortSignal.any([signal, stalled.signal]),
    feed: () => {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), STALLED_MS);
    },
    end: () => clearTimeout(timer),
  };
}

const sizeOf = async (path: string): Promise<number> =>
  (
    await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return { size: 0 };
      throw error;
    })
  ).size;
