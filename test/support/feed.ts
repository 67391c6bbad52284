import type { z } from 'zod';
import type { CompanyId } from '#shared/ids.ts';
import { type FeedEntity, feedChangeSchema } from '#shared/sync/feed.ts';
import { type Db, inCompany, rows } from '../../server/db.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { FEED_ROWS } from '../../server/sync/feed-rows.ts';

/** How far the company's feed is: moves with every change that terminals would fetch. */
export const feedPosition = (db: Db, company: CompanyId): Promise<number> =>
  inCompany(db, company, async (tx) => {
    const [row] = await rows<{ last: number }>(tx, 'select coalesce(max(feed_seq), 0) as last from feed');
    return row?.last ?? 0;
  });

/** What a terminal of the shop is told of an entity after a place in the feed, checked as terminals check it. */
export async function told<Row>(
  db: Db,
  shop: SeededCompany,
  [entity, schema]: readonly [FeedEntity, z.ZodType<Row>],
  after = 0,
): Promise<Row[]> {
  const page = await inCompany(db, shop.company_id, (tx) =>
    rows<{ change: string }>(tx, FEED_ROWS, [tx.company_id, after, 1_000_000, shop.location_id]),
  );
  return page
    .map(({ change }) => feedChangeSchema.parse(JSON.parse(change)))
    .filter((change) => change.entity === entity)
    .map((change) => schema.parse(change.row));
}
