import { expect, test } from 'vitest';
import { PERMISSIONS, permissionSchema } from '#shared/people/permission.ts';
import { governanceBreach, ROLE_CODES, ROLES, type Role } from '#shared/people/role.ts';

const role = (code: keyof typeof ROLES): Role => ROLES[code];

test('every role may only do what is on the list, and each thing once', () => {
  for (const code of ROLE_CODES) {
    const { permissions } = role(code);
    for (const permission of permissions) expect(permissionSchema.parse(permission)).toBe(permission);
    expect(new Set(permissions).size).toBe(permissions.length);
  }
  expect(new Set(PERMISSIONS).size).toBe(PERMISSIONS.length);
});

test('a cashier rings and counts, but neither refunds, nor overrides prices, nor closes another’s drawer', () => {
  const { permissions } = role('CASHIER');
  expect(permissions).toEqual(expect.arrayContaining(['sale.ring', 'day.operate']));
  for (const forbidden of ['sale.refund', 'sale.override', 'day.approve', 'user.manage'] as const) {
    expect(permissions).not.toContain(forbidden);
  }
});

test('no role but the administrator’s both approves bills and changes inventory', () => {
  for (const code of ROLE_CODES) {
    if (code !== 'ADMIN') expect(governanceBreach(role(code).permissions), code).toBeNull();
  }
});

test('approving bills and changing inventory are kept apart, looking at stock is not', () => {
  expect(governanceBreach(['billing.approve', 'inventory.view', 'inventory.value'])).toBeNull();
  for (const code of PERMISSIONS.filter((permission) => /^inventory\.(?!view$|value$)/.test(permission))) {
    expect(governanceBreach(['billing.approve', code]), code).toContain(code);
    expect(governanceBreach(['billing.create', code]), code).toBeNull();
  }
});

test('only the administrator makes users, places, identities and lookup data', () => {
  for (const code of ROLE_CODES) {
    if (code === 'ADMIN') continue;
    for (const alone of [
      'user.manage',
      'user.invite',
      'warehouse.manage',
      'lookup.manage',
      'catalogue.identity',
    ] as const) {
      expect(role(code).permissions, code).not.toContain(alone);
    }
  }
});

test('people of the warehouse see their own locations, clients their own things', () => {
  for (const code of ['WAREHOUSE_OP', 'OPERATOR', 'INVENTORY_MANAGER'] as const) {
    expect(role(code).scopes).toEqual(['locations']);
  }
  expect(role('CLIENT').scopes).toEqual(['client']);
  expect(role('ADMIN').scopes).toEqual(['company']);
});
