import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { v7 as uuid } from 'uuid';
import type { Item } from '#shared/catalogue/item.ts';
import { userIdSchema } from '#shared/ids.ts';
import { locationSchema } from '#shared/people/location.ts';
import { PERMISSIONS } from '#shared/people/permission.ts';
import type { TillUser } from '#shared/people/user.ts';
import type { FeedChange } from '#shared/sync/feed.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import { systemClock } from '../../src-main/data/clock.ts';
import { openCatalog, openLedger } from '../../src-main/data/open.ts';
import { applyPage } from '../../src-main/data/sync/apply-page.ts';
import type { Till } from '../../src-main/data/till.ts';

/** A till in this process, over files of its own. */
export type BenchTill = { readonly till: Till; readonly folder: string; readonly user: TillUser };

export const LOCATION = locationSchema.parse({
  ...DEMO_SHOP.location,
  company_id: uuid(),
  company_name: DEMO_SHOP.name,
  location_id: uuid(),
});

const USER: TillUser = {
  user_id: userIdSchema.parse(uuid()),
  name: 'Bench',
  permissions: [...PERMISSIONS],
  active: true,
};

export function openBenchTill(): BenchTill & { readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'tilldock-bench-'));
  const at = new Date().toISOString();
  const opened = openLedger(folder, at);
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  const { catalog } = openCatalog(folder, at);
  const log = pino({ level: 'silent' });
  const till = { ledger: opened.ledger, catalog, clock: systemClock(), log, committed: () => {} };
  return { till, folder, user: USER, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a till pulls before its first item. */
const REFERENCES: FeedChange[] = [
  { entity: 'location', key: LOCATION.location_id, row: { ...LOCATION } },
  { entity: 'user', key: USER.user_id, row: { ...USER } },
  { entity: 'department', key: 'GENERAL', row: { code: 'GENERAL', name: 'General' } },
  { entity: 'category', key: 'UNSORTED', row: { code: 'UNSORTED', name: 'Unsorted', department: 'GENERAL' } },
  ...DEMO_SHOP.tax_classes.map(
    (row): FeedChange => ({ entity: 'tax_class', key: row.code, row: { ...row } }),
  ),
  ...DEMO_SHOP.payment_types.map(
    (row): FeedChange => ({ entity: 'payment_type', key: row.code, row: { ...row } }),
  ),
];

/** Applies the feed of a whole catalogue, a page a call. */
export function catalogueFeed(till: Till, items: readonly Item[], pageSize: number): (() => void)[] {
  const at = new Date().toISOString();
  let cursor: string | null = null;
  const apply = (changes: FeedChange[], more: boolean) => {
    const next = uuid();
    const page = { reset: cursor === null, changes, cursor: next, more, server_time: at };
    applyPage(till.catalog, page, cursor, at);
    cursor = next;
  };
  apply(REFERENCES, true);
  const pages = Math.ceil(items.length / pageSize);
  return Array.from({ length: pages }, (_, page) => {
    const changes = items
      .slice(page * pageSize, (page + 1) * pageSize)
      .map((item): FeedChange => ({ entity: 'item', key: item.variant_id, row: { ...item } }));
    return () => apply(changes, page < pages - 1);
  });
}
