import type { z } from 'zod';
import type { Item } from '../catalogue/item.ts';
import { issuesOf } from '../contract/problem.ts';
import { FEED_ENTITIES, type FeedEntity } from './feed.ts';

/** A change as it came, its row unread. */
export type RawChange = { readonly entity: string; readonly key: string; readonly row?: unknown };

/** What a change means for a catalogue. A `fault` is a row that cannot be understood: kept out, and remembered. */
export type ReadChange =
  | { readonly is: 'item'; readonly key: string; readonly item: Item | null }
  | { readonly is: 'reference'; readonly entity: FeedEntity; readonly key: string; readonly document: string }
  | { readonly is: 'reference gone'; readonly entity: FeedEntity; readonly key: string }
  | { readonly is: 'fault'; readonly entity: string; readonly key: string; readonly detail: string };

/**
 * Reads a change, its row once and by the schema of its own entity: one bad row, or one of an entity that a later
 * server has, is not a bad page.
 */
export function readChange(change: RawChange): ReadChange {
  const { entity, key, row } = change;
  if (!isEntity(entity)) return fault(change, `${entity} ${key}: this version knows nothing of the kind`);
  if (row === null)
    return entity === 'item' ? { is: 'item', key, item: null } : { is: 'reference gone', entity, key };
  if (entity === 'item') {
    const read = FEED_ENTITIES.item.safeParse(row);
    if (!read.success) return fault(change, detailOf(change, read.error));
    if (read.data.variant_id !== key) return fault(change, `item ${key}: is the row of another variant`);
    return { is: 'item', key, item: read.data };
  }
  const read = FEED_ENTITIES[entity].safeParse(row);
  if (!read.success) return fault(change, detailOf(change, read.error));
  return { is: 'reference', entity, key, document: JSON.stringify(read.data) };
}

const isEntity = (entity: string): entity is FeedEntity => Object.hasOwn(FEED_ENTITIES, entity);

const fault = ({ entity, key }: RawChange, detail: string): ReadChange => ({
  is: 'fault',
  entity,
  key,
  detail,
});

const detailOf = (change: RawChange, error: z.ZodError): string =>
  issuesOf(error)
    .slice(0, 3)
    .map((issue) => `${change.entity} ${change.key}: ${issue.path} ${issue.message}`)
    .join('; ');
