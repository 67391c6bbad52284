import { z } from 'zod';
import { codeSchema } from '../text.ts';
import { PERMISSIONS, type Permission } from './permission.ts';

/** How far people of a role see: all of the company, the locations they are assigned to, or one client's things. */
export const scopeKindSchema = z.enum(['company', 'locations', 'client']);
export type ScopeKind = z.infer<typeof scopeKindSchema>;

/** A role's permissions, and the scopes that its people may have. */
export type Role = { readonly permissions: readonly Permission[]; readonly scopes: readonly ScopeKind[] };

const sales: Permission[] = ['sale.ring', 'sale.discount', 'day.operate', 'cash.move'];
const warehouse: Permission[] = [
  'inventory.view',
  'inventory.receive',
  'inventory.move',
  'inventory.count',
  'inventory.inward',
  'inventory.outward',
];

/**
 * The roles that every company begins with: the customer's documents (a cold-storage backend, a product backend)
 * and the platform audit, merged. `npm run db:seed` writes them; nobody who approves billing can move goods.
 */
export const ROLES = {
  ADMIN: { permissions: PERMISSIONS, scopes: ['company'] },
  MANAGER: {
    permissions: [
      'catalogue.view',
      'catalogue.variant',
      'price.edit',
      ...sales,
      'sale.override',
      'sale.refund',
      'day.approve',
      'report.view',
      'inventory.view',
      'inventory.adjust',
      'terminal.enrol',
      'ops.view',
      'exception.settle',
      'warehouse.view',
    ],
    scopes: ['company', 'locations'],
  },
  CASHIER: { permissions: ['catalogue.view', ...sales], scopes: ['company', 'locations'] },
  WAREHOUSE_OP: { permissions: ['catalogue.view', 'warehouse.view', ...warehouse], scopes: ['locations'] },
  OPERATOR: { permissions: ['catalogue.view', 'warehouse.view', ...warehouse], scopes: ['locations'] },
  INVENTORY_MANAGER: {
    permissions: [
      'catalogue.view',
      'warehouse.view',
      ...warehouse,
      'inventory.adjust',
      'inventory.reserve',
      'inventory.sell',
    ],
    scopes: ['locations'],
  },
  SALES_REP: {
    permissions: [
      'catalogue.view',
      'catalogue.variant',
      'price.edit',
      'inventory.view',
      'inventory.reserve',
      'inventory.sell',
    ],
    scopes: ['company', 'locations'],
  },
  BILLING_MANAGER: {
    permissions: ['billing.view', 'billing.create', 'billing.approve'],
    scopes: ['company'],
  },
  CLIENT: { permissions: ['inventory.view', 'billing.view'], scopes: ['client'] },
  SYSTEM_BOT: { permissions: ['zoho.sync'], scopes: ['company'] },
} as const satisfies Readonly<Record<string, Role>>;

export type RoleCode = keyof typeof ROLES;
export const ROLE_CODES = Object.keys(ROLES) as RoleCode[];

/** Every company's first role: may do everything, and alone makes users, places and lookup data. */
export const ADMIN = 'ADMIN' satisfies RoleCode;

/** What changes goods or their records. */
const MUTATES_INVENTORY: ReadonlySet<Permission> = new Set<Permission>(
  PERMISSIONS.filter(
    (code) => code.startsWith('inventory.') && code !== 'inventory.view' && code !== 'inventory.value',
  ),
);

/**
 * Why these permissions must not come together in one person, or null: whoever approves billing moves no goods
 * (cold-storage document, section 5). The administrator, who may do everything, is asked about before this.
 */
export function governanceBreach(permissions: Iterable<Permission>): string | null {
  const held = new Set(permissions);
  if (!held.has('billing.approve')) return null;
  const mutating = [...held].filter((code) => MUTATES_INVENTORY.has(code));
  return mutating.length === 0
    ? null
    : `Whoever approves billing may not change inventory (${mutating.sort().join(', ')}).`;
}

/** A role as the office shows and changes it. */
export const roleSchema = z.strictObject({
  code: codeSchema,
  permissions: z.array(z.enum(PERMISSIONS)),
  scopes: z.array(scopeKindSchema).min(1),
  version: z.int().min(1),
});
