import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { PERMISSIONS, type Permission } from '#shared/people/permission.ts';
import { ROLE_CODES, ROLES } from '#shared/people/role.ts';
import { inCompany, rows } from '../../server/db.ts';
import { lockRoles } from '../../server/people/assignment.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { type Office, officeOf } from '../support/office.ts';
import { addColleague } from '../support/people.ts';
import { person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import type { Answer } from '../support/wire-terminal.ts';

const { central, server } = await startCentral();
let company: SeededCompany;
let admin: Office;

beforeEach(async () => {
  company = await central.addCompany();
  admin = await officeOf(server.url, company);
});

type Role = { code: string; permissions: Permission[]; scopes: string[]; version: number };
const roles = async (office = admin): Promise<Role[]> =>
  (await office.get('/api/v1/roles')).body.items as Role[];
const role = async (code: string): Promise<Role> => {
  const found = (await roles()).find((entry) => entry.code === code);
  if (!found) throw new Error(`there is no role ${code}`);
  return found;
};
const put = (office: Office, code: string, version: number, permissions: readonly string[]) =>
  office.send('PUT', `/api/v1/roles/${code}/permissions`, { permissions }, { 'if-match': `"${version}"` });
const set = async (code: string, permissions: readonly string[], office = admin) =>
  put(office, code, (await role(code)).version, permissions);
const query = <Row extends Record<string, unknown>>(sql: string) =>
  queryAs<Row>(central, company.company_id, sql);

test('a company begins with the roles of the design, which everybody may read', async () => {
  const manager = await officeOf(server.url, company, 'MANAGER');
  const found = await roles(manager);
  expect(found.map(({ code }) => code)).toEqual([...ROLE_CODES].sort());
  for (const { code, permissions, scopes } of found) {
    const { permissions: given, scopes: seen } = ROLES[code as keyof typeof ROLES];
    expect([code, permissions, scopes]).toEqual([code, [...given].sort(), seen]);
  }
});

describe('a role', () => {
  test('gains and loses permissions from a version, and it is written down', async () => {
    const before = await role('CASHIER');
    const wanted = ['catalogue.view', 'sale.ring', 'sale.refund', 'sale.ring'];
    const answer = await put(admin, 'CASHIER', before.version, wanted);
    const after = {
      ...before,
      permissions: ['catalogue.view', 'sale.refund', 'sale.ring'],
      version: before.version + 1,
    };
    expect(answer).toMatchObject({ status: 200, body: after });
    expect(answer.headers.get('etag')).toBe(`"${after.version}"`);
    expect(await role('CASHIER')).toEqual(after);
    expect(
      await query("select action, before, after, user_id from audit_entry where entity = 'role'"),
    ).toEqual([{ action: 'role.changed', before, after, user_id: person(company, 'ADMIN') }]);
    expect((await put(admin, 'CASHIER', before.version, [])).status).toBe(412);
    expect((await admin.send('PUT', '/api/v1/roles/CASHIER/permissions', { permissions: [] })).status).toBe(
      428,
    );
  });

  test('that stays as it is keeps its version and its people signed in', async () => {
    const manager = await officeOf(server.url, company, 'MANAGER');
    const { permissions, version } = await role('MANAGER');
    expect((await set('MANAGER', permissions.toReversed())).body).toMatchObject({ version });
    expect((await manager.get('/api/v1/me')).status).toBe(200);
  });

  test('changes what its people may do from the next request on', async () => {
    await set('MANAGER', [...(await role('MANAGER')).permissions, 'user.view']);
    const manager = await officeOf(server.url, company, 'MANAGER');
    expect((await manager.get('/api/v1/users')).status).toBe(200);
    // Past the route, so that the session stays: the permission alone decides.
    await query("delete from role_permission where permission_code = 'user.view' and role_code = 'MANAGER'");
    expect((await manager.get('/api/v1/users')).status).toBe(403);
    expect((await manager.get('/api/v1/me')).status).toBe(200);
  });

  test('of the administrator stays as it is, and one that is not there is not made', async () => {
    expect(await set('ADMIN', ['user.manage'])).toMatchObject({ status: 409, body: { code: 'role_fixed' } });
    expect((await role('ADMIN')).permissions).toEqual([...PERMISSIONS].sort());
    expect(await put(admin, 'PILOT', 1, [])).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await set('CASHIER', ['fly'])).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });

  test('never approves bills and moves goods, whichever comes first', async () => {
    const breach = { status: 422, body: { errors: [{ path: 'permissions' }] } };
    expect(await set('BILLING_MANAGER', ['billing.approve', 'inventory.move'])).toMatchObject(breach);
    const { permissions } = await role('INVENTORY_MANAGER');
    expect(await set('INVENTORY_MANAGER', [...permissions, 'billing.approve'])).toMatchObject(breach);
    expect(await set('BILLING_MANAGER', ['billing.approve', 'inventory.view'])).toMatchObject({
      status: 200,
    });
  });

  test('never comes to mean that one of its people does both, by their other roles', async () => {
    const both = await addColleague(central, server.url, company, {
      name: 'Ida Berg',
      roles: ['BILLING_MANAGER', 'CASHIER'],
    });
    const disabled = await admin.post(`/api/v1/users/${both.user_id}/disable`);
    for (const status of [disabled.body.status, 'ACTIVE']) {
      const answer = await set('CASHIER', [...ROLES.CASHIER.permissions, 'inventory.adjust']);
      expect([status, answer]).toMatchObject([
        status,
        { status: 422, body: { errors: [{ path: 'permissions' }] } },
      ]);
      expect(JSON.stringify(answer.body)).toContain('Ida Berg has other roles too.');
      await admin.post(`/api/v1/users/${both.user_id}/enable`);
    }
    const boss = await addColleague(central, server.url, company, { roles: ['BILLING_MANAGER', 'ADMIN'] });
    expect((await set('BILLING_MANAGER', ['billing.approve', 'report.view'])).status).toBe(200);
    expect((await (await boss.signIn()).get('/api/v1/users')).status).toBe(200);
  });

  test('and a person changed at the same moment never come to do both together', async () => {
    for (let round = 0; round < 5; round += 1) {
      const shop = await central.addCompany();
      company = shop;
      admin = await officeOf(server.url, shop);
      const { user_id } = await addColleague(central, server.url, shop, { roles: ['CASHIER'] });
      await Promise.all([
        set('CASHIER', [...ROLES.CASHIER.permissions, 'inventory.adjust']),
        admin.patch(`/api/v1/users/${user_id}`, 1, { roles: ['CASHIER', 'BILLING_MANAGER'] }),
      ]);
      const held = await query<{ permission_code: string }>(
        `select distinct permission_code from user_role join role_permission using (company_id, role_code)
         where user_id = '${user_id}' and permission_code in ('billing.approve', 'inventory.adjust')`,
      );
      expect(held).toHaveLength(1);
    }
  });

  test('is seen as it has become by whoever waited for its change', async () => {
    const { user_id } = await addColleague(central, server.url, company, { roles: ['CASHIER'] });
    let waiting: Promise<Answer> | undefined;
    await inCompany(central.db, company.company_id, async (tx) => {
      await lockRoles(tx);
      await rows(tx, "insert into role_permission values ($1, 'CASHIER', 'inventory.adjust')", [
        tx.company_id,
      ]);
      waiting = admin.patch(`/api/v1/users/${user_id}`, 1, { roles: ['CASHIER', 'BILLING_MANAGER'] });
      await pause(500);
    });
    expect(await waiting).toMatchObject({ status: 422, body: { errors: [{ path: 'roles' }] } });
  });

  test('is changed only by who holds what they give and take', async () => {
    const permissions = [...(await role('MANAGER')).permissions, 'user.manage', 'user.view'];
    await set('MANAGER', permissions);
    const manager = await officeOf(server.url, company, 'MANAGER');
    const own = await role('MANAGER');
    for (const [code, wanted] of [
      ['MANAGER', [...own.permissions, 'period.lock']],
      ['CASHIER', [...ROLES.CASHIER.permissions, 'zoho.sync']],
      ['BILLING_MANAGER', ['billing.view']],
    ] as const) {
      const { version } = await role(code);
      const answer = await put(manager, code, version, wanted);
      expect([code, answer]).toMatchObject([code, { status: 403, body: { code: 'forbidden' } }]);
    }
    const fine = await put(manager, 'CASHIER', (await role('CASHIER')).version, ['catalogue.view']);
    expect(fine.status).toBe(200);
  });
});
