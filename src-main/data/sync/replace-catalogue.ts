import { open } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import type { CatalogueFetch } from '#shared/contract/till.ts';
import { installIncoming, removeReplaced } from '../catalog-files.ts';
import { nowOf } from '../clock.ts';
import { type Catalog, openCatalogFile } from '../open.ts';
import type { Till } from '../till.ts';
import { applyPage } from './apply-page.ts';
import { fetchPage } from './fetch-page.ts';
import type { Link } from './link.ts';
import { pullState, savePullState } from './pull-state.ts';

/**
 * Pulls what the snapshot lacks into it, before anybody sees it: the rows of this location, and what changed since it
 * was built. So the catalogue never goes back to older prices. Returns false where the server no longer goes on from
 * this snapshot.
 * @throws ServerFault
 */
export async function catchUp(
  till: Till,
  link: Link,
  path: string,
  cursor: string,
  report: (progress: CatalogueFetch) => void,
): Promise<boolean> {
  const incoming = openIncoming(path);
  try {
    savePullState(incoming, { ...pullState(incoming), cursor });
    for (let after = cursor, done = 0; ; ) {
      const page = await fetchPage(link, after, 0);
      if (page.reset) return false;
      applyPage(incoming, page, after, nowOf(till.clock));
      done += page.changes.length;
      after = page.cursor;
      report({ phase: 'catching_up', done, total: 0 });
      if (!page.more) break;
    }
  } finally {
    incoming.close();
  }
  await flush(path);
  return true;
}

/** Nobody needs the file if this process dies meanwhile, so it is flushed once, at the end. */
function openIncoming(path: string): Catalog {
  const db = new Sqlite(path);
  db.pragma('journal_mode = MEMORY');
  db.pragma('synchronous = OFF');
  db.pragma('locking_mode = EXCLUSIVE');
  db.pragma('cache_size = -32768');
  return db as Catalog;
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Puts the finished file in the place of the catalogue in use. One rename decides: whoever dies before it finds the
 * old one at the next start, whoever dies after it the new one. Nothing here waits, so no command is half way.
 */
export function installCatalogue(till: Till, folder: string): void {
  const path = installIncoming(folder);
  const replaced = till.catalog;
  till.catalog = openCatalogFile(path, nowOf(till.clock));
  // What its log still holds need not reach the disk.
  replaced.pragma('synchronous = OFF');
  replaced.close();
  try {
    removeReplaced(folder);
  } catch (error) {
    // Windows removes nothing that is open, and a thread may just be comparing it. The next start removes it.
    till.log.warn({ err: error }, 'the catalogue before could not be removed yet');
  }
}
