import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { locationIdSchema, type UserId } from '#shared/ids.ts';
import type { User } from '#shared/people/user.ts';
import { type Office, officeOf } from '../support/office.ts';
import { colleaguePassword } from '../support/people.ts';
import { person } from '../support/shop.ts';
import { cashier, FORBIDDEN, openStaff, type Staff, USERS, wrong } from '../support/staff.ts';
import { startCentral } from '../support/start-central.ts';
import type { Answer } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();
let company: Staff['company'];
let admin: Staff['admin'];
let query: Staff['query'];
let colleague: Staff['colleague'];
let read: Staff['read'];
let addLocation: Staff['addLocation'];

/** Each group of tests has a company of its own: they count people. */
const freshCompany = async () => {
  ({ company, admin, query, colleague, read, addLocation } = await openStaff(central, server));
};

describe('the list of people', () => {
  beforeAll(freshCompany);
  const names = async (filter: string, office = admin) => {
    const { body } = await office.get(`${USERS}?${filter}`);
    return (body.items as User[]).map((user) => user.name);
  };

  test('is sorted, narrowed, searched and paged', async () => {
    const branch = await addLocation();
    const scope = { kind: 'locations' as const, location_ids: [locationIdSchema.parse(branch)] };
    await colleague({ name: 'Åsa 100%', roles: ['MANAGER'], scope });
    await admin.post(`${USERS}/${person(company, 'CASHIER')}/disable`);
    const all = ['Ada Okafor', 'Åsa 100%', 'Ivo Horvat', 'Maya Lindqvist', 'Tomas Reyes'];
    expect(await names('')).toEqual(all);
    expect(await names('order=desc')).toEqual(all.toReversed());
    expect(await names('skip=1&limit=2')).toEqual(all.slice(1, 3));
    expect((await admin.get(`${USERS}?skip=9`)).body).toEqual({ items: [], total_count: 5 });
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
      expect([filter, await admin.get(`${USERS}?${filter}`)]).toMatchObject([filter, wrong(path)]);
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
  const seen = async () => ((await local.get(USERS)).body.items as User[]).map((user) => user.name).sort();

  test('sees the people of that location and themselves, and nobody else', async () => {
    const given = cashier({ name: 'Here', scope: here });
    expect((await admin.post(USERS, given)).status).toBe(201);
    expect(await seen()).toEqual(['Here', 'Local']);
    expect((await local.get(`${USERS}/${given.user_id}`)).status).toBe(200);
    for (const role of ['ADMIN', 'MANAGER', 'WAREHOUSE_OP']) {
      const id = person(company, role);
      expect((await local.get(`${USERS}/${id}`)).status).toBe(404);
      expect((await local.post(`${USERS}/${id}/disable`)).status).toBe(404);
      expect((await local.post(`${USERS}/${id}/sessions/revoke`)).status).toBe(404);
    }
    const { items } = (await local.get('/api/v1/sessions')).body as { items: { user_name: string }[] };
    expect(items.map((session) => session.user_name)).toEqual(['Local']);
  });

  test('gives nobody more than they have themselves, neither in rights nor in places', async () => {
    const given = cashier({ name: 'Helper', scope: here });
    expect((await local.post(USERS, given)).status).toBe(201);
    for (const about of [
      { roles: ['ADMIN'], scope: { kind: 'company' } },
      { roles: ['INVENTORY_MANAGER'] },
      { scope: { kind: 'company' } },
      { scope: { kind: 'locations', location_ids: [company.location_id] } },
      { scope: { kind: 'locations', location_ids: [branch, company.location_id] } },
    ]) {
      expect([about, await local.post(USERS, cashier({ scope: here, ...about }))]).toMatchObject([
        about,
        FORBIDDEN,
      ]);
      const { version } = await read(given.user_id);
      const answer = await local.patch(`${USERS}/${given.user_id}`, version, about);
      expect([about, answer]).toMatchObject([about, FORBIDDEN]);
    }
    const { version } = await read(self);
    expect(
      await local.patch(`${USERS}/${self}`, version, { roles: ['ADMIN'], scope: { kind: 'company' } }),
    ).toMatchObject(FORBIDDEN);
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
        await local.patch(`${USERS}/${user_id}`, version, { pin: '7531' }),
        await local.post(`${USERS}/${user_id}/disable`),
        await local.post(`${USERS}/${user_id}/enable`),
      ] satisfies Answer[]) {
        expect(answer).toMatchObject(FORBIDDEN);
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
      await manager.get(USERS),
      await manager.get(`${USERS}/${id}`),
      await manager.post(USERS, cashier()),
      await manager.patch(`${USERS}/${id}`, before.version, { name: 'X' }),
      await manager.post(`${USERS}/${id}/disable`),
      await manager.post(`${USERS}/${id}/enable`),
      await manager.post(`${USERS}/${id}/sessions/revoke`),
      await manager.post(`${USERS}/sessions/revoke-all`),
      // Refused before it is read: nothing is learnt from a wrong request either.
      await manager.post(USERS, { nonsense: true }),
      await manager.get(`${USERS}/${uuid()}`),
    ]) {
      expect(answer).toMatchObject(FORBIDDEN);
    }
    expect(await read(id)).toEqual(before);
  });

  test('choose passwords of at least twelve characters, and any', async () => {
    const office = await (await colleague({ roles: ['MANAGER'] })).signIn();
    const choose = (password: string) =>
      office.post('/api/v1/me/password', { current_password: colleaguePassword, password });
    for (const password of ['x'.repeat(11), '', 'x'.repeat(201), 'a password with \0']) {
      expect([password, await choose(password)]).toMatchObject([password, wrong('password')]);
    }
    expect((await choose(' ünï çödé 🔑 ')).status).toBe(200);
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
