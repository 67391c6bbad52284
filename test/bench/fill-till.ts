import { mkdir } from 'node:fs/promises';
import type { Item } from '#shared/catalogue/item.ts';
import type { FeedChange } from '#shared/sync/feed.ts';
import { openCatalog } from '../../src-main/data/open.ts';
import { applyPage } from '../../src-main/data/sync/apply-page.ts';
import { seedTill } from '../support/seed-till.ts';

/** Makes `folder` the files of an enrolled till with its people, and the goods as the feed brings them. */
export async function fillTill(folder: string, items: readonly Item[]): Promise<void> {
  const size = 2000;
  await mkdir(folder, { recursive: true });
  await seedTill(folder, []);
  const at = new Date().toISOString();
  const { catalog } = openCatalog(folder, at);
  const category = { code: 'UNSORTED', name: 'Unsorted', department: 'GENERAL' };
  let changes: FeedChange[] = [{ entity: 'category', key: category.code, row: category }];
  for (let page = 1; page <= Math.ceil(items.length / size); page += 1) {
    for (const item of items.slice((page - 1) * size, page * size)) {
      changes.push({ entity: 'item', key: item.variant_id, row: { ...item } });
    }
    const next = { reset: false, changes, cursor: String(page + 1), more: false, server_time: at };
    applyPage(catalog, next, String(page), at);
    changes = [];
  }
  catalog.close();
}
