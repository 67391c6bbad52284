import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { sqlState, withoutCompany } from '../../../server/db.ts';
import { startMonthKeeper } from '../../../server/jobs/month-keeper.ts';
import { keepMonthsOf, MONTHS_AHEAD, readJournalOutlook } from '../../../server/sync/journal-months.ts';
import { testShop } from '../../support/shop.ts';
import { startCentral } from '../../support/start-central.ts';
import { testWorker } from '../../support/worker.ts';

const { central, server } = await startCentral();
const TABLES = ['journal_batch', 'journal'];
const GOOD = { months_ahead: MONTHS_AHEAD, rest_rows: 0 };
let owner: pg.Client;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
});
afterAll(() => owner?.end());
beforeEach(async () => {
  await keepMonthsOf(central.db);
});

const monthsOf = async (parent: string): Promise<string[]> => {
  const found = await owner.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass order by 1`,
    [parent],
  );
  return found.rows.map(({ name }) => name).filter((name) => !name.endsWith('_rest'));
};

/** As if the months from this one on had never been made: what was in them goes to the rest. */
async function unmakeMonths(): Promise<number> {
  let unmade = 0;
  for (const parent of TABLES) {
    for (const month of await monthsOf(parent)) {
      await owner.query(`alter table ${parent} detach partition ${month}`);
      await owner.query(`insert into ${parent}_rest select * from ${month}`);
      await owner.query(`drop table ${month}`);
      unmade += 1;
    }
  }
  return unmade;
}

const outlook = () => readJournalOutlook(central.db);
const warnings = async () => {
  const said = (await (await fetch(`${server.url}/ready`)).json()) as { warnings: string[] };
  return said.warnings;
};
const restMetric = async () =>
  /^tilldock_journal_rest_rows (\d+)/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1];

describe('the months of the journal', () => {
  test('are made ahead by a worker that starts', async () => {
    await unmakeMonths();
    expect(await outlook()).toMatchObject({ months_ahead: -1 });
    const worker = await testWorker(central, async () => ({ state: 'sent' }));
    onTestFinished(() => worker.stop());
    await vi.waitFor(async () => expect(await outlook()).toEqual(GOOD), 10_000);
    expect(await warnings()).toEqual([]);
  });

  test('that nobody made in time take what was stored meanwhile, and the server says so until they do', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    await unmakeMonths();
    const operations = [
      terminal.record('day.opened', day.opened),
      terminal.record('ticket.completed', day.ticket()),
      terminal.forge('moon.landed', {}),
    ];
    const { verdicts } = await terminal.deliver(operations);
    expect(await outlook()).toMatchObject({ rest_rows: 4 });
    expect(await restMetric()).toBe('4');
    expect(await warnings()).toEqual(['journal_months']);
    expect(await keepMonthsOf(central.db)).toBe(2 * (MONTHS_AHEAD + 1));
    expect(await outlook()).toEqual(GOOD);
    expect(await restMetric()).toBe('0');
    expect(await warnings()).toEqual([]);
    expect(await shop.query('select seq, verdict from journal order by seq')).toEqual(
      verdicts.map(({ seq, verdict }) => ({ seq, verdict })),
    );
    expect(await terminal.deliver(operations)).toMatchObject({ verdicts });
  });

  test('are made for what a wrong clock of the database stored, whenever that was', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    for (const moment of ['2016-02-29 23:59:59.999999+00', '2061-01-01 00:00:00+00']) {
      await shop.query(
        `insert into journal (company_id, terminal_id, epoch, seq, hash, verdict, received_at)
         select company_id, terminal_id, epoch, 1000 + extract(year from '${moment}'::timestamptz), hash, verdict, '${moment}'
         from journal where seq = 1`,
      );
    }
    expect(await warnings()).toEqual(['journal_months']);
    expect(await keepMonthsOf(central.db)).toBe(2);
    expect(await outlook()).toEqual(GOOD);
    const months = await monthsOf('journal');
    expect([months[0], months.at(-1)]).toEqual(['journal_2016_02', 'journal_2061_01']);
    expect(await shop.query('select seq from journal order by seq')).toHaveLength(3);
    for (const month of ['journal_2016_02', 'journal_2061_01']) await owner.query(`drop table ${month}`);
  });

  test('are made once, whoever of several servers and workers does it', async () => {
    const unmade = await unmakeMonths();
    const made = await Promise.all(Array.from({ length: 6 }, () => keepMonthsOf(central.db)));
    expect(made.reduce((sum, count) => sum + count, 0)).toBe(unmade);
    expect(await outlook()).toEqual(GOOD);
    expect(await keepMonthsOf(central.db)).toBe(0);
  });

  test('may begin while tills push: none is refused, and nothing is lost or left behind', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    await terminal.deliver([terminal.record('day.opened', day.opened)]);
    const failures: unknown[] = [];
    for (let round = 0; round < 5; round += 1) {
      await unmakeMonths();
      let isOver = false;
      const selling = (async () => {
        while (!isOver) await terminal.deliver([terminal.record('ticket.completed', day.ticket())]);
      })();
      const fail = (error: unknown) => failures.push(error);
      const keeper = startMonthKeeper(central.db, { tell: () => {}, fail, every_ms: 20 });
      await vi
        .waitFor(async () => expect(await outlook()).toEqual(GOOD), 10_000)
        .finally(() => {
          isOver = true;
        });
      await Promise.all([selling, keeper.stop()]);
    }
    expect(failures).toEqual([]);
    const kept = await shop.query<{ seq: number }>('select seq from journal order by seq');
    expect(kept.map(({ seq }) => seq)).toEqual(
      Array.from({ length: terminal.nextSeq() - 1 }, (_, at) => at + 1),
    );
    expect(await shop.tickets()).toBe(terminal.nextSeq() - 2);
  });

  test("are all that the server's role may make", async () => {
    const attempt = (sql: string) =>
      withoutCompany(central.db, (client) => client.query(sql)).then(() => 'done', sqlState);
    expect(await attempt("call make_journal_month('journal', '2031-01-01')")).toBe('42501');
    expect(await attempt("select keep_journal_months('terminal', 1)")).toBe('22023');
    expect(await attempt("select keep_journal_months('journal', 1000)")).toBe('22023');
    expect(await attempt('create table mine (a integer)')).toBe('42501');
    expect(await attempt('select from journal_rest')).toBe('42501');
  });
});
