import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { minor } from '#shared/sales/money.ts';
import { catalogPath } from '../../../src-main/data/catalog-files.ts';
import { openLedger } from '../../../src-main/data/open.ts';
import { fillBacklog } from '../../support/backlog.ts';
import { nothingAmiss } from '../../support/books.ts';
import { faultyTill } from '../../support/faulty-till.ts';
import { person } from '../../support/shop.ts';
import { startCentral } from '../../support/start-central.ts';
import { auditLedger } from '../../unit/data/audit.ts';

const { central, server } = await startCentral();

/** Tickets that wait; the goal of the design is TILLDOCK_BACKLOG=100000, which takes a few minutes. */
const TICKETS = Number(process.env.TILLDOCK_BACKLOG ?? 15_000);
/** What draining may take beside what the process takes anyway, in MiB, however much waits. */
const MOST_MIB = 200;

/** A figure of the process's memory in MiB, as Linux keeps it; null elsewhere. */
function memory(pid: number, what: 'VmRSS' | 'VmHWM'): number | null {
  if (process.platform !== 'linux') return null;
  const found = new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return found ? Number(found[1]) / 1024 : null;
}

test(`a till on which ${TICKETS} sales wait delivers all of them once, also if it is killed on the way`, {
  timeout: 120_000 + TICKETS * 10,
}, async () => {
  const { till, shop, query, company } = await faultyTill(central, server.url, { onLog: () => {} });
  onTestFinished(() => till.close());
  await shop.closeDay();
  till.process.kill('SIGTERM');
  await till.process.exited;
  const catalog = new Sqlite(catalogPath(till.folder), { readonly: true });
  const variants = catalog.prepare<[], { variant_id: string }>('SELECT variant_id FROM item').all();
  catalog.close();
  const filled = fillBacklog(
    till.folder,
    person(company, 'MANAGER'),
    variants.map((row) => row.variant_id),
    { tickets: TICKETS },
  );
  await till.crash();
  const { waiting, acked_seq: before } = await till.till.sync.status();
  expect(waiting).toBe(filled.operations + 2);

  const first = till.till.sync.run().catch(() => null);
  while ((await till.till.sync.status()).acked_seq < before + waiting / 3) await pause(20);
  await till.crash();
  await first;
  const { acked_seq, last_seq } = await till.till.sync.status();
  expect(last_seq - acked_seq).toBeLessThan(waiting);
  expect(acked_seq).toBeLessThan(last_seq);

  const idle = memory(till.process.pid, 'VmRSS');
  const started = performance.now();
  expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null, flagged: 0, quarantined: 0 });
  const seconds = (performance.now() - started) / 1000;
  const most = memory(till.process.pid, 'VmHWM');
  if (idle !== null && most !== null) {
    process.stdout.write(
      `backlog: ${TICKETS} tickets of four lines; after the kill ${last_seq - acked_seq} operations in ${seconds.toFixed(1)} s, ` +
        `memory ${idle.toFixed(0)} MiB before and ${most.toFixed(0)} MiB at most\n`,
    );
    expect(most - idle).toBeLessThan(MOST_MIB);
  }

  const z = await till.till.sales.closeDay({
    day_id: filled.day_id,
    counted_minor: minor(10_000 + filled.total_minor),
  });
  expect(z).toMatchObject({ sums: { sales: TICKETS, total_minor: filled.total_minor } });
  await till.till.sync.run();
  till.process.kill('SIGTERM');
  await till.process.exited;
  const opened = openLedger(till.folder, new Date().toISOString());
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  const { ledger } = opened;
  expect(auditLedger(ledger)).toHaveLength(TICKETS);
  const chain = ledger.prepare<[], { hash: string }>('SELECT hash FROM operation ORDER BY seq').all();
  const levels = 'select variant_id, quantity_milli from stock_level order by variant_id';
  const kept = ledger.prepare(levels).all();
  ledger.close();
  expect(await query(`select md5(string_agg(hash, '' order by seq)) as chain from journal`)).toEqual([
    {
      chain: createHash('md5')
        .update(chain.map(({ hash }) => hash).join(''))
        .digest('hex'),
    },
  ]);
  expect(
    await query('select count(*)::integer as count, sum(total_minor)::bigint as total from ticket'),
  ).toEqual([{ count: TICKETS, total: filled.total_minor }]);
  expect(await query(levels.replace('quantity_milli', 'quantity_milli::bigint'))).toEqual(kept);
  expect(await query(`select z_agrees from sales_day where day_id = '${filled.day_id}'`)).toEqual([
    { z_agrees: true },
  ]);
  await nothingAmiss(query);
});
