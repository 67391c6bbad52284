import type { Permission } from '#shared/people/permission.ts';
import { ROLE_CODES } from '#shared/people/role.ts';
import { staffText } from './text.ts';

/** What a role is called. One that this version does not know is called by its code. */
export const roleName = (code: string): string =>
  Object.hasOwn(staffText.roleNames, code)
    ? staffText.roleNames[code as keyof typeof staffText.roleNames]
    : code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ');

/** Roles in the order in which every company begins with them; others after those. */
export const inRoleOrder = <Role extends { readonly code: string }>(roles: readonly Role[]): Role[] =>
  [...roles].sort((one, other) => placeOf(one.code) - placeOf(other.code));

const order: readonly string[] = ROLE_CODES;
const placeOf = (code: string): number => (order.includes(code) ? order.indexOf(code) : order.length);

type Area = keyof typeof staffText.areas;

/** The part of the business that a permission belongs to: what stands before the point. */
export const areaOf = (permission: Permission): Area => permission.slice(0, permission.indexOf('.')) as Area;
