import { z } from 'zod';

/** Immutable action codes. Checks are on these, never on the names of roles. */
export const PERMISSIONS = [
  'catalogue.view',
  'catalogue.identity',
  'catalogue.variant',
  'catalogue.import',
  'price.edit',
  'inventory.view',
  'inventory.receive',
  'inventory.move',
  'inventory.count',
  'inventory.adjust',
  'inventory.reserve',
  'inventory.sell',
  'inventory.delete',
  'inventory.value',
  'inventory.inward',
  'inventory.outward',
  'sale.ring',
  'sale.discount',
  'sale.override',
  'sale.refund',
  'day.operate',
  'day.approve',
  'cash.move',
  'report.view',
  'billing.view',
  'billing.create',
  'billing.approve',
  'user.view',
  'user.invite',
  'user.manage',
  'warehouse.view',
  'warehouse.manage',
  'terminal.enrol',
  'period.lock',
  'ops.view',
  'zoho.sync',
] as const;

export const permissionSchema = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permissionSchema>;

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
 * The roles and what each may do: the customer's documents (a cold-storage backend, a product backend) and the
 * platform audit, merged. Seeded by `npm run admin -- seed`; nobody who approves billing can move goods.
 */
export const ROLES: Readonly<Record<string, readonly Permission[]>> = {
  ADMIN: PERMISSIONS,
  MANAGER: [
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
    'warehouse.view',
  ],
  CASHIER: ['catalogue.view', ...sales],
  WAREHOUSE_OP: ['catalogue.view', 'warehouse.view', ...warehouse],
  OPERATOR: ['catalogue.view', 'warehouse.view', ...warehouse],
  INVENTORY_MANAGER: [
    'catalogue.view',
    'warehouse.view',
    ...warehouse,
    'inventory.adjust',
    'inventory.reserve',
    'inventory.sell',
  ],
  SALES_REP: [
    'catalogue.view',
    'catalogue.variant',
    'price.edit',
    'inventory.view',
    'inventory.reserve',
    'inventory.sell',
  ],
  BILLING_MANAGER: ['billing.view', 'billing.create', 'billing.approve'],
  CLIENT: ['inventory.view', 'billing.view'],
  SYSTEM_BOT: ['zoho.sync'],
};
