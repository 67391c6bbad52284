import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { v7 as uuid } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { dayIdSchema, lineIdSchema, ticketIdSchema } from '#shared/ids.ts';
import { minor } from '#shared/sales/money.ts';
import { milli } from '#shared/stock/quantity.ts';
import { inCompany, openPool, rows } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import { createCompany, type SeededCompany, seedPermissions } from '../../server/people/seed.ts';
import { addItems } from '../support/catalogue.ts';
import { type OwnPostgres, ownPostgres, postgresPrograms, rolePassword } from '../support/debian-postgres.ts';
import { runServer } from '../support/server-process.ts';
import { type TestTill, testTill } from '../support/till.ts';

const project = resolve(import.meta.dirname, '../..');
const PIN = DEMO_SHOP.people.find(({ role }) => role === 'CASHIER')?.pin ?? '';
const programs = await postgresPrograms();

/** The commands of the page, from one heading to the next, in their order. */
async function commandsOf(heading: string, language: 'sh' | 'sql'): Promise<string[]> {
  const page = await readFile(join(project, 'docs/operations.md'), 'utf8');
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const blocks = section.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'));
  return [...blocks].map(([, text = '']) => text.replaceAll(/^ +/gm, '').replaceAll('…', rolePassword));
}

/** A PostgreSQL with the roles and the empty database, as the page makes them. */
async function newCluster(): Promise<OwnPostgres> {
  const postgres = await ownPostgres(programs ?? '');
  const [roles = ''] = await commandsOf('Restore', 'sql');
  await postgres.sql(roles);
  return postgres;
}

const databaseOf = (postgres: OwnPostgres) => ({
  DATABASE_URL: postgres.url('tilldock', 'tilldock_server'),
  DATABASE_OWNER_URL: postgres.url('tilldock', 'tilldock_owner'),
});

/** Runs a command of the page in a shell, as the superuser of a cluster, in a folder. */
async function inShell(command: string, postgres: OwnPostgres, folder: string): Promise<void> {
  const environment = { ...postgres.environment, ...databaseOf(postgres) };
  const isOurs = command.startsWith('npm ');
  await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', command], {
    cwd: isOurs ? project : folder,
    env: { ...environment, HOME: process.env.HOME },
  });
}

async function sell({ till }: TestTill, times: number): Promise<void> {
  for (let sale = 0; sale < times; sale += 1) {
    const ticket_id = ticketIdSchema.parse(uuid());
    await till.sales.startCart({ ticket_id, kind: 'sale' });
    const line = { ticket_id, line_id: lineIdSchema.parse(uuid()) };
    await till.sales.addLine({ ...line, item: { code: 'MUG' }, quantity_milli: milli(1000) });
    const tenders = [{ payment_type: 'CASH', amount_minor: minor(499) }];
    await till.sales.completeTicket({ ticket_id, tenders });
  }
}

/** The server's own view of a company in a cluster. */
async function askIn<Row extends Record<string, unknown>>(
  postgres: OwnPostgres,
  company: SeededCompany,
  sql: string,
): Promise<Row[]> {
  const db = openPool(postgres.url('tilldock', 'tilldock_server'), 2);
  try {
    return await inCompany(db, company.company_id, (tx) => rows<Row>(tx, sql));
  } finally {
    await db.end();
  }
}

test('a dump is restored as the page says, the tills reconnect, and nothing is lost and nothing counts twice', async ({
  skip,
}) => {
  skip(programs === null, 'there is no PostgreSQL with its client programs in /usr/lib/postgresql');
  const folder = await mkdtemp(join(tmpdir(), 'tilldock-drill-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const lost = await newCluster();
  let isLost = false;
  onTestFinished(async () => (isLost ? undefined : lost.close()));
  const serve = async (postgres: OwnPostgres, port = '0') => {
    const run = runServer(folder, {
      ...databaseOf(postgres),
      TILLDOCK_PORT: port,
      TILLDOCK_SECRET: 'kXo3vTq9Zr1mYb7LwCj5Hs8NfUe2PdGa',
    });
    onTestFinished(async () => {
      run.process.kill('SIGTERM');
      await run.ended;
    });
    return { run, url: await run.listening };
  };

  const { run, url } = await serve(lost);
  await seedPermissions(databaseOf(lost).DATABASE_OWNER_URL);
  const db = openPool(databaseOf(lost).DATABASE_URL, 2);
  const [cashier] = DEMO_SHOP.people.filter(({ role }) => role === 'CASHIER');
  if (!cashier) throw new Error('no cashier');
  const company = await createCompany(db, {
    ...DEMO_SHOP,
    people: [...DEMO_SHOP.people, { ...cashier, name: 'Second cashier' }],
  });
  await addItems(db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
  const codes = await inCompany(db, company.company_id, async (tx) => [
    await makeEnrolmentCode(tx, company.location_id),
    await makeEnrolmentCode(tx, company.location_id),
  ]);
  await db.end();
  const cashiers = company.people.filter(({ role }) => role === 'CASHIER');
  const tills: TestTill[] = [];
  for (const [place, code] of codes.entries()) {
    const till = await testTill();
    onTestFinished(() => till.close());
    await till.till.terminal.enrol({ server_url: url, code, name: `Till ${place}` });
    await till.till.sync.run();
    const person = cashiers[place];
    if (!person) throw new Error(`no cashier ${place}`);
    await till.signIn(person.user_id, PIN);
    await till.till.sales.openDay({ day_id: dayIdSchema.parse(uuid()), float_minor: minor(0) });
    await sell(till, 3);
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
    tills.push(till);
  }
  const [heard, silent] = tills;
  if (!heard || !silent) throw new Error('no tills');

  const [dump = ''] = await commandsOf('Backup', 'sh');
  await inShell(dump, lost, folder);
  // The one goes on telling what it does, the other one has lost its line.
  await sell(heard, 2);
  expect(await heard.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
  await sell(silent, 2);
  run.process.kill('SIGTERM');
  await run.ended;
  await lost.crash();
  isLost = true;
  await sell(heard, 1);
  expect(await heard.till.sync.run()).toMatchObject({ waiting: 1, problem: { kind: 'unreachable' } });

  const found = await newCluster();
  onTestFinished(() => found.close());
  const [restore = '', restored = ''] = await commandsOf('Restore', 'sh');
  await inShell(restore, found, folder);
  await inShell(restored, found, folder);
  expect(await askIn(found, company, 'select from ticket')).toHaveLength(6);
  await serve(found, new URL(url).port);
  const ready = await fetch(`${url}/ready`);
  expect({ status: ready.status, body: await ready.json() }).toMatchObject({
    status: 200,
    body: { checks: { database: true, schema: true, clock: true } },
  });

  for (const till of tills) {
    await till.till.sync.run();
    expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null, standstill: null });
  }
  expect((await heard.till.sync.status()).notice).toMatchObject({ code: 'server_restored', operations: 2 });
  await sell(silent, 1);
  expect(await silent.till.sync.run()).toMatchObject({ waiting: 0, problem: null });
  const told = await askIn<{ receipt_number: string }>(
    found,
    company,
    'select receipt_number from ticket order by 1',
  );
  const numbers = [1, 2, 3, 4, 5, 6].map((number) => `000000${number}`.slice(-6));
  expect(told.map(({ receipt_number }) => receipt_number)).toEqual(
    ['T1', 'T2'].flatMap((till) => numbers.map((number) => `SHOP1-${till}-T-${number}`)),
  );
  const journal = await askIn<{ operations: number; once: number }>(
    found,
    company,
    "select count(*)::int as operations, count(distinct op_id)::int as once from journal where verdict = 'applied'",
  );
  expect(journal).toEqual([{ operations: 14, once: 14 }]);
  expect(await askIn(found, company, 'select from exception')).toEqual([]);
  expect(
    await askIn(found, company, "select from audit_entry where action = 'server.restored'"),
  ).toHaveLength(1);
}, 300_000);
