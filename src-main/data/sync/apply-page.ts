import { z } from 'zod';
import type { Item } from '#shared/catalogue/item.ts';
import { FAULT_PUT, REFERENCE_PUT } from '#shared/sync/catalog-file.ts';
import { feedChangeSchema, feedPageSchema } from '#shared/sync/feed.ts';
import { readChange } from '#shared/sync/read-change.ts';
import { dropItems, dropItemsBefore, putItems } from '../catalogue/item-store.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';
import { type PullState, pullState, savePullState } from './pull-state.ts';

const PUT_REFERENCE = sql<never, [string, string, string, number]>(REFERENCE_PUT);
const DROP_REFERENCE = sql<never, [string, string]>('DELETE FROM reference WHERE entity = ? AND key = ?');
const DROP_REFERENCES_BEFORE = sql<never, [number]>('DELETE FROM reference WHERE generation < ?');
const PUT_FAULT = sql<never, [string, string, string, number]>(FAULT_PUT);
const DROP_FAULT = sql<never, [string, string]>('DELETE FROM pull_fault WHERE entity = ? AND key = ?');
const DROP_FAULTS_BEFORE = sql<never, [number]>('DELETE FROM pull_fault WHERE generation < ?');
const ANY_FAULT = sql<{ found: 1 }>('SELECT 1 AS found FROM pull_fault LIMIT 1');

/**
 * A page as it is read here: like the contract's, but its rows stay unread until each is checked, once, by the
 * schema of its own entity. One bad row, or one of an entity that a later server has, then is not a bad page.
 */
export const pageSchema = feedPageSchema.extend({
  changes: z.array(feedChangeSchema.extend({ entity: z.string(), row: z.unknown() })),
});
export type Page = z.infer<typeof pageSchema>;
type Change = Page['changes'][number];

/** What a page comes to for the items: a key that it names twice is as it was named last. */
type ItemChanges = Map<string, Item | null>;

/**
 * Takes a page into the catalogue: its rows and its cursor in one transaction. Returns false, and changes
 * nothing, when the page follows another cursor than the one reached meanwhile.
 *
 * A row that its schema refuses is left out and remembered in `pull_fault`; it never stops the pull.
 * @param after the cursor with which the page was asked for
 */
export function applyPage(catalog: Catalog, page: Page, after: string | null, at: string): boolean {
  return catalog
    .transaction(() => {
      const before = pullState(catalog);
      if (before.cursor !== after) return false;
      const state: PullState = page.reset
        ? { ...before, generation: before.generation + 1, refilling: 1 }
        : { ...before };
      const items: ItemChanges = new Map();
      let faulty = ANY_FAULT(catalog).get() !== undefined;
      for (const change of page.changes) {
        const detail = applyChange(catalog, change, state.generation, items);
        if (detail !== null) {
          PUT_FAULT(catalog).run(change.entity, change.key, detail, state.generation);
          faulty = true;
        } else if (faulty) DROP_FAULT(catalog).run(change.entity, change.key);
      }
      applyItems(catalog, items, state);
      if (state.refilling && !page.more) endRefill(catalog, state);
      savePullState(catalog, { ...state, cursor: page.cursor, pulled_at: at });
      return true;
    })
    .immediate();
}

/** Applies one change, items excepted: they are collected. Returns what is wrong with the row, or null. */
function applyChange(
  catalog: Catalog,
  change: Change,
  generation: number,
  items: ItemChanges,
): string | null {
  const read = readChange(change);
  switch (read.is) {
    case 'fault':
      return read.detail;
    case 'item':
      items.set(read.key, read.item);
      return null;
    case 'reference':
      PUT_REFERENCE(catalog).run(read.entity, read.key, read.document, generation);
      return null;
    case 'reference gone':
      DROP_REFERENCE(catalog).run(read.entity, read.key);
      return null;
  }
}

function applyItems(catalog: Catalog, items: ItemChanges, state: PullState): void {
  const here: Item[] = [];
  const gone: string[] = [];
  for (const [key, item] of items) {
    if (item) here.push(item);
    else gone.push(key);
  }
  if (here.length > 0) state.items += putItems(catalog, here, state.generation);
  if (gone.length > 0) state.items -= dropItems(catalog, gone);
}

/** The refill is complete: what it did not name is gone on the server, or out of this terminal's sight. */
function endRefill(catalog: Catalog, state: PullState): void {
  state.items = dropItemsBefore(catalog, state.generation);
  DROP_REFERENCES_BEFORE(catalog).run(state.generation);
  DROP_FAULTS_BEFORE(catalog).run(state.generation);
  state.refilling = 0;
}
