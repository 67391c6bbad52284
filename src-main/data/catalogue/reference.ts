import type { FeedEntity, FeedRow } from '#shared/sync/feed.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';

/** The pulled entities that are few: kept as the documents that they came as. Items have their own table. */
export type ReferenceEntity = Exclude<FeedEntity, 'item'>;

const ONE = sql<{ document: string }, [string, string]>(
  'SELECT document FROM reference WHERE entity = ? AND key = ?',
);
const ALL = sql<{ document: string }, [string]>(
  'SELECT document FROM reference WHERE entity = +? ORDER BY key',
);

/**
 * A refill that moves the terminal brings another location before it takes the one of before away. There are never
 * more than the two, so they are not sorted by SQLite, which takes 6 µs for it.
 */
const LOCATIONS = sql<{ document: string; generation: number }>(
  "SELECT document, generation FROM reference WHERE entity = 'location' ORDER BY key",
);

/** The row of that key; it was checked by its schema when it was pulled. */
export function referenceOf<Entity extends ReferenceEntity>(
  catalog: Catalog,
  entity: Entity,
  key: string,
): FeedRow<Entity> | null {
  const row = ONE(catalog).get(entity, key);
  return row ? (JSON.parse(row.document) as FeedRow<Entity>) : null;
}

/** Where the server says that this terminal stands; while it is being moved, where it stood. Null before a first pull. */
export function toldLocation(catalog: Catalog): FeedRow<'location'> | null {
  let told: { document: string; generation: number } | undefined;
  for (const row of LOCATIONS(catalog).all()) if (!told || row.generation < told.generation) told = row;
  return told ? (JSON.parse(told.document) as FeedRow<'location'>) : null;
}

/** Every row of an entity, ordered by key. */
export const allReferences = <Entity extends ReferenceEntity>(
  catalog: Catalog,
  entity: Entity,
): FeedRow<Entity>[] =>
  ALL(catalog)
    .all(entity)
    .map((row) => JSON.parse(row.document) as FeedRow<Entity>);
