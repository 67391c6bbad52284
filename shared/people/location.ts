import { z } from 'zod';
import { companyIdSchema, locationIdSchema } from '../ids.ts';
import { currencySchema } from '../sales/money.ts';
import { taxSettingsSchema } from '../sales/tax.ts';
import { zoneSchema } from '../sales/zone.ts';
import { nameSchema } from '../text.ts';

/** The short code of a location or a terminal, as it stands in receipt numbers. */
export const placeCodeSchema = z
  .string()
  .regex(/^[A-Z0-9]{1,12}$/, { error: 'must be 1 to 12 capital letters or digits' });

/** What is decided about a store or warehouse: the rules that its tills follow. */
export const locationFieldsSchema = z.strictObject({
  code: placeCodeSchema,
  kind: z.enum(['store', 'warehouse']),
  name: nameSchema(100),
  currency: currencySchema,
  zone: zoneSchema,
  /** Hour of the local day at which a new business date begins, 0 to 12. */
  day_change_hour: z.int().min(0).max(12),
  /** Smallest cash step in minor units: 1 for none, 5 for 0.05. */
  cash_step_minor: z.int().min(1).max(1_000_000),
  /** Notes and coins in minor units, for counting a drawer and for quick cash. */
  denominations: z.array(z.int().min(1).max(1_000_000_000)).min(1).max(30),
  ...taxSettingsSchema.shape,
});

/** A store or warehouse as its terminals know it. */
export const locationSchema = locationFieldsSchema.extend({
  company_id: companyIdSchema,
  /** Who sells: the head of every receipt. */
  company_name: nameSchema(100),
  location_id: locationIdSchema,
});
export type Location = z.infer<typeof locationSchema>;
