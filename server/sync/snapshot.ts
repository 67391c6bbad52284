import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { type SignedSnapshot, SNAPSHOT_WORTH, type SnapshotReply } from '#shared/sync/snapshot.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import { writeCursor } from './cursor.ts';
import { lifeOf, readScope, type Scope } from './scope.ts';
import type { Builds } from './snapshot-builds.ts';
import { type Shelf, snapshotsOf, touch } from './snapshot-shelf.ts';

export type SnapshotDesk = { readonly shelf: Shelf; readonly builds: Builds; readonly fileSchema: string };

/**
 * How old a snapshot may be, as a share of its rows that changed since. Pages bring changes at half the rate at
 * which a build writes rows (docs/figures.md): up to half of them, fetching the old file and pulling on is quicker
 * than waiting for a new one. From a twentieth on a new one is built meanwhile, for whoever comes next.
 */
const STILL_GOOD = 1 / 2;
const GETTING_OLD = 1 / 20;

/** What a terminal says of itself. */
type Query = {
  readonly feed_schema: number;
  readonly file_schema: string;
  readonly resume?: string | undefined;
};

/**
 * Tells a terminal which snapshot to fetch, or how far the build of one is.
 * @throws 404 `no_snapshot` where it must go by pages
 */
export async function offerSnapshot(
  db: Db,
  desk: SnapshotDesk,
  identity: TerminalIdentity,
  query: Query,
): Promise<SnapshotReply> {
  const { builds, shelf } = desk;
  const { company_id } = identity;
  if (query.feed_schema !== FEED_SCHEMA || query.file_schema !== desk.fileSchema) {
    throw noSnapshot('This version of the terminal has another catalogue than this server can make.');
  }
  // Asked first: what is finished while the shelf is read would be built again.
  const underWay = builds.progress(company_id);
  const snapshots = await snapshotsOf(shelf, company_id);
  const { scope, offers, isSmall } = await inCompany(db, company_id, async (tx) => {
    const seen = await readScope(tx, identity);
    const isSmall = (await countEntries(tx, 0, SNAPSHOT_WORTH + 1)) <= SNAPSHOT_WORTH;
    const offers: Offer[] = [];
    for (const snapshot of snapshots) {
      if (fits(snapshot, seen, desk)) offers.push({ snapshot, age: await ageOf(tx, snapshot) });
    }
    return { scope: seen, offers, isSmall };
  });
  if (isSmall) throw noSnapshot('The catalogue is small: fetch it by pages.');
  const good = offers.filter(({ age }) => age <= STILL_GOOD);
  const chosen = good.find(({ snapshot }) => snapshot.file.sha256 === query.resume) ?? good[0];
  const isOld = (good[0]?.age ?? 1) > GETTING_OLD;
  if (isOld && !underWay && !builds.hasFailed(company_id)) builds.start(company_id);
  if (chosen) {
    await touch(shelf, chosen.snapshot);
    return { state: 'ready', ...chosen.snapshot, cursor: cursorBehind(chosen.snapshot, scope) };
  }
  const progress = builds.progress(company_id) ?? underWay;
  if (!progress) throw noSnapshot('The file could not be made: fetch the catalogue by pages.');
  return { state: 'building', ...progress };
}

const noSnapshot = (detail: string) => new Refusal(404, 'no_snapshot', detail);

const fits = ({ file }: SignedSnapshot, scope: Scope, desk: SnapshotDesk): boolean =>
  file.server_epoch === lifeOf(scope) &&
  file.feed_seq <= scope.counter &&
  file.feed_schema === FEED_SCHEMA &&
  file.file_schema === desk.fileSchema &&
  file.feed_seq >= scope.min_seq;

/** A snapshot and the share of it that changed since. */
type Offer = { readonly snapshot: SignedSnapshot; readonly age: number };

/** More than the share that still serves is not counted. */
async function ageOf(tx: Tx, { file }: SignedSnapshot): Promise<number> {
  const changed = await countEntries(tx, file.feed_seq, Math.ceil(file.rows * STILL_GOOD) + 1);
  return changed / Math.max(file.rows, 1);
}

/** Entries of the feed after a place, counted up to `most`. */
async function countEntries(tx: Tx, after: number, most: number): Promise<number> {
  const [row] = await rows<{ entries: number }>(
    tx,
    'select count(*) as entries from (select from feed where company_id = $1 and feed_seq > $2 limit $3) counted',
    [tx.company_id, after, most],
  );
  return row?.entries ?? 0;
}

/** Where a terminal goes on: with its location's own rows, then with what changed since. */
const cursorBehind = ({ file }: SignedSnapshot, scope: Scope): string =>
  writeCursor({ ...scope.start, feed_seq: file.feed_seq, counter: file.feed_seq, own_after: 0 });
