import { describe, expect, test } from 'vitest';
import { pruneOperations } from '../../../src-main/data/sync/prune.ts';
import { sha256 } from '../../../src-main/data/sync/sha256.ts';
import { syncPosition } from '../../../src-main/data/sync/sync-state.ts';
import { enrolledShop } from './enrolled-shop.ts';
import { refusalOf } from './refusals.ts';
import { beginDay, sellHearts } from './sell.ts';

describe('what was done', () => {
  test('that the server lost in a restore is sent again from what was kept', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    for (let sale = 0; sale < 9; sale += 1) sellHearts(shop);
    await sync.run();
    central.journal.splice(4);
    central.server_epoch = 'another life';
    sellHearts(shop);
    expect(await sync.run()).toMatchObject({ waiting: 0, acked_seq: 11, problem: null });
    expect(central.journal).toHaveLength(11);
  });

  test('is kept again for as long as ever, where a restore took back that it was safe', async () => {
    const { central, sync, shop } = await enrolledShop();
    const { ledger } = shop.till;
    const kept = () => ledger.prepare('SELECT seq FROM operation').all().length;
    const daysPass = (days: number) =>
      ledger.prepare("UPDATE safe_on SET server_date = date(server_date, '-' || ? || ' days')").run(days);
    beginDay(shop);
    for (let sale = 0; sale < 5; sale += 1) sellHearts(shop);
    central.safe = 4;
    await sync.run();
    daysPass(30);
    central.server_epoch = 'another life';
    central.safe = 2;
    await sync.run();
    expect(syncPosition(ledger).safe_seq).toBe(2);
    central.safe = 5;
    expect(await sync.run()).toMatchObject({ waiting: 0, problem: null });
    for (const [days, left] of [
      [31, 6],
      [32, 4],
      [33, 1],
    ] as const) {
      daysPass(days);
      await sync.run();
      while (pruneOperations(ledger));
      expect(kept()).toBe(left);
    }
  });

  test('and is gone here is not wanted back by a server that was restored and knows less of it as safe', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    for (let sale = 0; sale < 5; sale += 1) sellHearts(shop);
    const { ledger } = shop.till;
    for (const days of [1, 40, 0]) {
      await sync.run();
      ledger.prepare("UPDATE safe_on SET server_date = date(server_date, '-' || ? || ' days')").run(days);
    }
    while (pruneOperations(ledger));
    central.server_epoch = 'another life';
    central.safe = 3;
    sellHearts(shop);
    expect(await sync.run()).toMatchObject({ waiting: 0, acked_seq: 7, problem: null });
    expect(syncPosition(ledger)).toMatchObject({ pruned_seq: 5, safe_seq: 5 });
  });

  test('is never mixed with another history: the till hands in its own, stands still, and goes on once they agree', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    await sync.run();
    const stranger = central.journal[0];
    if (!stranger) throw new Error('nothing was sent');
    central.journal[0] = { ...stranger, hash: 'f'.repeat(64) };
    sellHearts(shop);
    const stopped = await sync.run();
    expect(stopped).toMatchObject({
      waiting: 1,
      acked_seq: 1,
      problem: { kind: 'stopped' },
      standstill: { code: 'forked', last_seq: 2 },
      may_enrol_again: true,
    });
    expect(await refusalOf(() => sellHearts(shop))).toBe('standstill');
    expect((await sync.run()).standstill?.since).toBe(stopped.standstill?.since);
    expect(central.evidence.map(({ from_seq, operations }) => [from_seq, operations.length])).toEqual([
      [1, 2],
    ]);
    central.journal[0] = stranger;
    expect(await sync.run()).toMatchObject({ waiting: 0, problem: null, standstill: null });
    expect(sellHearts(shop).number).toBe(2);
  });

  test('by a copy that is older than what the server has, and went on by itself, is a history of its own', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    const real = await sync.run();
    expect(real.acked_seq).toBe(1);
    const first = central.journal[0];
    if (!first) throw new Error('nothing was sent');
    central.journal.push({ ...first, seq: 2 }, { ...first, seq: 3 });
    sellHearts(shop);
    central.faults.set('push', ['drop before']);
    await sync.run();
    expect((await sync.run()).standstill?.code).toBe('forked');
  });

  test('in whose place the server has another one is missed at the next pull, with nothing to send', async () => {
    const { central, sync, shop } = await enrolledShop();
    beginDay(shop);
    await sync.run();
    const [first] = central.journal;
    if (!first) throw new Error('nothing was sent');
    // A replica took over that had not heard of it, and a copy of the till was quicker to go on.
    central.journal[0] = { ...first, hash: sha256('what the copy did') };
    await sync.run();
    expect((await sync.run()).standstill?.code).toBe('forked');
  });
});
