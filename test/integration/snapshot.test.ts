import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FEED_SCHEMA, LOCATION_ENTITIES } from '#shared/sync/feed.ts';
import { type SnapshotReply, snapshotReplySchema, snapshotText } from '#shared/sync/snapshot.ts';
import { readFileSchema } from '../../server/sync/snapshot-schema.ts';
import { follow } from '../support/follower.ts';
import { addManyItems } from '../support/large-catalogue.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { enrolmentCode, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { type Answer, type WireTerminal, wireTerminal } from '../support/wire-terminal.ts';

/** Just more than comes by pages. */
const ITEMS = 20_500;
const FILE_SCHEMA = readFileSchema().checksum;

/** Keys of what terminals of another location are not told. */
const OF_LOCATION = new RegExp(`^(${LOCATION_ENTITIES.join('|')}) `);

const { central, server } = await startCentral();
let shop: TestShop;

beforeAll(async () => {
  shop = await testShop(central, server);
  await addManyItems(central.db, shop.company.company_id, ITEMS);
});
type Ready = Extract<SnapshotReply, { state: 'ready' }>;

const ask = (terminal: WireTerminal, query = ''): Promise<Answer> =>
  terminal.send(`/api/v1/sync/snapshot?feed_schema=${FEED_SCHEMA}&file_schema=${FILE_SCHEMA}${query}`);

/** Asks until the file is there, as a terminal does. */
async function ready(terminal: WireTerminal): Promise<Ready> {
  for (;;) {
    const answer = await ask(terminal);
    const reply = snapshotReplySchema.parse(answer.body);
    if (reply.state === 'ready') return reply;
    expect(answer.status).toBe(202);
    expect(answer.headers.get('retry-after')).toBe('1');
    await pause(50);
  }
}

/** Some bytes of the file, with what the answer said about them. */
async function fetchFile(terminal: WireTerminal, sha256: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${terminal.url}/api/v1/sync/snapshot/${sha256}`, {
    headers: { authorization: `Bearer ${await terminal.token()}`, ...headers },
  });
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  };
}

test('a small catalogue comes by pages', async () => {
  const small = await testShop(central, server);
  expect(await ask(small.terminal)).toMatchObject({ status: 404, body: { code: 'no_snapshot' } });
});

test('a terminal with another schema goes by pages', async () => {
  const other = FILE_SCHEMA.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  const path = '/api/v1/sync/snapshot';
  expect(await shop.terminal.send(`${path}?feed_schema=${FEED_SCHEMA}&file_schema=${other}`)).toMatchObject({
    status: 404,
    body: { code: 'no_snapshot' },
  });
  expect(
    await shop.terminal.send(`${path}?feed_schema=${FEED_SCHEMA + 1}&file_schema=${FILE_SCHEMA}`),
  ).toMatchObject({ status: 404 });
  expect(await shop.terminal.send(`${path}?feed_schema=x&file_schema=y`)).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'feed_schema' }, { path: 'file_schema' }] },
  });
});

test('asked by many at once, it is built once', async () => {
  const replies = await Promise.all(Array.from({ length: 8 }, () => ready(shop.terminal)));
  expect(new Set(replies.map((reply) => reply.file.sha256)).size).toBe(1);
  const files = () => readdir(join(server.folder, 'snapshots', shop.company.company_id));
  await expect
    .poll(async () => (await files()).map((name) => name.replace(/^[0-9a-f]{64}/, 'HASH')).sort())
    .toEqual(['HASH.json', 'HASH.zst']);
});

describe('the file', () => {
  test('is what was signed, by the key that came with the token', async () => {
    const reply = await ready(shop.terminal);
    const { bytes } = await fetchFile(shop.terminal, reply.file.sha256);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(reply.file.sha256);
    expect(bytes).toHaveLength(reply.file.bytes);
    const key = createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x: await shop.terminal.snapshotKey() },
      format: 'jwk',
    });
    const signature = Buffer.from(reply.signature, 'base64url');
    expect(verify(null, Buffer.from(snapshotText(reply.file)), key, signature)).toBe(true);
    expect(reply.file).toMatchObject({ company_id: shop.company.company_id, feed_schema: FEED_SCHEMA });
  });

  test('holds what the feed tells of the company, and nothing of any location', async () => {
    const { file } = await ready(shop.terminal);
    const { bytes } = await fetchFile(shop.terminal, file.sha256);
    const unpacked = zstdDecompressSync(bytes);
    expect(unpacked).toHaveLength(file.unpacked_bytes);
    const path = join(server.folder, 'unpacked.db');
    writeFileSync(path, unpacked);
    const db = new Sqlite(path, { readonly: true });
    const follower = follow(shop.terminal);
    await follower.drain('limit=10000');
    const held = new Map<string, unknown>();
    for (const row of db
      .prepare<[], { entity: string; key: string; document: string }>('SELECT * FROM reference')
      .all()) {
      held.set(`${row.entity} ${row.key}`, JSON.parse(row.document));
    }
    for (const row of db.prepare<[], Record<string, string>>('SELECT * FROM item').all()) {
      const { item_id: _, generation: __, active, barcodes, ...item } = row;
      held.set(`item ${row.variant_id}`, {
        ...item,
        active: Number(active) === 1,
        barcodes: JSON.parse(barcodes ?? ''),
      });
    }
    const found = db
      .prepare('SELECT count(*) AS found FROM item_search WHERE item_search MATCH ?')
      .get('"чаи"* "emi"*');
    db.close();
    const told = [...follower.known].filter(([key]) => !OF_LOCATION.test(key));
    expect(held).toEqual(new Map(told));
    expect(file.rows).toBe(told.length);
    // Every hundredth is no longer sold.
    expect(found).toEqual({ found: ITEMS - ITEMS / 100 });
  });

  test('is followed by the rows of the location, and then by what changed since', async () => {
    const reply = await ready(shop.terminal);
    await shop.query(`update variant set name = 'Changed since' where sku = 'B0000007'`);
    const whole = follow(shop.terminal);
    await whole.drain('limit=10000');
    const behind = follow(shop.terminal, reply.cursor);
    const keys = await behind.drain('limit=2');
    expect(await behind.next()).toMatchObject({ reset: false, more: false, changes: [] });
    const own = [...whole.known].filter(([key]) => OF_LOCATION.test(key));
    expect(own.length).toBeGreaterThan(2);
    const changed = [...whole.known].filter(([, row]) => (row as { name?: string }).name === 'Changed since');
    expect(new Map(behind.known)).toEqual(new Map([...own, ...changed]));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a range of the file', () => {
  test.each([
    ['bytes=0-99', 0, 99],
    ['bytes=100-', 100, -1],
    ['bytes=-7', -7, -1],
    ['bytes=5-999999999', 5, -1],
  ])('%s is sent as such', async (range, from, to) => {
    const { file } = await ready(shop.terminal);
    const whole = await fetchFile(shop.terminal, file.sha256);
    const part = await fetchFile(shop.terminal, file.sha256, { range, 'if-range': `"${file.sha256}"` });
    const [first, last] = [(from + file.bytes) % file.bytes, (to + file.bytes) % file.bytes];
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe(`bytes ${first}-${last}/${file.bytes}`);
    expect(part.bytes.equals(whole.bytes.subarray(first, last + 1))).toBe(true);
  });

  test.each(['bytes=9-3', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-', 'bytes=a-b'])(
    '%s is none, so the whole file comes',
    async (range) => {
      const { file } = await ready(shop.terminal);
      const answer = await fetchFile(shop.terminal, file.sha256, { range });
      expect([answer.status, answer.bytes.length]).toEqual([200, file.bytes]);
    },
  );

  test('of another file than the terminal thinks comes whole', async () => {
    const { file } = await ready(shop.terminal);
    const answer = await fetchFile(shop.terminal, file.sha256, { range: 'bytes=5-', 'if-range': '"other"' });
    expect([answer.status, answer.bytes.length]).toEqual([200, file.bytes]);
  });

  test('beyond its end is refused, and says where the end is', async () => {
    const { file } = await ready(shop.terminal);
    for (const range of [`bytes=${file.bytes}-`, 'bytes=-0']) {
      const answer = await fetchFile(shop.terminal, file.sha256, { range });
      expect(answer.status).toBe(416);
      expect(answer.headers.get('content-range')).toBe(`bytes */${file.bytes}`);
      expect(JSON.parse(answer.bytes.toString())).toMatchObject({ code: 'no_such_range' });
    }
  });
});

describe('another company', () => {
  test('is refused the file, whoever told it its name', async () => {
    const { file } = await ready(shop.terminal);
    const intruder = await testShop(central, server);
    expect((await fetchFile(intruder.terminal, file.sha256)).status).toBe(404);
    for (const name of ['..%2f..', `..%2f${shop.company.company_id}%2f${file.sha256}`, 'x']) {
      expect((await fetchFile(intruder.terminal, name)).status).toBe(404);
    }
    const without = await fetch(`${server.url}/api/v1/sync/snapshot/${file.sha256}`);
    expect(without.status).toBe(401);
  });

  test('cannot go on from its cursor', async () => {
    const { cursor } = await ready(shop.terminal);
    const intruder = await testShop(central, server);
    const page = await intruder.terminal.send(`/api/v1/sync/pull?cursor=${cursor}`);
    expect(page.body).toMatchObject({ reset: true });
  });
});

test('a revoked terminal gets neither the name nor the file', async () => {
  const { file } = await ready(shop.terminal);
  const lost = await shop.addTerminal();
  await shop.query(
    `update terminal set revoked_at = now() where terminal_id = '${lost.enrolment.terminal_id}'`,
  );
  expect(await ask(lost)).toMatchObject({ status: 403, body: { code: 'terminal_revoked' } });
  const answer = await lost.send(`/api/v1/sync/snapshot/${file.sha256}`);
  expect(answer).toMatchObject({ status: 403, body: { code: 'terminal_revoked' } });
});

describe('as the catalogue changes', () => {
  const change = (share: number) =>
    shop.query(
      `update variant set unit_price_micro = unit_price_micro + 1 where company_id = '${shop.company.company_id}'
       and substr(sku, 2)::integer <= ${Math.round(ITEMS * share)}`,
    );

  test('a few changes are pulled behind the same file; more of them have a new one built meanwhile', async () => {
    const before = await ready(shop.terminal);
    await change(0.03);
    expect((await ready(shop.terminal)).file.sha256).toBe(before.file.sha256);
    await change(0.2);
    expect((await ready(shop.terminal)).file.sha256).toBe(before.file.sha256);
    let later = before;
    while (later.file.sha256 === before.file.sha256) {
      await pause(50);
      later = await ready(shop.terminal);
    }
    expect(later.file.feed_seq).toBeGreaterThan(before.file.feed_seq);
    // A download that has begun may end; the old file is still there.
    const old = await ask(shop.terminal, `&resume=${before.file.sha256}`);
    expect(old.body).toMatchObject({ state: 'ready', file: { sha256: before.file.sha256 } });
    expect((await fetchFile(shop.terminal, before.file.sha256)).status).toBe(200);
  });

  test('a file of which most is outdated is not given out any more', async () => {
    const before = await ready(shop.terminal);
    await change(0.7);
    expect(await ask(shop.terminal)).toMatchObject({ status: 202, body: { state: 'building' } });
    expect((await ready(shop.terminal)).file.sha256).not.toBe(before.file.sha256);
  });

  test('a file that forgot what the feed forgot meanwhile is not given out any more', async () => {
    await ready(shop.terminal);
    await change(0.001);
    await shop.query('update feed_counter set min_seq = last_seq');
    expect(await ask(shop.terminal)).toMatchObject({ status: 202 });
  });
});

describe('the folder of the server', () => {
  const folder = () => join(server.folder, 'snapshots', shop.company.company_id);

  test('is believed only where the server itself signed', async () => {
    const { file, signature } = await ready(shop.terminal);
    const label = join(folder(), `${file.sha256}.json`);
    await writeFile(label, JSON.stringify({ file: { ...file, rows: file.rows + 1 }, signature }));
    expect((await fetchFile(shop.terminal, file.sha256)).status).toBe(404);
    await writeFile(label, 'not JSON');
    expect((await fetchFile(shop.terminal, file.sha256)).status).toBe(404);
    await writeFile(label, JSON.stringify({ file, signature }));
    expect((await fetchFile(shop.terminal, file.sha256)).status).toBe(200);
  });

  test('may be emptied at any time: the file is built again', async () => {
    await ready(shop.terminal);
    await rm(folder(), { recursive: true });
    expect((await ready(shop.terminal)).state).toBe('ready');
  });
});

describe('a build', () => {
  /** A terminal of the same company at another server. */
  const terminalAt = async (at: TestServer) =>
    wireTerminal(at.url, await enrolmentCode(central, shop.company), shop.user);
  /** The process that builds, of the servers of this process. */
  const builder = async (): Promise<number> => {
    for (;;) {
      for (const line of execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)])
        .toString()
        .split('\n')) {
        if (line.includes('snapshot-builder')) return Number.parseInt(line, 10);
      }
      await pause(5);
    }
  };
  const buildings = async (at: TestServer) =>
    (await readdir(join(at.folder, 'snapshots', shop.company.company_id))).filter((name) =>
      /^building/.test(name),
    );

  test('waits for that of another server on the same database, and says so', async () => {
    const second = await testServer(central.db);
    onTestFinished(() => second.close());
    const terminal = await terminalAt(second);
    const asked = async () => (await ask(terminal)).body;
    const other = new pg.Client({ connectionString: central.serverUrl });
    await other.connect();
    await other.query('begin');
    await other.query('select pg_advisory_xact_lock(7142305, hashtext($1))', [shop.company.company_id]);
    expect(await asked()).toEqual({ state: 'building', done: 0, total: 0 });
    await pause(1500);
    expect(await asked()).toEqual({ state: 'building', done: 0, total: 0 });
    await other.query('commit');
    await other.end();
    await expect.poll(asked, { timeout: 30_000 }).toMatchObject({ state: 'ready' });
  });

  test('that is killed leaves nothing behind, and terminals go by pages for a while', async () => {
    const second = await testServer(central.db);
    onTestFinished(() => second.close());
    const terminal = await terminalAt(second);
    expect((await ask(terminal)).status).toBe(202);
    process.kill(await builder(), 'SIGKILL');
    await expect.poll(async () => (await ask(terminal)).status, { timeout: 30_000 }).toBe(404);
    expect(await buildings(second)).toEqual([]);
  });

  test('ends with its server', async () => {
    const second = await testServer(central.db);
    const terminal = await terminalAt(second);
    expect((await ask(terminal)).status).toBe(202);
    const pid = await builder();
    await second.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  test('clears away what is outdated and what a dead server left', async () => {
    const folder = join(server.folder, 'snapshots', shop.company.company_id);
    const [old, left] = [await ready(shop.terminal), join(folder, 'building-0123456789ab')];
    await mkdir(left);
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const name of await readdir(folder)) await utimes(join(folder, name), hoursAgo, hoursAgo);
    await shop.query('update variant set unit_price_micro = unit_price_micro + 1');
    expect((await ready(shop.terminal)).file.sha256).not.toBe(old.file.sha256);
    await shop.query('update variant set unit_price_micro = unit_price_micro + 1');
    for (const name of await readdir(folder)) await utimes(join(folder, name), hoursAgo, hoursAgo);
    const last = await ready(shop.terminal);
    const names = (await readdir(folder)).filter((name) => !name.startsWith(last.file.sha256));
    expect(
      names.filter((name) => name.startsWith(old.file.sha256) || name === 'building-0123456789ab'),
    ).toEqual([]);
  });
});

test('a server that cannot build sends terminals by pages', async () => {
  const poor = await testServer(central.db);
  // A file where its folder ought to be.
  await writeFile(poor.folder, 'in the way');
  const other = await testShop(central, poor);
  await addManyItems(central.db, other.company.company_id, ITEMS);
  let answer = await ask(other.terminal);
  expect(answer.status).toBe(202);
  while (answer.status === 202) {
    await pause(50);
    answer = await ask(other.terminal);
  }
  expect(answer).toMatchObject({ status: 404, body: { code: 'no_snapshot' } });
  await poor.close();
});
