import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { userIdSchema } from '#shared/ids.ts';
import { copyLedger } from '../../src-main/data/backup/copy-ledger.ts';
import { openLedger } from '../../src-main/data/open.ts';
import { leafPages, spoilText, tearPages } from '../unit/data/torn.ts';
import { fillBacklog } from './backlog.ts';
import { SHELF } from './gallery.ts';
import { seedTill } from './seed-till.ts';

type Damage = {
  /** Copies of the ledger that were made: none, a good one, or a good one and a newer one that is damaged. */
  copies?: 'none' | 'one' | 'two';
  /** A page in the middle of the ledger cannot be read any more. */
  hasGap?: boolean;
  /** So large is the file made, in bytes, that it takes time to read it. */
  size?: number;
};

/** A till that has opened a day and sold twelve times, and whose ledger lost its first page. */
export async function damagedTill(
  folder: string,
  { copies = 'one', hasGap = false, size }: Damage = {},
): Promise<void> {
  await seedTill(folder, SHELF);
  const ledger = join(folder, 'ledger.db');
  fillBacklog(folder, userIdSchema.parse(uuid()), [uuid()], { tickets: 12 });
  if (copies !== 'none') await copyOf(folder, '2026-11-20T18:30:00.000Z');
  if (copies === 'two') spoilText(await copyOf(folder, '2026-11-21T09:30:00.000Z'), 'SHOP1-T1-T-000003');
  const [, middle = 1] = leafPages(ledger, 'operation');
  tearPages(ledger, hasGap ? [1, middle] : [1]);
  if (size !== undefined) truncateSync(ledger, size);
}

async function copyOf(folder: string, at: string): Promise<string> {
  const opened = openLedger(folder, at);
  if ('recovery' in opened) throw new Error(opened.recovery.message);
  const backups = join(folder, 'backups');
  const { name } = await copyLedger(opened.ledger, backups, at);
  opened.ledger.close();
  return join(backups, name);
}
