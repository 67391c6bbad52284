import { FEED_ENTITIES, type FeedPage, feedPageSchema } from '#shared/sync/feed.ts';
import type { WireTerminal } from './wire-terminal.ts';

/** A terminal that pulls, and keeps what it is told. */
export type Follower = {
  /** What the terminal knows: `entity key` → row. */
  readonly known: Map<string, unknown>;
  /** One page; its changes by `entity key`. */
  readonly next: (query?: string) => Promise<FeedPage>;
  /** Pages until nothing waits; the keys that came. */
  readonly drain: (query?: string) => Promise<string[]>;
};

/** Follows the feed as a terminal does, from the beginning or from a cursor. */
export function follow(terminal: WireTerminal, from = ''): Follower {
  const known = new Map<string, unknown>();
  let cursor = from;
  const next = async (query = '') => {
    const after = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await terminal.send(`/api/v1/sync/pull?${query}${after}`);
    const page = feedPageSchema.parse(answer.body);
    if (page.reset) known.clear();
    for (const { entity, key, row } of page.changes) {
      if (row) known.set(`${entity} ${key}`, FEED_ENTITIES[entity].parse(row));
      else known.delete(`${entity} ${key}`);
    }
    cursor = page.cursor;
    return page;
  };
  const drain = async (query = '') => {
    const keys: string[] = [];
    for (;;) {
      const page = await next(query);
      keys.push(...page.changes.map(({ entity, key }) => `${entity} ${key}`));
      if (!page.more) return keys;
    }
  };
  return { known, next, drain };
}
