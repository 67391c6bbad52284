import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { secretHolds } from '../../server/people/secret-hash.ts';
import { person } from '../support/shop.ts';
import { cashier, openStaff, type Staff, USERS, wrong } from '../support/staff.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();
let company: Staff['company'];
let admin: Staff['admin'];
let query: Staff['query'];
let colleague: Staff['colleague'];
let read: Staff['read'];
let change: Staff['change'];
let addLocation: Staff['addLocation'];

/** Each group of tests has a company of its own: they count people. */
const freshCompany = async () => {
  ({ company, admin, query, colleague, read, change, addLocation } = await openStaff(central, server));
};

describe('a person', () => {
  beforeAll(freshCompany);

  test('is added with a PIN that is kept as a hash and never shown', async () => {
    const given = cashier();
    const answer = await admin.post(USERS, given);
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
    const [first, second] = await Promise.all([admin.post(USERS, given), admin.post(USERS, given)]);
    expect(second).toMatchObject({ status: 201, body: first?.body });
    for (const other of [
      { ...given, name: 'Another' },
      { ...given, roles: ['MANAGER'] },
      { ...given, pin: '9517' },
      { ...given, scope: { kind: 'locations', location_ids: [company.location_id] } },
    ]) {
      expect(await admin.post(USERS, other)).toMatchObject({ status: 409, body: { code: 'conflict' } });
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
      const answer = await admin.post(USERS, cashier(about));
      expect([about, answer]).toMatchObject([about, wrong(path)]);
    }
  });

  test('cannot be removed by any route', async () => {
    const id = person(company, 'CASHIER');
    for (const method of ['DELETE', 'PUT']) {
      expect((await admin.send(method, `${USERS}/${id}`)).status).toBe(404);
    }
    await expect(query(`delete from app_user where user_id = '${id}'`)).rejects.toThrow('permission denied');
  });
});

describe('a change of a person', () => {
  beforeAll(freshCompany);

  test('is made from a version, and from no other', async () => {
    const id = person(company, 'CASHIER');
    const path = `${USERS}/${id}`;
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
      `${USERS}/${id}`,
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
        await admin.get(`${USERS}/${id}`),
        await admin.patch(`${USERS}/${id}`, 1, { name: 'Mine' }),
        await admin.post(`${USERS}/${id}/disable`),
        await admin.post(`${USERS}/${id}/enable`),
        await admin.post(`${USERS}/${id}/sessions/revoke`),
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
    expect(await admin.post(`${USERS}/${id}/disable`)).toMatchObject(last);
    expect(await change(id, { roles: ['MANAGER'] })).toMatchObject(last);
    // With a PIN alone nobody comes into the office.
    expect((await admin.post(USERS, cashier({ roles: ['ADMIN'] }))).status).toBe(201);
    expect(await admin.post(`${USERS}/${id}/disable`)).toMatchObject(last);
    const second = await colleague({ roles: ['ADMIN'] });
    expect((await change(id, { roles: ['MANAGER'] })).status).toBe(200);
    const office = await second.signIn();
    expect(await office.post(`${USERS}/${second.user_id}/disable`)).toMatchObject(last);
    expect((await office.get('/api/v1/me')).status).toBe(200);
  });

  test('stays also when two of them disable each other at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      await freshCompany();
      const second = await colleague({ roles: ['ADMIN'] });
      const theirs = await second.signIn();
      await Promise.all([
        admin.post(`${USERS}/${second.user_id}/disable`),
        theirs.post(`${USERS}/${person(company, 'ADMIN')}/disable`),
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
    const disabled = await admin.post(`${USERS}/${id}/disable`);
    expect(disabled).toMatchObject({ status: 200, body: { status: 'DISABLED' } });
    expect((await admin.post(`${USERS}/${id}/disable`)).body).toEqual(disabled.body);
    const enabled = await admin.post(`${USERS}/${id}/enable`);
    expect(enabled).toMatchObject({ status: 200, body: { status: 'ACTIVE' } });
    expect((await admin.post(`${USERS}/${id}/enable`)).body).toEqual(enabled.body);
    expect(await query(`select action from audit_entry where key = '${id}' order by entry_id`)).toEqual([
      { action: 'user.disabled' },
      { action: 'user.enabled' },
    ]);
  });

  test('who never accepted their invitation is invited again, not let in', async () => {
    const { user_id } = await colleague({ roles: ['MANAGER'] });
    await query(`update app_user set status = 'INVITED', password_hash = null where user_id = '${user_id}'`);
    await admin.post(`${USERS}/${user_id}/disable`);
    expect((await admin.post(`${USERS}/${user_id}/enable`)).body).toMatchObject({ status: 'INVITED' });
  });
});
