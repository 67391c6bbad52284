import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  adjustmentIdSchema,
  type DayId,
  dayIdSchema,
  lineIdSchema,
  type TicketId,
  ticketIdSchema,
} from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { stockAdjustedSchema } from '#shared/stock/operations.ts';
import { milli } from '#shared/stock/quantity.ts';
import type { TillClient } from '../../../src-main/data/client.ts';
import { type FaultyTill, faultyTill } from '../../support/faulty-till.ts';
import { type SmallDisk, smallDisk, smallDiskProblem } from '../../support/small-disk.ts';
import { startCentral } from '../../support/start-central.ts';
import { refusal } from '../../unit/data/refusals.ts';

const { central, server } = await startCentral();

const BLOCK = 4096;
/** What a write that failed took stays taken, so each of these attempts gets one page further than the one before. */
const ATTEMPTS = [0, ...Array<number>(16).fill(BLOCK)];

describe.skipIf(smallDiskProblem() !== null)(
  `a full disk (${smallDiskProblem() ?? 'mounted'})`,
  { timeout: 300_000 },
  () => {
    let disk: SmallDisk;
    let bench: FaultyTill;
    beforeAll(async () => {
      disk = smallDisk(48);
      bench = await faultyTill(central, server.url, { on: disk.folder, onLog: () => {} });
    });
    afterEach(() => disk.empty());
    afterAll(async () => {
      await bench?.till.close();
      disk?.remove();
    });

    /** Ends the process in order, so that what it wrote ahead is in the files and takes no room beside them. */
    async function restart(): Promise<void> {
      bench.till.process.kill('SIGTERM');
      await bench.till.process.exited;
      await bench.till.crash();
    }

    /** A refusal of the disk's, in plain words; null where it still fitted. */
    async function attempt(call: () => Promise<unknown>): Promise<string | null> {
      let isDone = false;
      const once = async () => {
        await call();
        isDone = true;
      };
      const said = await refusal(once).catch((error: unknown) => {
        if (isDone) return null;
        throw error;
      });
      if (said === null) return null;
      expect(said.data.code).toMatch(/^disk_(full|failed)$/);
      expect(said.message).toMatch(/nothing can be stored|Nothing was stored/);
      return said.data.code;
    }

    /** Does something with less and less left on the disk, and then again with enough. */
    async function withLittle<Reply>(call: (client: TillClient) => Promise<Reply>): Promise<number> {
      let refused = 0;
      for (const free of ATTEMPTS) {
        disk.fill(free);
        if ((await attempt(() => call(bench.till.till))) !== null) refused += 1;
      }
      disk.empty();
      const done = await call(bench.till.till);
      expect(await call(bench.till.till)).toEqual(done);
      return refused;
    }

    test('refuses each step of a sale in plain words, at whichever write it is full; then it is done, once', async () => {
      let refused = 0;
      for (let sale = 0; sale < 4; sale += 1) {
        const ticket_id: TicketId = ticketIdSchema.parse(uuid());
        const line = { ticket_id, line_id: lineIdSchema.parse(uuid()), item: { code: 'MUG' } };
        const tenders = [{ payment_type: 'CASH', amount_minor: minor(998) }];
        refused += await withLittle(({ sales }) => sales.startCart({ ticket_id, kind: 'sale' }));
        refused += await withLittle(({ sales }) => sales.addLine({ ...line, quantity_milli: milli(2000) }));
        refused += await withLittle(({ sales }) => sales.completeTicket({ ticket_id, tenders }));
        const ticket = await bench.till.till.sales.ticket({ ticket_id });
        if (!ticket) throw new Error('the sale is not there');
        bench.shop.promises.tickets.set(ticket_id, ticket);
      }
      expect(refused).toBeGreaterThan(12);
    });

    test('refuses a correction of stock, an evening and a morning in the same way', async () => {
      const adjusted = stockAdjustedSchema.parse({
        adjustment_id: adjustmentIdSchema.parse(uuid()),
        reason: 'Counted',
        lines: [{ line_id: uuid(), variant_id: uuid(), sku: 'X', quantity_milli: 1000 }],
      });
      const known = (await bench.till.till.catalogue.byCode({ code: 'MUG' }))?.variant_id;
      const [line] = adjusted.lines;
      if (!line || !known) throw new Error('there are no goods');
      const asked = { ...adjusted, lines: [{ ...line, variant_id: known }] };
      let refused = await withLittle(({ stock }) => stock.adjust(asked));
      bench.shop.promises.adjusted.push(asked.adjustment_id);
      const before = bench.shop.promises.opened.at(-1) as DayId;
      const evening = { day_id: before, counted_minor: minor(1), reason: 'Counted once' };
      refused += await withLittle(({ sales }) => sales.closeDay(evening));
      bench.shop.promises.closed.set(before, await bench.till.till.sales.closeDay(evening));
      const day_id = dayIdSchema.parse(uuid());
      refused += await withLittle(({ sales }) => sales.openDay({ day_id, float_minor: minor(10_000) }));
      bench.shop.promises.opened.push(day_id);
      expect(refused).toBeGreaterThan(3);
    });

    test('says that nothing new can be fetched, keeps what is there, and fetches all of it later', async () => {
      const { till } = bench;
      await bench.addItems(
        Array.from({ length: 400 }, (_, number) => ({
          sku: `NEW-${number}`,
          name: `New ${number}`,
          price: 100,
        })),
      );
      await restart();
      let told = 0;
      for (;;) {
        disk.fill(told === 0 ? 0 : 8 * BLOCK);
        const { problem, items } = await till.till.sync.run();
        if (problem === null) break;
        told += 1;
        // All of a page or nothing; that the ledger has no room to note it is told, too.
        expect([2, 402]).toContain(items);
        expect(problem).toMatchObject({
          kind: 'fault',
          message: expect.stringContaining('disk of this till is full'),
        });
        expect((await till.till.catalogue.byCode({ code: 'MUG' }))?.sku).toBe('MUG');
      }
      expect(told).toBeGreaterThan(2);
      disk.empty();
      expect(await till.till.sync.run()).toMatchObject({ items: 402, problem: null, waiting: 0 });
    });

    test('lets nothing be sent twice where the answer of the server cannot be stored', async () => {
      const { till, shop } = bench;
      for (const free of ATTEMPTS) {
        await shop.sell();
        disk.fill(free);
        await till.till.sync.run();
        disk.empty();
        expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null, flagged: 0 });
      }
    });

    test('keeps no half a copy of the ledger, says so, and makes a whole one later', async () => {
      const { till, shop } = bench;
      const copies = () => readdirSync(join(till.folder, 'backups'));
      await shop.sell();
      for (const free of [0, BLOCK, 20 * BLOCK]) {
        const before = existsSync(join(till.folder, 'backups')) ? copies() : [];
        disk.fill(free);
        const status = await till.till.terminal.backUp();
        disk.empty();
        expect(status.problem).toMatch(/could not be copied/);
        expect(existsSync(join(till.folder, 'backups')) ? copies() : []).toEqual(before);
      }
      expect(await till.till.terminal.backUp()).toMatchObject({ problem: null });
    });

    test('on which it starts is told apart from damage: it goes on as soon as there is room', async () => {
      const { till, shop } = bench;
      await shop.sell();
      disk.fill(0);
      await till.crash();
      const state = await till.till.terminal.state().catch(() => refusal(() => till.till.terminal.state()));
      if ('data' in state) expect(state.data.code).toBe('disk_full');
      disk.empty();
      await expect
        .poll(() => till.till.terminal.state().then(({ terminal }) => terminal?.terminal_code, String))
        .toBe('T1');
      await shop.sell();
    });

    test('loses nothing in all of that', () => bench.audit());
  },
);

describe.skipIf(smallDiskProblem() !== null)(
  `a disk that can only be read (${smallDiskProblem() ?? 'mounted'})`,
  () => {
    test.each(['SIGTERM', 'SIGKILL'] as const)(
      'is told apart from damage, after an end by %s: nothing is recorded or changed, and all is there afterwards',
      async (signal) => {
        const disk = smallDisk(32);
        const { till, shop, audit } = await faultyTill(central, server.url, {
          on: disk.folder,
          onLog: () => {},
        });
        const end = async () => {
          till.process.kill(signal);
          await till.process.exited;
        };
        const bytes = () =>
          readdirSync(till.folder)
            .filter((name) => /^ledger\.db(-wal)?$/.test(name))
            .map((name) =>
              createHash('sha256')
                .update(readFileSync(join(till.folder, name)))
                .digest('hex'),
            );
        try {
          const sold = await shop.sell();
          await end();
          const before = bytes();
          disk.setReadOnly(true);
          await till.crash();
          const ticket_id = ticketIdSchema.parse(uuid());
          const said = await refusal(() => till.till.sales.startCart({ ticket_id, kind: 'sale' }));
          expect(said.data.code).toBe('disk_failed');
          expect(said.message).toMatch(/disk/i);
          await end();
          expect(bytes()).toEqual(before);
          disk.setReadOnly(false);
          await till.crash();
          expect(await till.till.sales.ticket({ ticket_id: sold.ticket_id })).toEqual(sold);
          await shop.sell();
          await audit();
        } finally {
          disk.setReadOnly(false);
          await till.close();
          disk.remove();
        }
      },
    );
  },
);
