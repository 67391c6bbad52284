import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { createZstdDecompress } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { v7 as uuid } from 'uuid';
import type { Item } from '#shared/catalogue/item.ts';
import { COMPANY_ENTITIES, FEED_SCHEMA } from '#shared/sync/feed.ts';
import { type SnapshotFile, snapshotReplySchema } from '#shared/sync/snapshot.ts';
import { inCompany, rows } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { LIVING_ROWS } from '../../server/sync/feed-rows.ts';
import { IN_INDEX_ORDER } from '../../server/sync/pull.ts';
import { type Connection, forkDataProcess } from '../../src-main/data/client.ts';
import { catalogSchema, openCatalog } from '../../src-main/data/open.ts';
import { type WireTerminal, wireTerminal } from '../support/wire-terminal.ts';
import { LOOKUP, lookupTimes, SEARCH, searchTimes } from './catalogue.ts';
import { type Centre, openCentre } from './centre.ts';
import { fillCentre } from './fill-centre.ts';
import { goods } from './goods.ts';
import { type Described, elapsed, measure, percentile } from './measure.ts';

/** A first sync by file, and the catalogue that it leaves, at as many items as the design asks for. */
export async function benchSnapshot(items: number): Promise<Described[]> {
  const centre = await openCentre();
  try {
    const made = goods(items);
    await fillCentre(centre, made);
    const terminal = await wireTerminal(
      centre.server.url,
      await centre.enrolmentCode(),
      managerOf(centre).user_id,
    );
    const read = await elapsed(() => readRows(centre));
    let file: SnapshotFile | undefined;
    const build = await elapsed(async () => {
      file = await builtFile(terminal);
    });
    if (!file) throw new Error('nothing was built');
    const bare = await bareFetch(centre, terminal, file);
    const bench = await benchTill(centre, made);
    const first = await firstScan(bench);
    const scans = await scansMeanwhile(bench);
    await bench.stop();
    const till = openCatalog(bench.folder, new Date().toISOString());
    const described = [
      measure(
        'snapshot.build',
        'ms',
        { value: build, limit: read },
        { against: 'PostgreSQL reading the same rows', goal: 'none set' },
      ),
      measure(
        'snapshot.first_sync',
        'ms',
        { value: first, limit: bare },
        {
          against: `the same ${Math.round(file.bytes / 1e6)} MB fetched, unpacked (${Math.round(file.unpacked_bytes / 1e6)} MB) and checked by bare tools`,
          goal: '≤ 2,000 ms from request to first scan',
        },
      ),
      measure('snapshot.scan_meanwhile.p99', 'ms', scans, {
        against: 'the same scans of a till that fetches nothing',
        goal: '≤ 50 ms from scan to line',
      }),
      measure('lookup.million.p99', 'ms', lookupTimes(till, made), LOOKUP),
      measure('search.million.p99', 'ms', searchTimes(till, made), SEARCH),
    ];
    till.catalog.close();
    return described;
  } finally {
    await centre.close();
  }
}

function managerOf(centre: Centre) {
  const user_id = centre.company.people.find(({ role }) => role === 'MANAGER')?.user_id;
  const pin = DEMO_SHOP.people.find(({ role }) => role === 'MANAGER')?.pin;
  if (!user_id || !pin) throw new Error('no manager');
  return { user_id, pin };
}

async function readRows(centre: Centre): Promise<void> {
  await inCompany(centre.db, centre.company.company_id, async (tx) => {
    await tx.client.query(IN_INDEX_ORDER);
    for (let after = 0; ; ) {
      const page = await rows<{ feed_seq: number }>(tx, LIVING_ROWS, [
        tx.company_id,
        after,
        5000,
        null,
        COMPANY_ENTITIES,
      ]);
      if (page.length === 0) break;
      after = page.at(-1)?.feed_seq ?? 0;
    }
  });
}

/** Asks for the file until it is there. */
async function builtFile(terminal: WireTerminal): Promise<SnapshotFile> {
  for (;;) {
    const query = `feed_schema=${FEED_SCHEMA}&file_schema=${catalogSchema()}`;
    const { body } = await terminal.send(`/api/v1/sync/snapshot?${query}`);
    const reply = snapshotReplySchema.parse(body);
    if (reply.state === 'ready') return reply.file;
    await pause(100);
  }
}

/** What fetching the file costs with nothing of ours in it: a download, zstd, and SQLite's check. */
async function bareFetch(centre: Centre, terminal: WireTerminal, file: SnapshotFile): Promise<number> {
  const folder = join(centre.folder, 'bare');
  mkdirSync(folder);
  const [packed, whole] = [join(folder, 'packed'), join(folder, 'whole')];
  const headers = { authorization: `Bearer ${await terminal.token()}` };
  const ms = await elapsed(async () => {
    const response = await fetch(`${terminal.url}/api/v1/sync/snapshot/${file.sha256}`, { headers });
    if (!response.body) throw new Error('no file');
    await pipeline(Readable.fromWeb(response.body), createWriteStream(packed));
    await pipeline(createReadStream(packed), createZstdDecompress(), createWriteStream(whole));
    const db = new Sqlite(whole, { readonly: true });
    if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new Error('damaged');
    db.close();
  });
  rmSync(folder, { recursive: true });
  return ms;
}

/** A till's data process, and what it is asked. */
type BenchedTill = {
  readonly centre: Centre;
  readonly items: readonly Item[];
  readonly folder: string;
  readonly connection: Connection;
  readonly stop: () => Promise<void>;
};

async function benchTill(centre: Centre, items: readonly Item[]): Promise<BenchedTill> {
  const folder = join(centre.folder, 'till');
  const child = await forkDataProcess({ folder, autosync: false });
  const stop = async () => {
    child.kill('SIGTERM');
    await child.exited;
  };
  return { centre, items, folder, connection: child.connect(), stop };
}

/** From the request of a till that has nothing to the answer of its first scan. */
async function firstScan({ centre, items, connection }: BenchedTill): Promise<number> {
  const { client, setSession } = connection;
  const code = await centre.enrolmentCode();
  await client.terminal.state();
  const start = performance.now();
  await client.terminal.enrol({ server_url: centre.server.url, code, name: 'Bench' });
  while ((await client.sync.status()).fetching) await pause(5);
  const status = await client.sync.status();
  if (status.items !== items.length) throw new Error(`${status.items} items: ${status.problem?.message}`);
  const fetched = performance.now() - start;
  // Signing in hashes a PIN, which takes as long as it was made to take; that is not the fetch's.
  const { session } = await client.people.signIn(managerOf(centre));
  setSession(session);
  return fetched + (await elapsed(() => client.catalogue.byCode({ code: items.at(-1)?.barcodes[0] ?? '' })));
}

/** Scans every 10 ms while the whole catalogue is fetched anew and put in place, and while nothing is. */
async function scansMeanwhile(bench: BenchedTill): Promise<{ value: number; limit: number }> {
  const { client } = bench.connection;
  const idle = await scanUntil(bench, pause(3000));
  await moveToAnotherShop(bench);
  const busy = await scanUntil(bench, client.sync.run());
  if ((await client.terminal.state()).terminal?.location.code !== 'SHOP2')
    throw new Error('nothing was fetched');
  return { value: percentile(busy, 0.99), limit: percentile(idle, 0.99) };
}

async function scanUntil({ items, connection }: BenchedTill, end: Promise<unknown>): Promise<number[]> {
  let isOver = false;
  end.finally(() => {
    isOver = true;
  });
  const times: number[] = [];
  while (!isOver) {
    const code = items[(times.length * 7919) % items.length]?.barcodes[0] ?? '';
    times.push(await elapsed(() => connection.client.catalogue.byCode({ code })));
    await pause(10);
  }
  return times;
}

/** Its cursor then holds no more, and it fetches everything anew. */
async function moveToAnotherShop({ centre }: BenchedTill): Promise<void> {
  const { db, company } = centre;
  await inCompany(db, company.company_id, async (tx) => {
    const other = uuid();
    await rows(
      tx,
      `insert into location (company_id, location_id, code, kind, name, currency, zone, denominations,
         prices_include_tax, tax_rounding)
       select company_id, $2, 'SHOP2', kind, name, currency, zone, denominations, prices_include_tax, tax_rounding
       from location where company_id = $1`,
      [tx.company_id, other],
    );
    await rows(tx, "update terminal set location_id = $2 where company_id = $1 and name = 'Bench'", [
      tx.company_id,
      other,
    ]);
  });
}
