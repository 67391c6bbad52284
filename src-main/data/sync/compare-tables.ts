import { central } from '#shared/contract/central.ts';
import { FEED_ENTITY_NAMES } from '#shared/sync/feed.ts';
import type { TablesReply } from '#shared/sync/table-hash.ts';
import { nowOf } from '../clock.ts';
import type { Till } from '../till.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { type Link, withToken } from './link.ts';
import { pullState, savePullState } from './pull-state.ts';
import { hashTables, type TablesHere } from './table-hashes.ts';

/**
 * `same`: each table here is what the server has. `differs`: one is not; the catalogue is to be fetched anew, and its
 * cursor is gone. `not_now`: there is something to pull first, or nothing to compare with.
 */
export type Comparison = 'same' | 'differs' | 'not_now';

/** For the server to add up a million items, in ms. */
const DEADLINE_MS = 60_000;
/** How old a comparison may be before there is another, in ms. */
const EVERY_MS = 24 * 3_600_000;

/** Whether the catalogue should be compared again. */
export function isComparisonDue(till: Till): boolean {
  const { cursor, compared_at } = pullState(till.catalog);
  if (cursor === null) return false;
  return compared_at === null || Math.abs(till.clock.wallMs() - Date.parse(compared_at)) >= EVERY_MS;
}

/**
 * Compares the catalogue with the server's, table by table, as of the same place in the feed. What ought never to
 * happen is found so, and mended: a lost change, a bug, a file that changed under us.
 * @throws ServerFault
 */
export async function compareTables(till: Till, link: Link): Promise<Comparison> {
  const here = await hashTables(till.catalog, link.signal);
  if (here.cursor === null) return 'not_now';
  const there = await ask(link, here.cursor);
  if (there?.state !== 'here') return 'not_now';
  const different = FEED_ENTITY_NAMES.filter((name) => differs(here.tables[name], there.tables[name]));
  return till.catalog
    .transaction((): Comparison => {
      const state = pullState(till.catalog);
      // Pulled meanwhile: what was compared is no longer here.
      if (state.cursor !== here.cursor) return 'not_now';
      if (different.length === 0) {
        savePullState(till.catalog, { ...state, compared_at: nowOf(till.clock) });
        return 'same';
      }
      till.log.error(
        { different, here: here.tables, there: there.tables },
        'the catalogue is not what the server has',
      );
      savePullState(till.catalog, { ...state, cursor: null });
      return 'differs';
    })
    .immediate();
}

/** A table with rows that were not understood has no hash here: it is known to be incomplete. */
const differs = (
  here: TablesHere['tables'][keyof TablesHere['tables']],
  there: { rows: number; hash: string },
): boolean => here !== undefined && (here.rows !== there.rows || here.hash !== there.hash);

async function ask(link: Link, cursor: string): Promise<TablesReply | null> {
  try {
    return await withToken(link, (headers) =>
      callCentral(central.sync.tables, {
        server_url: link.terminal.server_url,
        headers,
        query: { cursor },
        deadline_ms: DEADLINE_MS,
        signal: link.signal,
      }),
    );
  } catch (error) {
    // A server from before there was such a route.
    if (error instanceof ServerFault && error.status === 404) return null;
    throw error;
  }
}
