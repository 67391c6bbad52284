import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { installIncoming } from '../../../src-main/data/catalog-files.ts';
import { itemByCode } from '../../../src-main/data/catalogue/lookup.ts';
import { openCatalog } from '../../../src-main/data/open.ts';
import { applyPage } from '../../../src-main/data/sync/apply-page.ts';
import { anItem, aPage, itemRow, newFolder } from './shop.ts';

const AT = '2026-03-01T09:00:00.000Z';
const CODE = '96385074';

/** A folder with a finished catalogue of one item as `name`, as a snapshot leaves it. */
function catalogueIn(folder: string, name: string, itemName: string): void {
  const elsewhere = newFolder();
  const { catalog } = openCatalog(elsewhere, AT);
  applyPage(catalog, aPage([itemRow(anItem({ name: itemName, barcodes: [CODE] }))]), null, AT);
  catalog.pragma('journal_mode = DELETE');
  catalog.close();
  copyFileSync(join(elsewhere, 'catalog.db'), join(folder, name));
}

/** What the till sells after a start in that folder. */
function opened(folder: string) {
  const { catalog, problem } = openCatalog(folder, AT);
  const name = itemByCode(catalog, CODE)?.name ?? null;
  catalog.close();
  return { name, problem };
}

describe('of several catalogues in a folder', () => {
  test('the one with the highest number counts, and the others go', () => {
    const folder = newFolder();
    catalogueIn(folder, 'catalog.db', 'Old');
    catalogueIn(folder, 'catalog-9.db', 'Newer');
    catalogueIn(folder, 'catalog-10.db', 'Newest');
    expect(opened(folder)).toEqual({ name: 'Newest', problem: null });
    expect(readdirSync(folder)).toEqual(['catalog-10.db']);
  });

  test('one that is not finished does not count', () => {
    const folder = newFolder();
    catalogueIn(folder, 'catalog.db', 'Old');
    catalogueIn(folder, 'catalog.incoming', 'Half');
    expect(opened(folder)).toEqual({ name: 'Old', problem: null });
    expect(readdirSync(folder)).toEqual(['catalog.db']);
  });

  test('a damaged one is moved aside, and the one before it serves', () => {
    const folder = newFolder();
    catalogueIn(folder, 'catalog.db', 'Old');
    writeFileSync(join(folder, 'catalog-2.db'), 'gone '.repeat(5000));
    expect(opened(folder)).toEqual({ name: 'Old', problem: expect.stringContaining('damaged') });
    expect(readdirSync(folder).sort()).toEqual([
      'catalog-2.db.damaged-2026-03-01T09-00-00-000Z',
      'catalog.db',
    ]);
  });

  test('a finished one takes no log of another under the same name for its own', () => {
    const folder = newFolder();
    catalogueIn(folder, 'catalog.db', 'Old');
    const other = new Sqlite(join(folder, 'catalog-2.db'));
    other.pragma('journal_mode = WAL');
    other.exec('CREATE TABLE other (row)');
    copyFileSync(join(folder, 'catalog-2.db-wal'), join(folder, 'kept-wal'));
    other.close();
    catalogueIn(folder, 'catalog-2.db', 'Second');
    const { catalog } = openCatalog(folder, AT);
    catalog.close();
    // Left by a crash, in a folder whose highest number went down again because the file was moved aside.
    writeFileSync(join(folder, 'catalog-2.db'), 'gone '.repeat(5000));
    expect(opened(folder).name).toBeNull();
    copyFileSync(join(folder, 'kept-wal'), join(folder, 'catalog-2.db-wal'));
    catalogueIn(folder, 'catalog.incoming', 'Third');
    expect(installIncoming(folder)).toBe(join(folder, 'catalog-2.db'));
    expect(opened(folder)).toEqual({ name: 'Third', problem: null });
  });
});
