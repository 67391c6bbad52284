import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { companyIdSchema } from '#shared/ids.ts';
import { atTheGate } from '../../server/db.ts';
import { emptyCentral } from '../support/central.ts';
import { runCommand } from '../support/command.ts';
import { askForToken, type Office, officeOf, signedIn } from '../support/office.ts';
import { addColleague } from '../support/people.ts';
import { queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();

const PASSWORD = 'a password of the boss';
const create = (answers: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  runCommand('ops/create-admin-command.ts', central, [], answers, environment);
const place = ['High Street', 'HIGH', 'store', 'NOK', 'Europe/Oslo', 'yes', '25'];
const boss = (email: string) => ['Ingrid Dahl', email, PASSWORD, PASSWORD];

/** What a company is called that nobody had before, as ids of those who are. */
const companiesCalled = async (name: string) => {
  const found = await atTheGate(central.db, (client) =>
    client.query<{ company_id: string }>('select company_id from company where name = $1', [name]),
  );
  return found.rows.map((row) => companyIdSchema.parse(row.company_id));
};
const permissionsOf = async (office: Office) => (await office.get('/api/v1/me')).body.permissions as string[];

describe('npm run admin:create', () => {
  test('makes a company that can sell, and its first administrator, who signs in', async () => {
    const run = await create(['Fjord Foods AS', ...place, ...boss('Ingrid@Fjord.example')], {
      NODE_ENV: 'production',
      TILLDOCK_SECRET: 'kJ8vQ2xWz5pLr9TnB3mYc7HdF1gSa6Ue',
    });
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).not.toContain(PASSWORD);
    const [company_id, another] = await companiesCalled('Fjord Foods AS');
    expect(another).toBeUndefined();
    if (!company_id) throw new Error('no company was made');
    const office = await signedIn(server.url, { username: 'ingrid@fjord.example', password: PASSWORD });
    expect(await permissionsOf(office)).toContain('user.manage');
    const items = async (path: string) => (await office.get(`/api/v1/${path}`)).body.items;
    expect(await items('locations')).toMatchObject([
      { code: 'HIGH', kind: 'store', currency: 'NOK', zone: 'Europe/Oslo', prices_include_tax: true },
    ]);
    expect(await items('currencies')).toMatchObject([{ code: 'NOK', name: 'Norwegian Krone' }]);
    expect(await items('tax-classes')).toMatchObject([
      { code: 'STD', rates: [{ code: 'STD', rate_ppm: 250_000 }] },
    ]);
    expect(await items('payment-types')).toMatchObject([{ code: 'CARD' }, { code: 'CASH', kind: 'cash' }]);
    expect(await items('roles')).toHaveLength(10);
    expect(await items('audit')).toMatchObject([{ action: 'company.created', user_id: null }]);
    expect(await items('users')).toMatchObject([
      {
        name: 'Ingrid Dahl',
        email: 'ingrid@fjord.example',
        roles: ['ADMIN'],
        status: 'ACTIVE',
        has_pin: false,
      },
    ]);
  });

  test('gives a company that is there another administrator, and asks nothing else', async () => {
    await create(['Twice Ltd', ...place, ...boss('one@twice.example')]);
    const run = await create(['Twice Ltd', ...boss('two@twice.example')]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(await companiesCalled('Twice Ltd')).toHaveLength(1);
    const office = await signedIn(server.url, { username: 'two@twice.example', password: PASSWORD });
    expect(await permissionsOf(office)).toContain('user.manage');
    const again = await create(['Twice Ltd', ...boss('TWO@twice.example')]);
    expect(again.code).toBe(2);
    expect(again.err).toContain('e-mail: somebody of the company has this address already.');
  });

  test('names the answer that will not do, and makes nothing', async () => {
    const answers = ['Nowhere Ltd', ...place, ...boss('boss@nowhere.example')];
    const instead = (index: number, answer: string) => answers.with(index, answer);
    for (const [given, refusal] of [
      [instead(5, 'Europe/Atlantis'), 'zone: is not a known IANA time zone.'],
      [instead(11, 'another password'), 'password: the two are not the same.'],
      [answers.slice(0, 10), 'password: the answers ended here.'],
    ] as const) {
      const run = await create(given);
      expect([refusal, run.code]).toEqual([refusal, 2]);
      expect(run.err).toContain(refusal);
      expect(run.err + run.out).not.toContain(PASSWORD);
    }
    expect(await companiesCalled('Nowhere Ltd')).toEqual([]);
  });

  test('asks which one, where several companies have the name', async () => {
    const [one] = [await central.addCompany(), await central.addCompany()];
    const asked = await create(['Corner Shop Ltd', ...boss('boss@corner.example')]);
    expect(asked.err).toContain('company: several are called Corner Shop Ltd');
    expect((await create([one.company_id, ...boss('boss@corner.example')])).code).toBe(0);
    const form = { username: 'boss@corner.example', password: PASSWORD, client_id: one.company_id };
    expect((await askForToken(server.url, form)).status).toBe(200);
  });
});

describe('npm run admin -- reset-password', () => {
  const reset = (email: string, answers: readonly string[], args: readonly string[] = []) =>
    runCommand('ops/admin-command.ts', central, ['reset-password', '--email', email, ...args], answers);

  test('sets a password, ends all sessions, and forgets failed tries', async () => {
    const { email, user_id, signIn } = await addColleague(central, server.url, central.company);
    const office = await signIn();
    for (let count = 0; count < 20; count += 1)
      await askForToken(server.url, { username: email, password: 'x' });
    const run = await reset(email.toUpperCase(), [PASSWORD, PASSWORD]);
    expect(run).toMatchObject({ code: 0, err: '' });
    expect(run.out).not.toContain(PASSWORD);
    expect((await office.get('/api/v1/me')).status).toBe(401);
    const entries = await queryAs(
      central,
      central.company.company_id,
      `select action, user_id from audit_entry where key = $1 order by entry_id desc limit 1`,
      [user_id],
    );
    expect(entries).toEqual([{ action: 'user.password_reset', user_id: null }]);
    expect((await askForToken(server.url, { username: email, password: PASSWORD })).status).toBe(200);
  });

  test('refuses who is not there, not active, or in several companies', async () => {
    const { email, user_id } = await addColleague(central, server.url, central.company);
    expect((await reset('nobody@shop.example', [PASSWORD, PASSWORD])).err).toContain(
      'nobody has the address',
    );
    expect((await reset('nobody', [])).err).toContain('--email: whose password?');
    expect((await reset(email, [PASSWORD, 'another one entirely'])).err).toContain(
      'the two are not the same',
    );
    const admin = await officeOf(server.url, central.company);
    await admin.post(`/api/v1/users/${user_id}/disable`);
    expect((await reset(email, [PASSWORD, PASSWORD])).err).toContain('is not active');
    await central.addCompany();
    const several = await reset('tomas@corner-shop.example', [PASSWORD, PASSWORD]);
    expect(several).toMatchObject({ code: 2 });
    expect(several.err).toContain('--company: which one?');
    const { company_id } = central.company;
    const one = await reset('tomas@corner-shop.example', [PASSWORD, PASSWORD], ['--company', company_id]);
    expect(one.code).toBe(0);
  });
});

async function asOwner(...statements: readonly string[]): Promise<void> {
  const owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
  for (const statement of statements) await owner.query(statement);
  await owner.end();
}

describe('npm run db:seed', () => {
  const seed = () => runCommand('ops/seed-command.ts', central);

  test('gives what is missing, keeps what was changed, and does nothing the second time', async () => {
    const company = await central.addCompany();
    const { company_id } = company;
    const query = (sql: string) => queryAs(central, company_id, sql);
    await query("delete from role_permission where role_code = 'CASHIER' and permission_code <> 'sale.ring'");
    await query("delete from role_permission where role_code = 'ADMIN' and permission_code = 'period.lock'");
    await query("delete from role_permission where role_code = 'SYSTEM_BOT'");
    await asOwner(
      `set tilldock.company_id = '${company_id}'`,
      "delete from role_permission where role_code = 'CLIENT'",
      "delete from role where code = 'CLIENT'",
    );
    const held = (role: string) =>
      query(
        `select permission_code from role_permission where role_code = '${role}' order by permission_code`,
      );
    const first = await seed();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain('Corner Shop Ltd: new roles CLIENT; administrators may also period.lock.');
    expect(await held('CLIENT')).toHaveLength(2);
    expect(await held('CASHIER')).toEqual([{ permission_code: 'sale.ring' }]);
    expect(await held('SYSTEM_BOT')).toEqual([]);
    expect(await held('ADMIN')).toHaveLength(38);
    const state = () =>
      query('select code, version, (select count(*) from audit_entry) as entries from role order by code');
    const before = await state();
    const second = await seed();
    expect(second.out).not.toMatch(/administrators may also|new roles/);
    expect(await state()).toEqual(before);
  });
});

describe('npm run admin -- seed', () => {
  test('makes no demo shop in production', async () => {
    const empty = await emptyCentral();
    const environment = { NODE_ENV: 'production', TILLDOCK_SECRET: 'kJ8vQ2xWz5pLr9TnB3mYc7HdF1gSa6Ue' };
    const run = await runCommand('ops/admin-command.ts', empty, ['seed'], [], environment);
    expect(run).toMatchObject({ code: 0, out: expect.stringContaining('No demo shop in production.') });
    const shops = await atTheGate(empty.db, (client) => client.query('select from company'));
    expect(shops.rowCount).toBe(0);
    const tried = await runCommand('ops/admin-command.ts', empty, ['seed']);
    expect(tried.out).toContain('office: tomas@corner-shop.example, "admin of the corner shop"');
    await empty.close();
  });
});
