import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nowOf } from '../../../src-main/data/clock.ts';
import { listPeople } from '../../../src-main/data/people/session.ts';
import { terminalOf } from '../../../src-main/data/people/terminal.ts';
import { startCart } from '../../../src-main/data/sales/start-cart.ts';
import { backOff } from '../../../src-main/data/sync/back-off.ts';
import { pullState } from '../../../src-main/data/sync/pull-state.ts';
import { startSync } from '../../../src-main/data/sync/start-sync.ts';
import { syncPosition, troubles } from '../../../src-main/data/sync/sync-state.ts';
import { CODE, enrolledShop, until } from './enrolled-shop.ts';
import { refusalOf } from './refusals.ts';
import { alone, beginDay, sellHearts } from './sell.ts';
import { aLocation, anItem, closeTill, itemRow, newFolder, newTicketId, openTill, rowOf } from './shop.ts';
import { startSmallCentral } from './small-central.ts';

describe('enrolment', () => {
  test('gives the till its name, its people and its goods', async () => {
    const { shop, sync, folder } = await enrolledShop();
    expect(terminalOf(shop.till)).toMatchObject({ terminal_code: 'T1', location: shop.location });
    expect(listPeople(shop.till)).toHaveLength(2);
    expect(sync.status()).toMatchObject({ items: 3, problem: null, waiting: 0, running: false });
    expect(statSync(join(folder, 'terminal.key')).mode & 0o777).toBe(0o600);
  });

  test('whose answer was lost is made again with the same key, and a third call is answered at once', async () => {
    const central = await startSmallCentral(aLocation());
    central.faults.set('enrol', ['drop after']);
    const folder = newFolder();
    const till = openTill(folder);
    const sync = startSync(till, folder, { autosync: false, catalogProblem: null });
    const asked = { server_url: central.url, code: CODE, name: 'Front' };
    expect(await refusalOf(() => sync.enrol(asked))).toBe('server_unreachable');
    const key = readFileSync(join(folder, 'terminal.key'), 'utf8');
    await sync.enrol(asked);
    expect(readFileSync(join(folder, 'terminal.key'), 'utf8')).toBe(key);
    await sync.enrol(asked);
    expect(central.seen.get('enrol')).toBe(2);
    expect(await refusalOf(() => sync.enrol({ ...asked, name: 'Back' }))).toBe('already_enrolled');
  });

  test('that the server refuses says why; a wrong address is told apart', async () => {
    const central = await startSmallCentral(aLocation());
    central.faults.set('enrol', [{ status: 404, code: 'code_unknown' }, 'captive portal']);
    const folder = newFolder();
    const sync = startSync(openTill(folder), folder, { autosync: false, catalogProblem: null });
    const asked = { server_url: central.url, code: CODE, name: 'Front' };
    expect(await refusalOf(() => sync.enrol(asked))).toBe('enrolment_failed');
    expect(await refusalOf(() => sync.enrol(asked))).toBe('server_unreachable');
  });
});

describe('what was done', () => {
  test('arrives once, in order, in batches, after 1,200 sales without a network', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    for (let sale = 0; sale < 1200; sale += 1) sellHearts(shop);
    expect(sync.status()).toMatchObject({ waiting: 1201, oldest_waiting_at: nowOf(shop.clock) });
    expect(await sync.run()).toMatchObject({ waiting: 0, acked_seq: 1201, problem: null });
    expect(central.journal.map((operation) => operation.seq)).toEqual(
      Array.from({ length: 1201 }, (_, index) => index + 1),
    );
    expect(Math.max(...central.pushes)).toBeLessThanOrEqual(500);
    expect(central.pushes.length).toBeLessThan(10);
  });

  test.each([
    'drop before',
    'drop after',
    'captive portal',
    'half an answer',
    { status: 503, code: 'busy' },
    { status: 500, code: 'internal' },
  ] as const)('arrives once after a push that met %j, and the screen is told meanwhile', async (fault) => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    sellHearts(shop);
    central.faults.set('push', [fault]);
    const failed = await sync.run();
    expect(failed.waiting).toBe(2);
    expect(failed.problem?.message).toMatch(/\w.*\.$/);
    sellHearts(shop);
    expect(await sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect(central.journal.map((operation) => operation.seq)).toEqual([1, 2, 3]);
  });

  test('goes on with a new token when the old one has expired', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    await sync.run();
    central.expireTokens();
    sellHearts(shop);
    expect(await sync.run()).toMatchObject({ waiting: 0, problem: null });
  });

  test('is sent in smaller pieces to a server that finds them too large', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    for (let sale = 0; sale < 299; sale += 1) sellHearts(shop);
    const tooLarge = { status: 413, code: 'too_large' };
    // Two pushes are under way at a time, and both are refused for each halving.
    central.faults.set('push', [tooLarge, tooLarge, tooLarge, tooLarge, tooLarge]);
    expect(await sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect(central.pushes[0]).toBeLessThan(100);
  });

  test('is sent in half as much at once after a failure, and in a little more with each success', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    for (let sale = 0; sale < 149; sale += 1) sellHearts(shop);
    const busy = { status: 503, code: 'busy' };
    central.faults.set('push', [busy, busy]);
    await sync.run();
    await sync.run();
    // Two pushes are under way at a time, once there is enough for two.
    central.faults.set('push', [busy, busy, busy, busy]);
    await sync.run();
    await sync.run();
    expect(await sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect(central.pushes).toEqual([31, 31, 81, 7]);
  });

  test('is not cut into more pieces for a server that wants fewer requests', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    for (let sale = 0; sale < 299; sale += 1) sellHearts(shop);
    central.faults.set('push', [{ status: 429, code: 'too_many_requests' }]);
    expect(await sync.run()).toMatchObject({ waiting: 300, problem: { kind: 'refused' } });
    expect(await sync.run()).toMatchObject({ waiting: 0, problem: null });
    expect(central.pushes).toEqual([300]);
  });

  test('is acknowledged, and goods come, where a later server has added fields to its answers', async () => {
    const { central, sync, shop } = await enrolledShop();
    central.added = { tomorrow: { of: ['something'] } };
    beginDay(shop);
    central.feed.push({ entity: 'department', key: 'NEW', row: { code: 'NEW', name: 'New' } });
    expect(await sync.run()).toMatchObject({ waiting: 0, acked_seq: 1, problem: null });
    expect(pullState(shop.till.catalog).cursor).toBe(`${central.scope}:${central.feed.length}`);
  });

  test('is acknowledged also with a verdict that this version does not know, which is shown as it came', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    const unheard = { seq: 1, verdict: 'applied_flagged', exceptions: ['from_the_future'] };
    central.verdicts.set(1, unheard);
    expect(await sync.run()).toMatchObject({ waiting: 0, quarantined: 1, problem: null });
    expect(troubles(shop.till.ledger)[0]).toMatchObject({
      detail: expect.stringContaining('from_the_future'),
    });
  });

  test.each(['drop after', 'half an answer'] as const)(
    'and was flagged is listed too where the answer that said so was lost by %j',
    async (fault) => {
      const { central, sync, shop } = await enrolledShop();
      beginDay(shop);
      central.verdicts.set(1, { seq: 1, verdict: 'applied_flagged', exceptions: ['second_open_day'] });
      central.faults.set('push', [fault]);
      expect(await sync.run()).toMatchObject({ acked_seq: 0, flagged: 0 });
      expect(await sync.run()).toMatchObject({ acked_seq: 1, flagged: 1, waiting: 0, problem: null });
      expect(central.journal).toHaveLength(1);
    },
  );

  test('and was flagged or set aside is listed, until the server has mended it', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    sellHearts(shop);
    sellHearts(shop);
    central.verdicts.set(2, { seq: 2, verdict: 'applied_flagged', exceptions: ['unknown_day'] });
    central.verdicts.set(3, { seq: 3, verdict: 'quarantined', code: 'unknown_kind', detail: 'what?' });
    expect(await sync.run()).toMatchObject({ flagged: 1, quarantined: 1, waiting: 0 });
    expect(troubles(shop.till.ledger).map((trouble) => trouble.seq)).toEqual([3, 2]);
    central.verdicts.clear();
    central.journal.splice(0);
    central.server_epoch = 'another life';
    sellHearts(shop);
    expect(await sync.run()).toMatchObject({ flagged: 0, quarantined: 0, waiting: 0 });
  });
});

describe('what changes on the server', () => {
  test('is pulled over many pages, and a page that fails is fetched again', async () => {
    const { central, sync } = await enrolledShop();
    central.feed.push(...Array.from({ length: 5000 }, () => itemRow(anItem())));
    central.faults.set('pull', ['half an answer']);
    expect((await sync.run()).problem?.message).toContain('a part of the answer');
    expect(await sync.run()).toMatchObject({ items: 5003, problem: null });
  });

  test('of its scope empties the catalogue of what is out of sight', async () => {
    const { central, sync } = await enrolledShop();
    central.scope = 'b';
    central.feed = central.feed.filter((change) => change.entity !== 'item').concat(itemRow(anItem()));
    expect(await sync.run()).toMatchObject({ items: 1, problem: null });
  });

  test('and cannot be understood is told of, and stops nothing', async () => {
    const { central, sync } = await enrolledShop();
    const unheard = { entity: 'coupon', key: 'x', row: {} };
    central.feed.push(rowOf('item', 'x', { odd: true }), unheard, itemRow(anItem()));
    const status = await sync.run();
    expect(status.items).toBe(4);
    expect(status.problem?.message).toContain('2 row(s)');
  });
});

describe('a terminal that the office takes out of service', () => {
  const gone = { status: 403, code: 'terminal_revoked' };

  test('is told at its next pull, remembers it, and still delivers', async () => {
    const { central, sync, shop, folder } = await enrolledShop();
    beginDay(shop);
    central.faults.set('pull', [gone]);
    const status = await sync.run();
    expect(status).toMatchObject({ waiting: 0, problem: { kind: 'revoked' } });
    const ticket_id = newTicketId();
    const start = () => startCart(shop.till, alone(shop.cashier), { ticket_id, kind: 'sale' });
    expect(await refusalOf(start)).toBe('terminal_revoked');
    closeTill(shop.till);
    expect(terminalOf(openTill(folder, shop.clock))?.revoked).toBe(true);
  });

  test('is in service again if the server gives to it again', async () => {
    const { central, sync, shop } = await enrolledShop();
    central.faults.set('pull', [gone]);
    await sync.run();
    expect(terminalOf(shop.till)?.revoked).toBe(true);
    expect((await sync.run()).problem).toBeNull();
    expect(terminalOf(shop.till)?.revoked).toBe(false);
  });
});

describe('the background', () => {
  test('sends each sale as it is made, and fetches each change as it comes', async () => {
    const { central, sync, shop } = await enrolledShop({ autosync: true });
    beginDay(shop);
    sellHearts(shop);
    await until(() => central.journal.length === 2 && sync.status().waiting === 0);
    central.feed.push(itemRow(anItem()));
    await until(() => sync.status().items === 4);
  });

  test('comes back by itself after a failure', async () => {
    const { central, sync, shop } = await enrolledShop({ autosync: true });
    central.faults.set('push', ['drop after', { status: 503, code: 'busy', retry_after: 0 }]);
    beginDay(shop);
    await until(() => central.journal.length === 1 && sync.status().waiting === 0);
    expect(sync.status().problem).toBeNull();
  });

  test('says that the till must be updated where the server tells it nothing new any more, and sends on', async () => {
    const { central, sync, shop } = await enrolledShop();
    central.faults.set('pull', [{ status: 426, code: 'terminal_too_old' }]);
    beginDay(shop);
    const status = await sync.run();
    expect(status).toMatchObject({ waiting: 0, problem: { kind: 'outdated' } });
    expect(status.problem?.message).toMatch(/until it is updated\. Selling goes on/);
    expect((await sync.run()).problem).toBeNull();
  });

  test('leaves a server alone for as long as it asked, whatever else goes well meanwhile', async () => {
    const { central, sync, shop } = await enrolledShop({ autosync: true });
    await until(() => central.seen.get('state') === 1 && !sync.status().running);
    central.faults.set('push', [{ status: 429, code: 'too_many_requests', retry_after: 3600 }]);
    beginDay(shop);
    await until(() => sync.status().problem?.kind === 'refused');
    // The way down fails and works again, which is otherwise worth a try at once.
    central.faults.set('pull', ['drop before']);
    for (const items of [4, 5, 6, 7, 8, 9, 10, 11]) {
      central.feed.push(itemRow(anItem()));
      await until(() => sync.status().items === items);
    }
    expect([central.seen.get('push'), sync.status().waiting]).toEqual([1, 1]);
    expect(sync.status().problem).toMatchObject({ kind: 'refused' });
  });

  test('finds out that the server was restored although nothing new was done here, and sends what it lost', async () => {
    const { central, sync, shop } = await enrolledShop({ autosync: true });
    beginDay(shop);
    sellHearts(shop);
    await until(() => sync.status().waiting === 0);
    central.journal.splice(1);
    central.server_epoch = 'another life';
    central.scope = 'of another life';
    await until(() => central.journal.length === 2 && sync.status().waiting === 0);
  });

  test('asks every quarter of an hour how far the backups are, while they lack what was acknowledged', async () => {
    const { central, sync, shop } = await enrolledShop({ autosync: true });
    const safe = () => syncPosition(shop.till.ledger).safe_seq;
    central.safe = 1;
    beginDay(shop);
    sellHearts(shop);
    const pulls = () => central.seen.get('pull') ?? 0;
    const hearMore = async () => {
      const before = pulls();
      await until(() => pulls() > before + 2);
    };
    await until(() => sync.status().waiting === 0 && safe() === 1);
    // A pull that overtook the push has it ask once more.
    await hearMore();
    const asked = central.seen.get('state') ?? 0;
    central.safe = 2;
    shop.clock.pass(15 * 60_000 - 1);
    await hearMore();
    expect([safe(), central.seen.get('state')]).toEqual([1, asked]);
    shop.clock.pass(1);
    await until(() => safe() === 2);
    shop.clock.pass(24 * 60 * 60_000);
    await hearMore();
    expect(central.seen.get('state')).toBe(asked + 1);
  });

  test('takes back by itself that the server cannot be reached, although nothing waits', async () => {
    const { central, sync } = await enrolledShop({ autosync: true });
    await until(() => central.seen.get('state') === 1 && !sync.status().running);
    // More than once, so that it shows for longer than one short wait.
    central.faults.set('state', ['drop before', 'drop before', 'drop before']);
    central.scope = 'another';
    await until(() => sync.status().problem?.kind === 'unreachable');
    await until(() => sync.status().problem === null);
  });

  test('ends at once, whatever it was waiting for', async () => {
    const { sync } = await enrolledShop({ autosync: true });
    await sync.stop();
  });

  test('waits longer after each failure, at most 5 min, and not as long as others', () => {
    const longest = Array.from({ length: 12 }, (_, failures) => backOff(failures, () => 1));
    expect(longest.slice(0, 3)).toEqual([1000, 2000, 4000]);
    expect(longest.at(-1)).toBe(300_000);
    expect([0, 0.25, 0.5].map((drawn) => backOff(3, () => drawn))).toEqual([0, 2000, 4000]);
  });
});
