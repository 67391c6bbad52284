import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { describe, expect, onTestFinished, test } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { OPERATION_KINDS } from '#shared/sync/operation.ts';
import { openLedger } from '../../../src-main/data/open.ts';
import { faultyTill } from '../../support/faulty-till.ts';
import { startCentral } from '../../support/start-central.ts';
import { auditLedger } from '../../unit/data/audit.ts';

const { central, server } = await startCentral();

const [MINUTE, HOUR, DECADE] = [60_000, 3_600_000, 10 * 365.25 * 86_400_000];

/** A till whose wall clock says what the test wants. */
async function stage() {
  const place = mkdtempSync(join(tmpdir(), 'tilldock-clock-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const file = join(place, 'offset');
  const beOff = (ms: number) => writeFileSync(file, String(Math.trunc(ms)));
  beOff(0);
  const preload = new URL(`../../support/lying-clock.ts?file=${encodeURIComponent(file)}`, import.meta.url);
  const bench = await faultyTill(central, server.url, { preload });
  onTestFinished(() => bench.till.close());
  const { till, shop } = bench;
  return {
    ...bench,
    beOff,
    /** Makes the clock say a moment, and go on from there. */
    say: (at: string) => beOff(Date.parse(at) - Date.now()),
    deliver: async () =>
      expect(await till.till.sync.run()).toMatchObject({
        waiting: 0,
        problem: null,
        quarantined: 0,
        standstill: null,
      }),
    /** A sale, in the middle of which something happens. */
    sellAround: async (meanwhile: () => void) => {
      const ticket_id = ticketIdSchema.parse(uuid());
      const line = { ticket_id, line_id: lineIdSchema.parse(uuid()), item: { code: 'MUG' } };
      await till.till.sales.startCart({ ticket_id, kind: 'sale' });
      await till.till.sales.addLine({ ...line, quantity_milli: milli(1000) });
      meanwhile();
      const tenders = [{ payment_type: 'CASH', amount_minor: minor(499) }];
      const ticket = await till.till.sales.completeTicket({ ticket_id, tenders });
      shop.promises.tickets.set(ticket_id, ticket);
      return ticket;
    },
    /** The ledger's operations in their order, once the till has ended. */
    recorded: async () => {
      till.process.kill('SIGTERM');
      await till.process.exited;
      const opened = openLedger(till.folder, new Date().toISOString());
      if ('recovery' in opened) throw new Error(opened.recovery.message);
      auditLedger(opened.ledger);
      const rows = opened.ledger
        .prepare<[], { seq: number; kind: string; hash: string; content: string }>(
          'SELECT seq, kind, hash, content FROM operation ORDER BY seq',
        )
        .all();
      opened.ledger.close();
      return rows;
    },
  };
}

const jumpsOf = (rows: readonly { kind: string; content: string }[]): number[] =>
  rows
    .filter(({ kind }) => kind === 'clock.jumped')
    .map(({ content }) => OPERATION_KINDS['clock.jumped'].body.parse(JSON.parse(content).body).jump_ms);

describe('a clock that jumps in mid-sale', () => {
  test.each([
    ['an hour ahead', HOUR],
    ['an hour back', -HOUR],
    ['ten years ahead', DECADE],
    ['ten years back', -DECADE],
  ])('%s refuses nothing, is recorded, and changes no order', async (_how, jump) => {
    const { till, shop, beOff, sellAround, deliver, query, recorded } = await stage();
    await shop.sell();
    const ticket = await sellAround(() => beOff(jump));
    expect(Math.abs(Date.parse(ticket.completed_at) - Date.now() - jump)).toBeLessThan(MINUTE);
    await shop.adjust();
    await shop.closeDay();
    await shop.openDay();
    await deliver();
    await till.crash();
    await shop.sell();
    await deliver();
    beOff(0);
    await shop.sell();
    await shop.closeDay();
    await deliver();
    expect(await query('select distinct code from exception')).toEqual([{ code: 'clock_offset' }]);
    const rows = await recorded();
    expect(await query('select seq, kind, hash from journal order by seq')).toEqual(
      rows.map(({ seq, kind, hash }) => ({ seq, kind, hash })),
    );
    const [there, back] = jumpsOf(rows);
    expect(Math.abs(Number(there) - jump)).toBeLessThan(MINUTE);
    // After a restart only a clock that went back can be told, and this one went on from where it was.
    expect(Math.abs(Number(back) + jump)).toBeLessThan(MINUTE);
    expect(await query('select distinct z_agrees from sales_day')).toEqual([{ z_agrees: true }]);
  });

  test('ahead is flagged at the centre when it is found out; less than two minutes is not worth a word', async () => {
    const { shop, beOff, deliver, query, recorded } = await stage();
    beOff(1.5 * MINUTE);
    await shop.sell();
    await deliver();
    const flagged = () => query("select code from exception where code = 'clock_offset'");
    expect(await flagged()).toEqual([]);
    beOff(HOUR);
    await shop.sell();
    await deliver();
    // The jump, and the first sale by a clock that is ahead.
    expect(await flagged()).toHaveLength(2);
    await shop.sell();
    await deliver();
    expect(await flagged()).toHaveLength(2);
    expect(jumpsOf(await recorded())).toHaveLength(1);
  });
});

describe('the change to and from daylight saving time', () => {
  test.each([
    ['spring', '2026-03-29T00:59:50.000Z', '2026-03-29T01:00:10.000Z'],
    ['autumn', '2026-10-25T00:59:50.000Z', '2026-10-25T01:00:10.000Z'],
  ])('in %s goes through a sale unnoticed', async (_season, before, after) => {
    const { shop, say, sellAround, deliver, recorded, query } = await stage();
    await shop.closeDay();
    say(before);
    await shop.openDay();
    const first = await shop.sell();
    const second = await sellAround(() => say(after));
    expect([first, second].map(({ business_date }) => business_date)).toEqual(
      Array(2).fill(before.slice(0, 10) === '2026-03-29' ? '2026-03-28' : '2026-10-24'),
    );
    await shop.closeDay();
    await deliver();
    expect(await query('select distinct z_agrees from sales_day')).toEqual([{ z_agrees: true }]);
    // The one jump is the test's own, to that night.
    expect(jumpsOf(await recorded())).toHaveLength(1);
  });

  test.each([
    ['2026-03-29T02:59:50.000Z', '2026-03-28'],
    ['2026-03-29T03:00:10.000Z', '2026-03-29'],
    ['2026-10-25T03:59:50.000Z', '2026-10-24'],
    ['2026-10-25T04:00:10.000Z', '2026-10-25'],
  ])(
    'a sales day that is opened at %s is of %s: the day changes at four by the clock on the wall',
    async (at, date) => {
      const { till, shop, say } = await stage();
      await shop.closeDay();
      say(at);
      const day_id = dayIdSchema.parse(uuid());
      const day = await till.till.sales.openDay({ day_id, float_minor: minor(0) });
      expect(day.business_date).toBe(date);
    },
  );
});
