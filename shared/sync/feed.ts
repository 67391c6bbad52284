import { z } from 'zod';
import { categorySchema, departmentSchema, itemSchema } from '../catalogue/item.ts';
import { locationSchema } from '../people/location.ts';
import { tillTerminalSchema } from '../people/terminal.ts';
import { tillUserSchema } from '../people/user.ts';
import { taxClassSchema } from '../sales/tax.ts';
import { paymentTypeSchema } from '../sales/tender.ts';
import { hashSchema } from './chain.ts';

/** What a terminal is told: each entity with the schema of its rows. Keys are ids or codes. */
export const FEED_ENTITIES = {
  item: itemSchema,
  department: departmentSchema,
  category: categorySchema,
  tax_class: taxClassSchema,
  payment_type: paymentTypeSchema,
  location: locationSchema,
  user: tillUserSchema,
  terminal: tillTerminalSchema,
} as const;

export type FeedEntity = keyof typeof FEED_ENTITIES;
export type FeedRow<Entity extends FeedEntity> = z.infer<(typeof FEED_ENTITIES)[Entity]>;
export const FEED_ENTITY_NAMES = Object.keys(FEED_ENTITIES) as FeedEntity[];

/** Whether every terminal of a company is told the same rows of an entity, or those of each location others. */
const FEED_SCOPES: Readonly<Record<FeedEntity, 'company' | 'location'>> = {
  item: 'company',
  department: 'company',
  category: 'company',
  tax_class: 'company',
  payment_type: 'company',
  location: 'location',
  user: 'location',
  terminal: 'location',
};
/** What a snapshot holds: it serves every location. */
export const COMPANY_ENTITIES = FEED_ENTITY_NAMES.filter((name) => FEED_SCOPES[name] === 'company');
/** What a terminal is told beside a snapshot. */
export const LOCATION_ENTITIES = FEED_ENTITY_NAMES.filter((name) => FEED_SCOPES[name] === 'location');

/** Bumped when the shape of any feed row changes: terminals then refill their catalogue. */
export const FEED_SCHEMA = 2;

/** One change: the row as it is now, or null where it is gone for this terminal. */
export const feedChangeSchema = z.strictObject({
  entity: z.enum(FEED_ENTITY_NAMES),
  key: z.string().min(1),
  row: z.record(z.string(), z.unknown()).nullable(),
});
export type FeedChange = z.infer<typeof feedChangeSchema>;

/**
 * A page of changes in commit order. `reset`: the cursor that was sent no longer holds (another server epoch,
 * scope or schema), and this page begins a full refill. `more`: another page waits.
 */
export const feedPageSchema = z.strictObject({
  reset: z.boolean(),
  changes: z.array(feedChangeSchema),
  cursor: z.string(),
  more: z.boolean(),
  server_time: z.iso.datetime(),
  /**
   * Where the server stands with this terminal: one that finds it elsewhere asks for its state. By the number alone it
   * would not hear that another copy of it has filled up what a replica that took over had lost.
   */
  terminal: z
    .strictObject({
      acked_seq: z.int().min(0),
      last_hash: hashSchema.optional(),
      verdict_changes: z.int().min(0),
    })
    .optional(),
});
export type FeedPage = z.infer<typeof feedPageSchema>;
