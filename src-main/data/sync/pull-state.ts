import type { Catalog } from '../open.ts';
import { sql } from '../statement.ts';

/** How far the catalogue is filled. `generation` counts full refills. */
export type PullState = {
  cursor: string | null;
  generation: number;
  refilling: 0 | 1;
  items: number;
  pulled_at: string | null;
  /** When each table was last found to be what the server has. */
  compared_at: string | null;
};

const SELECT = sql<PullState>(
  'SELECT cursor, generation, refilling, items, pulled_at, compared_at FROM pull_state',
);
const UPDATE = sql<never, [string | null, number, 0 | 1, number, string | null, string | null]>(
  'UPDATE pull_state SET cursor = ?, generation = ?, refilling = ?, items = ?, pulled_at = ?, compared_at = ?',
);
const FAULTS = sql<{ count: number; entity: string; detail: string }>(
  'SELECT count(*) AS count, entity, max(detail) AS detail FROM pull_fault',
);

export function pullState(catalog: Catalog): PullState {
  const state = SELECT(catalog).get();
  if (!state) throw new Error('pull_state has no row');
  return state;
}

export const savePullState = (catalog: Catalog, state: PullState): void => {
  const { cursor, generation, refilling, items, pulled_at, compared_at } = state;
  UPDATE(catalog).run(cursor, generation, refilling, items, pulled_at, compared_at);
};

/** What is wrong with rows that were sent but could not be understood, in one sentence; null where nothing is. */
export function pullFaults(catalog: Catalog): string | null {
  const faults = FAULTS(catalog).get();
  if (!faults || faults.count === 0) return null;
  return `${faults.count} row(s) from the server could not be understood and are left out, for instance ${faults.detail}.`;
}
