import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { copiesText } from '../../../src-renderer/people/copies/text.ts';
import { faultyTill } from '../../support/faulty-till.ts';
import { startCentral } from '../../support/start-central.ts';

const { central, server } = await startCentral();

const WEEK = 7 * 86_400_000;

/** A till that sold a week ago and was copied then; what it does from now on is not in that copy. */
async function copiedAWeekAgo() {
  const place = mkdtempSync(join(tmpdir(), 'tilldock-week-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const file = join(place, 'offset');
  writeFileSync(file, String(-WEEK));
  const preload = new URL(`../../support/lying-clock.ts?file=${encodeURIComponent(file)}`, import.meta.url);
  const bench = await faultyTill(central, server.url, { preload });
  const { till, shop, query } = bench;
  onTestFinished(() => till.close());
  await shop.sell();
  await shop.sell();
  await till.till.sync.run();
  const image = await till.image();
  onTestFinished(() => rm(image, { recursive: true, force: true }));
  writeFileSync(file, '0');
  return {
    ...bench,
    putBack: () => till.putBack(image),
    receipts: async () =>
      (await query<{ receipt_number: string }>('select receipt_number from ticket order by number')).map(
        ({ receipt_number }) => Number(receipt_number.slice(-6)),
      ),
    /** Goes on, and nothing that it does is set aside or taken for another history. */
    goesOn: async () => {
      await bench.signIn(till);
      const { receipt_number } = await shop.sell();
      expect(await till.till.sync.run()).toMatchObject({
        ...{ waiting: 0, problem: null, standstill: null, quarantined: 0 },
      });
      expect(await query('select first_seq from journal_branch')).toEqual([]);
      return Number(receipt_number.slice(-6));
    },
  };
}

test('a till that had sent everything is complete again, and counts its receipts on', async () => {
  const { till, shop, putBack, goesOn, receipts } = await copiedAWeekAgo();
  for (let sale = 0; sale < 3; sale += 1) await shop.sell();
  const before = await till.till.sync.run();
  await putBack();
  expect(await till.till.sync.run()).toMatchObject({
    ...{ waiting: 0, problem: null, standstill: null, last_seq: before.last_seq },
    notice: { code: 'terminal_restored', operations: before.last_seq - 3 },
  });
  expect(await goesOn()).toBe(6);
  expect(await receipts()).toEqual([1, 2, 3, 4, 5, 6]);
  const tickets = await till.till.sales.recentTickets({ limit: 50 });
  expect(tickets.map(({ ticket_id }) => ticket_id).sort()).toEqual([...shop.promises.tickets.keys()].sort());
});

test('a till that had not sent everything gets back what the server has, says that the rest is lost, and goes on', async () => {
  const { till, shop, putBack, goesOn, receipts } = await copiedAWeekAgo();
  await shop.sell();
  const sent = await till.till.sync.run();
  const lost = [await shop.sell(), await shop.sell()];
  await putBack();
  const status = await till.till.sync.run();
  expect(status).toMatchObject({
    ...{ waiting: 0, problem: null, standstill: null, last_seq: sent.last_seq },
    notice: { code: 'terminal_restored', operations: sent.last_seq - 3 },
  });
  const { detail } = copiesText.notices.terminal_restored;
  expect(detail(1, '1')).toMatch(/never sent cannot come back: look for receipts that it does not know/);
  expect(await goesOn()).toBe(4);
  expect(await receipts()).toEqual([1, 2, 3, 4]);
  for (const { ticket_id } of lost) expect(await till.till.sales.ticket({ ticket_id })).toBeNull();
});

test('a till that had sent nothing since goes on where its copy ends: nobody else knows of more', async () => {
  const { shop, putBack, goesOn, receipts, till } = await copiedAWeekAgo();
  await shop.sell();
  await putBack();
  expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null, notice: null });
  expect(await goesOn()).toBe(3);
  expect(await receipts()).toEqual([1, 2, 3]);
});
