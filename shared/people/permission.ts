import { z } from 'zod';

/**
 * Immutable action codes. Checks are on these, never on the names of roles. `lookup.manage`: departments, sales
 * categories, payment types, taxes, currencies and exchange rates. `exception.settle`: deciding about what was flagged or
 * set aside.
 */
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
  'lookup.manage',
  'terminal.enrol',
  'period.lock',
  'ops.view',
  'exception.settle',
  'zoho.sync',
] as const;

export const permissionSchema = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permissionSchema>;

/** Whether this program knows a code. A newer one on the same database may have given others; they mean nothing here. */
export const isPermission = (code: string): code is Permission => KNOWN.has(code);
const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS);
