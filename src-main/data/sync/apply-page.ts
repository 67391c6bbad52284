import { issuesOf } from '#shared/contract/problem.ts';
import { FEED_ENTITIES, type FeedChange, type FeedPage } from '#shared/sync/feed.ts';
import { dropItem, dropItemsBefore, putItem } from '../catalogue/item-store.ts';
import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';
import { type PullState, pullState, savePullState } from './pull-state.ts';

const PUT_REFERENCE = sql<never, [string, string, string, number]>(
  `INSERT INTO reference (entity, key, document, generation) VALUES (?, ?, ?, ?)
   ON CONFLICT (entity, key) DO UPDATE SET document = excluded.document, generation = excluded.generation`,
);
const DROP_REFERENCE = sql<never, [string, string]>('DELETE FROM reference WHERE entity = ? AND key = ?');
const DROP_REFERENCES_BEFORE = sql<never, [number]>('DELETE FROM reference WHERE generation < ?');
const PUT_FAULT = sql<never, [string, string, string, number]>(
  `INSERT INTO pull_fault (entity, key, detail, generation) VALUES (?, ?, ?, ?)
   ON CONFLICT (entity, key) DO UPDATE SET detail = excluded.detail, generation = excluded.generation`,
);
const DROP_FAULT = sql<never, [string, string]>('DELETE FROM pull_fault WHERE entity = ? AND key = ?');
const DROP_FAULTS_BEFORE = sql<never, [number]>('DELETE FROM pull_fault WHERE generation < ?');
const ANY_FAULT = sql<{ found: 1 }>('SELECT 1 AS found FROM pull_fault LIMIT 1');

/**
 * Takes a page into the catalogue: its rows and its cursor in one transaction. Returns false, and changes
 * nothing, when the page follows another cursor than the one reached meanwhile.
 *
 * A row that its schema refuses is left out and remembered in `pull_fault`; it never stops the pull.
 * @param after the cursor with which the page was asked for
 */
export function applyPage(catalog: Catalog, page: FeedPage, after: string | null, at: string): boolean {
  return catalog
    .transaction(() => {
      const before = pullState(catalog);
      if (before.cursor !== after) return false;
      const state: PullState = page.reset
        ? { ...before, generation: before.generation + 1, refilling: 1 }
        : { ...before };
      let faulty = ANY_FAULT(catalog).get() !== undefined;
      for (const change of page.changes) {
        const detail = applyChange(catalog, change, state);
        if (detail !== null) {
          PUT_FAULT(catalog).run(change.entity, change.key, detail, state.generation);
          faulty = true;
        } else if (faulty) DROP_FAULT(catalog).run(change.entity, change.key);
      }
      if (state.refilling && !page.more) endRefill(catalog, state);
      savePullState(catalog, { ...state, cursor: page.cursor, pulled_at: at });
      return true;
    })
    .immediate();
}

/** Applies one change; returns what is wrong with it, or null. */
function applyChange(catalog: Catalog, change: FeedChange, state: PullState): string | null {
  const { entity, key, row } = change;
  if (entity === 'item') return applyItem(catalog, key, row, state);
  if (row === null) {
    DROP_REFERENCE(catalog).run(entity, key);
    return null;
  }
  const read = FEED_ENTITIES[entity].safeParse(row);
  if (!read.success) return detailOf(change, read.error);
  PUT_REFERENCE(catalog).run(entity, key, JSON.stringify(read.data), state.generation);
  return null;
}

function applyItem(catalog: Catalog, key: string, row: FeedChange['row'], state: PullState): string | null {
  if (row === null) {
    if (dropItem(catalog, key)) state.items -= 1;
    return null;
  }
  const read = FEED_ENTITIES.item.safeParse(row);
  if (!read.success) return detailOf({ entity: 'item', key, row }, read.error);
  if (read.data.variant_id !== key) return `item ${key}: is keyed by another variant`;
  if (putItem(catalog, read.data, state.generation)) state.items += 1;
  return null;
}

/** The refill is complete: what it did not name is gone on the server, or out of this terminal's sight. */
function endRefill(catalog: Catalog, state: PullState): void {
  state.items -= dropItemsBefore(catalog, state.generation);
  DROP_REFERENCES_BEFORE(catalog).run(state.generation);
  DROP_FAULTS_BEFORE(catalog).run(state.generation);
  state.refilling = 0;
}

const detailOf = (change: FeedChange, error: Parameters<typeof issuesOf>[0]): string =>
  issuesOf(error)
    .slice(0, 3)
    .map((issue) => `${change.entity} ${change.key}: ${issue.path} ${issue.message}`)
    .join('; ');
