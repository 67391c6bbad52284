import { createPublicKey, verify } from 'node:crypto';
import { rm, statfs } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { central } from '#shared/contract/central.ts';
import type { CatalogueFetch } from '#shared/contract/till.ts';
import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { type SignedSnapshot, type SnapshotReply, snapshotText } from '#shared/sync/snapshot.ts';
import { fetchedHashes, fetchedPath, incomingPath, removeDatabase } from '../catalog-files.ts';
import { catalogSchema } from '../open.ts';
import { requireTerminal } from '../people/terminal.ts';
import type { Till } from '../till.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { fetchSnapshotFile } from './fetch-snapshot.ts';
import { type Link, SHORT_DEADLINE_MS, withToken } from './link.ts';
import { catchUp, installCatalogue } from './replace-catalogue.ts';
import { startUnpacker, UnpackFault } from './unpack-snapshot.ts';

/** Where a whole catalogue comes to, and who is told how far it is. */
export type Fetching = {
  readonly folder: string;
  readonly report: (progress: CatalogueFetch | null) => void;
  /** The one that is under way; whoever else wants one waits for it. */
  underWay: Promise<boolean> | null;
  /** Files that were not what they ought to be, and how often. */
  readonly unsound: Map<string, number>;
};

export const newFetching = (folder: string, report: Fetching['report']): Fetching => ({
  folder,
  report,
  underWay: null,
  unsound: new Map(),
});

/** How long a build may stand still before the catalogue is fetched by pages instead, in ms. */
const PATIENCE_MS = 120_000;
const ASK_AGAIN_MS = 1000;
/** A file that comes damaged is fetched once more; then pages are tried. */
const MOST_UNSOUND = 2;
/** What is left free on the disk for everything else, in bytes. */
const SPARE = 64 * 1024 * 1024;

type Offer = Extract<SnapshotReply, { state: 'ready' }>;

/**
 * Fetches the whole catalogue as a file, makes it current, and puts it in the place of the one in use, which serves
 * until that moment. Returns false where it must come by pages: the server has no file for us, or the file is not
 * what it ought to be, or does not fit on the disk.
 * @throws ServerFault where the connection failed; what was fetched is kept and gone on with
 */
export function fetchCatalogue(till: Till, link: Link, fetching: Fetching): Promise<boolean> {
  fetching.underWay ??= fetchOnce(till, link, fetching).finally(() => {
    fetching.underWay = null;
    fetching.report(null);
  });
  return fetching.underWay;
}

async function fetchOnce(till: Till, link: Link, fetching: Fetching): Promise<boolean> {
  for (;;) {
    const offer = await offered(link, fetching);
    if (!offer || !isTrusted(till, link, offer)) return false;
    try {
      return await take(till, link, fetching, offer);
    } catch (error) {
      if (link.signal.aborted || (error instanceof ServerFault && !isElsewhere(error))) throw error;
      till.log.error(
        { err: error, sha256: offer.file.sha256 },
        'the list of items could not be taken as a file',
      );
      await discard(fetching, offer);
      if (isDiskFull(error) || !isUnsound(error)) return false;
      const times = (fetching.unsound.get(offer.file.sha256) ?? 0) + 1;
      fetching.unsound.set(offer.file.sha256, times);
      if (times >= MOST_UNSOUND) return false;
    }
  }
}

/** Fetches, unpacks and brings up to date what was offered, then puts it in place. */
async function take(till: Till, link: Link, fetching: Fetching, offer: Offer): Promise<boolean> {
  const { folder, report } = fetching;
  const { file, cursor } = offer;
  const incoming = incomingPath(folder);
  removeDatabase(incoming);
  if (!(await hasRoom(folder, file.bytes + file.unpacked_bytes))) {
    till.log.warn(
      { bytes: file.bytes, unpacked: file.unpacked_bytes },
      'too little room for the list of items as a file',
    );
    return false;
  }
  const unpacker = startUnpacker();
  const end = () => unpacker.end();
  link.signal.addEventListener('abort', end);
  try {
    const { sha256, bytes, unpacked_bytes } = file;
    const from = fetchedPath(folder, sha256);
    let isHere = false;
    const unpacked = unpacker.unpack({ from, to: incoming, sha256, bytes, unpacked_bytes }, (done) => {
      if (isHere) report({ phase: 'checking', done, total: unpacked_bytes });
    });
    // What is wrong with it is met when all of it is here.
    unpacked.catch(() => {});
    await fetchSnapshotFile(link, folder, file, (done) => {
      unpacker.arrived(done);
      report({ phase: 'downloading', done, total: bytes });
    });
    isHere = true;
    unpacker.arrived(bytes);
    await unpacked;
  } finally {
    link.signal.removeEventListener('abort', end);
    end();
  }
  if (!(await catchUp(till, link, incoming, cursor, report))) {
    await discard(fetching, offer);
    return false;
  }
  link.signal.throwIfAborted();
  // First, so that nobody who dies here leaves it behind for ever.
  await rm(fetchedPath(folder, file.sha256), { force: true });
  installCatalogue(till, folder);
  report(null);
  return true;
}

/** Asks which file there is, and waits while it is built; null where there is none. */
async function offered(link: Link, { folder, report, unsound }: Fetching): Promise<Offer | null> {
  const resume = fetchedHashes(folder)[0];
  let last = '';
  let since = performance.now();
  for (;;) {
    const reply = await ask(link, resume);
    if (reply === null) return null;
    if (reply.state === 'ready') return (unsound.get(reply.file.sha256) ?? 0) < MOST_UNSOUND ? reply : null;
    report({ phase: 'preparing', done: reply.done, total: reply.total });
    const now = `${reply.done} of ${reply.total}`;
    if (now !== last) since = performance.now();
    else if (performance.now() - since > PATIENCE_MS) return null;
    last = now;
    await pause(ASK_AGAIN_MS, undefined, { signal: link.signal });
  }
}

async function ask(link: Link, resume: string | undefined): Promise<SnapshotReply | null> {
  try {
    return await withToken(link, (headers) =>
      callCentral(central.sync.snapshot, {
        server_url: link.terminal.server_url,
        headers,
        query: {
          feed_schema: String(FEED_SCHEMA),
          file_schema: catalogSchema(),
          ...(resume === undefined ? {} : { resume }),
        },
        deadline_ms: SHORT_DEADLINE_MS,
        signal: link.signal,
      }),
    );
  } catch (error) {
    // No such route, no file, or a server that cannot: pages always can.
    if (error instanceof ServerFault && (error.status === 404 || error.status === 500)) return null;
    throw error;
  }
}

/** Whether the offer is what our server signed for our company. */
function isTrusted(till: Till, { snapshot_key }: Link, { file, signature }: SignedSnapshot): boolean {
  if (snapshot_key === null) return false;
  const { company_id } = requireTerminal(till).location;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: snapshot_key }, format: 'jwk' });
  const signed = Buffer.from(snapshotText(file));
  if (file.company_id === company_id && verify(null, signed, key, Buffer.from(signature, 'base64url')))
    return true;
  till.log.error({ file }, 'a list of items was offered that our server did not sign for us');
  return false;
}

async function hasRoom(folder: string, bytes: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > bytes + SPARE;
}

/** Whether something failed because nothing more fits on the disk. */
export const isDiskFull = (error: unknown): boolean =>
  (error instanceof UnpackFault && error.why === 'no_room') ||
  /^(ENOSPC|EDQUOT|SQLITE_FULL)$/.test(String((error as { code?: unknown } | null)?.code));

const isUnsound = (error: unknown): boolean =>
  (error instanceof UnpackFault && error.why === 'not_sound') ||
  error instanceof Sqlite.SqliteError ||
  isElsewhere(error);

/**
 * Whether the file that was offered is not there: another server answered than the one that offered it, and has files of
 * its own. It may be so each time, and pages come from any of them.
 */
const isElsewhere = (error: unknown): boolean => error instanceof ServerFault && error.status === 404;

async function discard({ folder }: Fetching, { file }: Offer): Promise<void> {
  removeDatabase(incomingPath(folder));
  await rm(fetchedPath(folder, file.sha256), { force: true });
}
