import type { Permission } from '#shared/people/permission.ts';
import { staffText } from './text.ts';

/** What a role is called. One that this version does not know is called by its code. */
export const roleName = (code: string): string =>
  Object.hasOwn(staffText.roleNames, code)
    ? staffText.roleNames[code as keyof typeof staffText.roleNames]
    : code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ');

type Area = keyof typeof staffText.areas;

/** The part of the business that a permission belongs to: what stands before the point. */
export const areaOf = (permission: Permission): Area => permission.slice(0, permission.indexOf('.')) as Area;
