import { expect, test } from 'vitest';
import { daysSilent, OFFLINE_DAYS, servesAlone } from '#shared/people/offline.ts';
import { PERMISSIONS } from '#shared/people/permission.ts';
import { ROLES } from '#shared/people/role.ts';

const at = Date.parse('2026-03-31T12:00:00.000Z');

test('silence is counted in whole days, and a clock that was set back counts none', () => {
  expect(daysSilent('2026-03-31T11:59:00.000Z', at)).toBe(0);
  expect(daysSilent('2026-03-01T12:00:00.000Z', at)).toBe(30);
  expect(daysSilent('2026-03-01T12:00:01.000Z', at)).toBe(29);
  expect(daysSilent('2031-01-01T00:00:00.000Z', at)).toBe(0);
  expect(daysSilent(null, at)).toBe(0);
});

test('everything a cashier does serves for ever; of the rest nothing does', () => {
  const late = (silent: number) => PERMISSIONS.filter((permission) => servesAlone(permission, silent));
  expect(late(OFFLINE_DAYS.consent - 1)).toEqual(PERMISSIONS);
  expect(late(10_000).sort()).toEqual([...ROLES.CASHIER.permissions].sort());
});
