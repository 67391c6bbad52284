import { expect, test } from 'vitest';
import { PERMISSIONS, permissionSchema, ROLES } from '#shared/people/permission.ts';

test('every role may only do what is on the list, and each thing once', () => {
  for (const permissions of Object.values(ROLES)) {
    for (const permission of permissions) expect(permissionSchema.parse(permission)).toBe(permission);
    expect(new Set(permissions).size).toBe(permissions.length);
  }
  expect(new Set(PERMISSIONS).size).toBe(PERMISSIONS.length);
});

test('a cashier rings and counts, but neither refunds, nor overrides prices, nor closes another’s drawer', () => {
  expect(ROLES.CASHIER).toEqual(expect.arrayContaining(['sale.ring', 'day.operate']));
  for (const forbidden of ['sale.refund', 'sale.override', 'day.approve', 'user.manage'] as const) {
    expect(ROLES.CASHIER).not.toContain(forbidden);
  }
});

test('nobody but the administrator both approves bills and moves goods', () => {
  for (const [role, permissions] of Object.entries(ROLES)) {
    if (role === 'ADMIN' || !permissions.includes('billing.approve')) continue;
    expect(permissions.filter((permission) => permission.startsWith('inventory.'))).toEqual([]);
  }
});
