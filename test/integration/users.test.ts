import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locationIdSchema, type UserId } from '#shared/ids.ts';
import type { User } from '#shared/people/user.ts';
import { secretHolds } from '../../server/people/secret-hash.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { type TestCentral, testCentral } from '../support/central.ts';
import { type Office, officeOf } from '../support/office.ts';
import { addColleague } from '../support/people.ts';
import { type TestServer, testServer } from '../support/server.ts';
import { person, queryAs } from '../support/shop.ts';
import type { Answer } from '../support/wire-terminal.ts';

let central: TestCentral;
let server: TestServer;
let company: SeededCompany;
let admin: Office;

beforeAll(async () => {
  central = await testCentral();
  server = await testServer(central.db);
});
afterAll(async () => {
  await server?.close();
  await central?.close();
});

/** Each group of tests has a company of its own: they count people. */
const freshCompany = async () => {
  company = await central.addCompany();
  admin = await officeOf(server.url, company);
};
const query = <Row extends Record<string, unknown>>(sql: string) =>
  queryAs<Row>(central, company.company_id, sql);
const colleague = (about: Parameters<typeof addColleague>[3]) =>
  addColleague(central, server.url, company, about);
const users = '/api/v1/users';
const read = async (id: string, office = admin) =>
  (await office.get(`${users}/${id}`)).body as unknown as User;
const change = async (id: string, body: object, office = admin) =>
  office.patch(`${users}/${id}`, (await read(id)).version, body);
const cashier = (about: Record<string, unknown> = {}) => ({
  ...{ user_id: uuid(), name: 'Lena Fischer', roles: ['CASHIER'], scope: { kind: 'company' }, pin: '2580' },
  ...about,
});
const forbidden = { status: 403, body: { code: 'forbidden', detail: 'You may not do this.' } };
const wrong = (path: string) => ({ status: 422, body: { code: 'invalid_input', errors: [{ path }] } });
/** Another location of the company. */
async function addLocation(): Promise<string> {
  const id = locationIdSchema.parse(uuid());
  await query(
    `insert into location (company_id, location_id, code, kind, name, currency, zone, denominations,
       prices_include_tax, tax_rounding)
     select company_id, '${id}', 'L' || (select count(*) from location), 'warehouse', name, currency, zone,
       denominations, prices_include_tax, tax_rounding from location limit 1`,
  );
  return id;
}

describe('a person', () => {
  beforeAll(freshCompany);

  test('is added with a PIN that is kept as a hash and never shown', async () => {
    const given = cashier();
    const answer = await admin.post(users, given);
    expect(answer).toMatchObject({ status: 201, body: { status: 'ACTIVE', has_pin: true, email: null } });
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(JSON.stringify(answer.body)).not.toMatch(/argon2|2580/);
    expect(await read(given.user_id)).toEqual(answer.body);
    const [row] = await query<{ pin_hash: string }>(
      `select pin_hash from app_user where user_id = '${given.user_id}'`,
    );
    expect(row?.pin_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await secretHolds(row?.pin_hash ?? '', '2580')).toBe(true);
  });

  test('is added once, however often the request is sent, and never over another one', async () => {
    const given = cashier();
    const [first, second] = await Promise.all([admin.post(users, given), admin.post(users, given)]);
    expect(second).toMatchObject({ status: 201, body: first?.body });
    for (const other of [
      { ...given, name: 'Another' },
      { ...given, roles: ['MANAGER'] },
      { ...given, pin: '9517' },
      { ...given, scope: { kind: 'locations', location_ids: [company.location_id] } },
    ]) {
      expect(await admin.post(users, other)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
    const log = await query(`select from audit_entry where key = '${given.user_id}'`);
    expect(log).toHaveLength(1);
  });

  test('is refused by the field that is wrong', async () => {
    const nowhere = { kind: 'locations', location_ids: [uuid()] };
    for (const [about, path] of [
      [{ pin: '1234' }, 'pin'],
      [{ pin: '1111' }, 'pin'],
      [{ pin: '135' }, 'pin'],
      [{ name: ' ' }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
      [{ roles: [] }, 'roles'],
      [{ roles: ['PILOT'] }, 'roles'],
      [{ roles: ['CASHIER', 'OPERATOR'] }, 'scope'],
      [{ scope: { kind: 'client', client_id: uuid() } }, 'scope'],
      [{ roles: ['CLIENT'], scope: { kind: 'client', client_id: uuid() } }, 'scope.client_id'],
      [{ scope: nowhere }, 'scope.location_ids'],
      [{ scope: { kind: 'locations', location_ids: [] } }, 'scope.location_ids'],
      [{ user_id: 'me' }, 'user_id'],
      [{ status: 'DISABLED' }, 'status'],
      [{ password_hash: 'x' }, 'password_hash'],
      [{ roles: ['BILLING_MANAGER', 'WAREHOUSE_OP'] }, 'scope'],
    ] as const) {
      const answer = await admin.post(users, cashier(about));
      expect([about, answer]).toMatchObject([about, wrong(path)]);
    }
  });

  test('cannot be removed by any route', async () => {
    const id = person(company, 'CASHIER');
    for (const method of ['DELETE', 'PUT']) {
      expect((await admin.send(method, `${users}/${id}`)).status).toBe(404);
    }
    await expect(query(`delete from app_user where user_id = '${id}'`)).rejects.toThrow('permission denied');
  });
});

describe('a change of a person', () => {
  beforeAll(freshCompany);

  test('is made from a version, and from no other', async () => {
    const id = person(company, 'CASHIER');
    const path = `${users}/${id}`;
    const before = await admin.get(path);
    const version = Number(before.body.version);
    expect(before.headers.get('etag')).toBe(`"${version}"`);
    const blind = await admin.send('PATCH', path, { name: 'Ada O.' });
    expect(blind).toMatchObject({ status: 428, body: { code: 'version_needed' } });
    const answer = await admin.patch(path, version, { name: 'Ada O.' });
    expect(answer).toMatchObject({ status: 200, body: { name: 'Ada O.', version: version + 1 } });
    expect(answer.headers.get('etag')).toBe(`"${version + 1}"`);
    const late = await admin.patch(path, version, { name: 'Ada Okafor' });
    expect(late).toMatchObject({ status: 412, body: { code: 'stale_version' } });
    expect((await admin.send('PATCH', path, {}, { 'if-match': 'W/"1"' })).status).toBe(422);
    expect((await read(id)).name).toBe('Ada O.');
  });

  test('gives other roles and places, and touches nothing else', async () => {
    const id = person(company, 'CASHIER');
    const branch = await addLocation();
    const before = await read(id);
    const scope = { kind: 'locations', location_ids: [company.location_id, branch].sort() };
    const answer = await change(id, { roles: ['MANAGER', 'CASHIER', 'CASHIER'], scope });
    expect(answer.body).toEqual({
      ...before,
      roles: ['CASHIER', 'MANAGER'],
      scope,
      version: before.version + 1,
    });
    const back = await change(id, { roles: ['CASHIER'], scope: { kind: 'company' } });
    expect(back.body).toEqual({ ...before, version: before.version + 2 });
    expect(await query(`select from user_location where user_id = '${id}'`)).toEqual([]);
  });

  test('gives another PIN, which is noted without being written down', async () => {
    const id = person(company, 'CASHIER');
    await change(id, { pin: '7531' });
    const [entry] = await query<{ text: string; after: object }>(
      `select audit_entry::text as text, after from audit_entry where key = '${id}' order by entry_id desc limit 1`,
    );
    expect(entry?.after).toMatchObject({ pin_changed: true, has_pin: true });
    expect(entry?.text).not.toMatch(/7531|argon2/);
  });

  test('is written down: who, from where, from what to what', async () => {
    const id = person(company, 'WAREHOUSE_OP');
    const before = await read(id);
    const answer = await admin.send(
      'PATCH',
      `${users}/${id}`,
      { name: 'Ivo H.' },
      {
        'if-match': `"${before.version}"`,
        'x-request-id': 'a-request-of-the-tests',
      },
    );
    expect(await query(`select * from audit_entry where key = '${id}'`)).toEqual([
      {
        ...{ company_id: company.company_id, entry_id: expect.any(Number), at: expect.any(Date) },
        ...{ user_id: person(company, 'ADMIN'), session_id: expect.any(String) },
        ...{ action: 'user.changed', entity: 'user', key: id, before, after: answer.body },
        ...{ ip: '127.0.0.1', request_id: 'a-request-of-the-tests' },
      },
    ]);
  });

  test('says that somebody is not there for who was never there, and for another company’s', async () => {
    const other = await central.addCompany();
    for (const id of [uuid(), person(other, 'CASHIER')]) {
      const answers = [
        await admin.get(`${users}/${id}`),
        await admin.patch(`${users}/${id}`, 1, { name: 'Mine' }),
        await admin.post(`${users}/${id}/disable`),
        await admin.post(`${users}/${id}/enable`),
        await admin.post(`${users}/${id}/sessions/revoke`),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    }
  });

  test('never puts approving bills and moving goods into one pair of hands', async () => {
    const manager = await colleague({ roles: ['BILLING_MANAGER'] });
    const answer = await change(manager.user_id, { roles: ['BILLING_MANAGER', 'MANAGER'] });
    expect(answer).toMatchObject(wrong('roles'));
    expect(JSON.stringify(answer.body)).toContain('Whoever approves billing may not change inventory');
    expect((await read(manager.user_id)).roles).toEqual(['BILLING_MANAGER']);
    const boss = await change(manager.user_id, { roles: ['BILLING_MANAGER', 'ADMIN'] });
    expect(boss.status).toBe(200);
  });
});

describe('the last administrator', () => {
  beforeAll(freshCompany);
  const last = { status: 409, body: { code: 'last_admin' } };

  test('is neither disabled nor demoted, until there is another one who can sign in', async () => {
    const id = person(company, 'ADMIN');
    expect(await admin.post(`${users}/${id}/disable`)).toMatchObject(last);
    expect(await change(id, { roles: ['MANAGER'] })).toMatchObject(last);
    // With a PIN alone nobody comes into the office.
    expect((await admin.post(users, cashier({ roles: ['ADMIN'] }))).status).toBe(201);
    expect(await admin.post(`${users}/${id}/disable`)).toMatchObject(last);
    const second = await colleague({ roles: ['ADMIN'] });
    expect((await change(id, { roles: ['MANAGER'] })).status).toBe(200);
    const office = await second.signIn();
    expect(await office.post(`${users}/${second.user_id}/disable`)).toMatchObject(last);
    expect((await office.get('/api/v1/me')).status).toBe(200);
  });

  test('stays also when two of them disable each other at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      await freshCompany();
      const second = await colleague({ roles: ['ADMIN'] });
      const theirs = await second.signIn();
      await Promise.all([
        admin.post(`${users}/${second.user_id}/disable`),
        theirs.post(`${users}/${person(company, 'ADMIN')}/disable`),
      ]);
      const active = await query(
        `select from app_user u join user_role using (company_id, user_id)
         where role_code = 'ADMIN' and status = 'ACTIVE'`,
      );
      expect(active).toHaveLength(1);
    }
  });
});

describe('somebody disabled', () => {
  beforeAll(freshCompany);

  test('is so once, and comes back as they were', async () => {
    const id = person(company, 'CASHIER');
    const disabled = await admin.post(`${users}/${id}/disable`);
    expect(disabled).toMatchObject({ status: 200, body: { status: 'DISABLED' } });
    expect((await admin.post(`${users}/${id}/disable`)).body).toEqual(disabled.body);
    const enabled = await admin.post(`${users}/${id}/enable`);
    expect(enabled).toMatchObject({ status: 200, body: { status: 'ACTIVE' } });
    expect((await admin.post(`${users}/${id}/enable`)).body).toEqual(enabled.body);
    expect(await query(`select action from audit_entry where key = '${id}' order by entry_id`)).toEqual([
      { action: 'user.disabled' },
      { action: 'user.enabled' },
    ]);
  });

  test('who never accepted their invitation is invited again, not let in', async () => {
    const { user_id } = await colleague({ roles: ['MANAGER'] });
    await query(`update app_user set status = 'INVITED', password_hash = null where user_id = '${user_id}'`);
    await admin.post(`${users}/${user_id}/disable`);
    expect((await admin.post(`${users}/${user_id}/enable`)).body).toMatchObject({ status: 'INVITED' });
  });
});

describe('the list of people', () => {
  beforeAll(freshCompany);
  const names = async (filter: string, office = admin) => {
    const { body } = await office.get(`${users}?${filter}`);
    return (body.items as User[]).map((user) => user.name);
  };

  test('is sorted, narrowed, searched and paged', async () => {
    const branch = await addLocation();
    const scope = { kind: 'locations' as const, location_ids: [locationIdSchema.parse(branch)] };
    await colleague({ name: 'Åsa 100%', roles: ['MANAGER'], scope });
    await admin.post(`${users}/${person(company, 'CASHIER')}/disable`);
    const all = ['Ada Okafor', 'Åsa 100%', 'Ivo Horvat', 'Maya Lindqvist', 'Tomas Reyes'];
    expect(await names('')).toEqual(all);
    expect(await names('order=desc')).toEqual(all.toReversed());
    expect(await names('skip=1&limit=2')).toEqual(all.slice(1, 3));
    expect((await admin.get(`${users}?skip=9`)).body).toEqual({ items: [], total_count: 5 });
    expect(await names('status=DISABLED')).toEqual(['Ada Okafor']);
    expect(await names('role=MANAGER')).toEqual(['Åsa 100%', 'Maya Lindqvist']);
    expect(await names(`location_id=${branch}`)).toEqual(['Åsa 100%']);
    expect(await names('text=åSA')).toEqual(['Åsa 100%']);
    expect(await names('text=0%25')).toEqual(['Åsa 100%']);
    expect(await names('text=%25')).toEqual(['Åsa 100%']);
    expect(await names('text=tomas@corner')).toEqual(['Tomas Reyes']);
    expect(await names('sort=email&limit=3')).toEqual(['Åsa 100%', 'Maya Lindqvist', 'Tomas Reyes']);
    expect((await names('sort=created_at&order=desc')).at(0)).toBe('Åsa 100%');
  });

  test('takes no filter that it does not know', async () => {
    for (const [filter, path] of [
      ['sort=pin_hash', 'sort'],
      ['order=random', 'order'],
      ['limit=201', 'limit'],
      ['limit=0', 'limit'],
      ['skip=-1', 'skip'],
      ['status=GONE', 'status'],
      ['location_id=1', 'location_id'],
      ['password=x', 'password'],
      ['text=%00', 'text'],
    ] as const) {
      expect([filter, await admin.get(`${users}?${filter}`)]).toMatchObject([filter, wrong(path)]);
    }
  });
});

describe('somebody who manages people at one location', () => {
  let local: Office;
  let self: UserId;
  let branch: string;
  let here: { kind: 'locations'; location_ids: string[] };

  beforeAll(async () => {
    await freshCompany();
    branch = await addLocation();
    here = { kind: 'locations', location_ids: [branch] };
    await query(
      `insert into role_permission select company_id, 'MANAGER', unnest(array['user.view', 'user.manage']) from company`,
    );
    const made = await colleague({ name: 'Local', roles: ['MANAGER'], scope: here as User['scope'] });
    self = made.user_id;
    local = await made.signIn();
  });
  const seen = async () => ((await local.get(users)).body.items as User[]).map((user) => user.name).sort();

  test('sees the people of that location and themselves, and nobody else', async () => {
    const given = cashier({ name: 'Here', scope: here });
    expect((await admin.post(users, given)).status).toBe(201);
    expect(await seen()).toEqual(['Here', 'Local']);
    expect((await local.get(`${users}/${given.user_id}`)).status).toBe(200);
    for (const role of ['ADMIN', 'MANAGER', 'WAREHOUSE_OP']) {
      const id = person(company, role);
      expect((await local.get(`${users}/${id}`)).status).toBe(404);
      expect((await local.post(`${users}/${id}/disable`)).status).toBe(404);
      expect((await local.post(`${users}/${id}/sessions/revoke`)).status).toBe(404);
    }
    const { items } = (await local.get('/api/v1/sessions')).body as { items: { user_name: string }[] };
    expect(items.map((session) => session.user_name)).toEqual(['Local']);
  });

  test('gives nobody more than they have themselves, neither in rights nor in places', async () => {
    const given = cashier({ name: 'Helper', scope: here });
    expect((await local.post(users, given)).status).toBe(201);
    for (const about of [
      { roles: ['ADMIN'], scope: { kind: 'company' } },
      { roles: ['INVENTORY_MANAGER'] },
      { scope: { kind: 'company' } },
      { scope: { kind: 'locations', location_ids: [company.location_id] } },
      { scope: { kind: 'locations', location_ids: [branch, company.location_id] } },
    ]) {
      expect([about, await local.post(users, cashier({ scope: here, ...about }))]).toMatchObject([
        about,
        forbidden,
      ]);
      const { version } = await read(given.user_id);
      const answer = await local.patch(`${users}/${given.user_id}`, version, about);
      expect([about, answer]).toMatchObject([about, forbidden]);
    }
    const { version } = await read(self);
    expect(
      await local.patch(`${users}/${self}`, version, { roles: ['ADMIN'], scope: { kind: 'company' } }),
    ).toMatchObject(forbidden);
  });

  test('touches nobody who may do more or is elsewhere too', async () => {
    const both = { kind: 'locations' as const, location_ids: [branch, company.location_id] as never[] };
    const elsewhere = await colleague({ name: 'Both', roles: ['CASHIER'], scope: both });
    const stronger = await colleague({
      name: 'Strong',
      roles: ['INVENTORY_MANAGER'],
      scope: here as User['scope'],
    });
    for (const { user_id } of [elsewhere, stronger]) {
      const { version } = await read(user_id, local);
      for (const answer of [
        await local.patch(`${users}/${user_id}`, version, { pin: '7531' }),
        await local.post(`${users}/${user_id}/disable`),
        await local.post(`${users}/${user_id}/enable`),
      ] satisfies Answer[]) {
        expect(answer).toMatchObject(forbidden);
      }
    }
  });
});

describe('people about themselves', () => {
  beforeAll(freshCompany);

  test('change their name and their PIN, from a version, and nothing else', async () => {
    const manager = await officeOf(server.url, company, 'MANAGER');
    const id = person(company, 'MANAGER');
    const { version } = (await manager.get('/api/v1/me')).body.user as User;
    const answer = await manager.patch('/api/v1/me', version, { name: 'Maya L.', pin: '7531' });
    expect(answer).toMatchObject({ status: 200, body: { user: { name: 'Maya L.', version: version + 1 } } });
    expect(await manager.patch('/api/v1/me', version, { name: 'Maya' })).toMatchObject({ status: 412 });
    expect((await manager.send('PATCH', '/api/v1/me', { name: 'Maya' })).status).toBe(428);
    for (const [body, path] of [
      [{ roles: ['ADMIN'] }, 'roles'],
      [{ scope: { kind: 'company' } }, 'scope'],
      [{ email: 'a@b.example' }, 'email'],
      [{ pin: '4321' }, 'pin'],
    ] as const) {
      expect(await manager.patch('/api/v1/me', version + 1, body)).toMatchObject(wrong(path));
    }
    expect((await manager.get('/api/v1/me')).status).toBe(200);
    const log = await query<{ text: string }>(
      `select audit_entry::text as text from audit_entry where key = '${id}' and user_id = '${id}'`,
    );
    expect(log).toHaveLength(1);
    expect(log[0]?.text).not.toMatch(/7531|argon2/);
  });

  test('see and change others only with the permission for it', async () => {
    const manager = await officeOf(server.url, company, 'MANAGER');
    const id = person(company, 'CASHIER');
    const before = await read(id);
    for (const answer of [
      await manager.get(users),
      await manager.get(`${users}/${id}`),
      await manager.post(users, cashier()),
      await manager.patch(`${users}/${id}`, before.version, { name: 'X' }),
      await manager.post(`${users}/${id}/disable`),
      await manager.post(`${users}/${id}/enable`),
      await manager.post(`${users}/${id}/sessions/revoke`),
      await manager.post(`${users}/sessions/revoke-all`),
      // Refused before it is read: nothing is learnt from a wrong request either.
      await manager.post(users, { nonsense: true }),
      await manager.get(`${users}/${uuid()}`),
    ]) {
      expect(answer).toMatchObject(forbidden);
    }
    expect(await read(id)).toEqual(before);
  });

  test('are slowed down when they guess their own password', async () => {
    const { signIn } = await colleague({ roles: ['MANAGER'] });
    const office = await signIn();
    const guess = () =>
      office.post('/api/v1/me/password', { current_password: 'wrong', password: 'another long password' });
    for (let count = 0; count < 5; count += 1) expect((await guess()).status).toBe(422);
    const answer = await guess();
    expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(answer.headers.get('retry-after')).toBe('30');
  });
});
