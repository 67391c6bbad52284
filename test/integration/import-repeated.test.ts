import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SeededCompany } from '../../server/people/seed.ts';
import { type TestCentral, testCentral } from '../support/central.ts';
import { feedPosition, told } from '../support/feed.ts';
import { aCatalogue, ITEMS, load, shelf, someRows } from '../support/import.ts';

let central: TestCentral;
beforeAll(async () => {
  central = await testCentral();
});
afterAll(() => central?.close());

const position = (shop: SeededCompany) => feedPosition(central.db, shop.company_id);

describe('an import that is repeated', () => {
  test('changes nothing, and no terminal fetches anything', async () => {
    const shop = await central.addCompany();
    const file = `${aCatalogue(120)}\nS5,Twice,1\nS7,,1\n`;
    const first = await load(central.db, shop, file);
    expect(first.counts).toMatchObject({ new: 120, repeated: 1, rejected: 1 });
    const before = await position(shop);
    const second = await load(central.db, shop, file);
    expect(second.counts).toEqual({ ...first.counts, new: 0, unchanged: 120 });
    expect(second.findings).toEqual(first.findings);
    expect(await position(shop)).toBe(before);
  });

  test('with some rows changed sends those to the terminals, and no other', async () => {
    const shop = await central.addCompany();
    await load(central.db, shop, aCatalogue(120));
    const before = await position(shop);
    const next = [...someRows(120), 'S200,New,1.00'];
    next[3] = 'S3,Item 3,9.99';
    next[60] = 'S60,Other name,60.50';
    expect((await load(central.db, shop, ['sku,name,price', ...next].join('\n'))).counts).toMatchObject({
      new: 1,
      changed: 2,
      unchanged: 118,
    });
    const changes = await told(central.db, shop, ITEMS, before);
    expect(changes.map(({ sku }) => sku).sort()).toEqual(['S200', 'S3', 'S60']);
  });

  test('keeps what people have set since and the file does not say', async () => {
    const shop = await central.addCompany();
    const file = 'barcode,name\n111,Tea\n';
    await load(central.db, shop, file);
    await load(central.db, shop, 'barcode,name,price,tax,category,active\n111,Tea,4.20,RED,Food/Tea,no\n');
    const { counts } = await load(central.db, shop, file, { price: { fixed: '1' } });
    expect(counts).toMatchObject({ unchanged: 1 });
    expect(await shelf(central.db, shop)).toMatchObject([
      { unit_price_micro: 420_000_000, tax_class: 'RED', category: 'Food/Tea', active: false },
    ]);
  });

  test('after it was interrupted ends as one whole import', async () => {
    const [shop, other] = [await central.addCompany(), await central.addCompany()];
    const file = `${aCatalogue(230)}\nS1,Twice,1\nbad\n`;
    const controller = new AbortController();
    const first = await load(
      central.db,
      shop,
      file,
      {},
      ({ read }) => {
        if (read >= 100) controller.abort();
      },
      controller.signal,
    );
    expect(first.counts).toMatchObject({ interrupted: true, read: 100, new: 100 });
    expect(await shelf(central.db, shop)).toHaveLength(100);
    expect((await load(central.db, shop, file)).counts).toMatchObject({
      new: 130,
      unchanged: 100,
      repeated: 1,
      rejected: 1,
    });
    await load(central.db, other, file);
    expect(await shelf(central.db, shop)).toEqual(await shelf(central.db, other));
  });

  test('after its file was cut off keeps what was read, and goes on with the sound file', async () => {
    const shop = await central.addCompany();
    const noise = Array.from({ length: 3000 }, (_, index) => `S${index},${(index * 7919).toString(36)},1`);
    const packed = gzipSync(['sku,name,price', ...noise].join('\n'));
    await expect(load(central.db, shop, packed.subarray(0, packed.length - 2000))).rejects.toThrow(
      'damaged or cut off',
    );
    const kept = (await shelf(central.db, shop)).length;
    expect(kept).toBeGreaterThan(0);
    expect((await load(central.db, shop, packed)).counts).toMatchObject({
      read: 3000,
      unchanged: kept,
      new: 3000 - kept,
    });
  });
});

describe('a preview', () => {
  test('says what an import would do, exactly, and writes nothing', async () => {
    const shop = await central.addCompany();
    await load(central.db, shop, aCatalogue(60));
    const before = [await position(shop), await shelf(central.db, shop)];
    const file = [
      'sku,name,price,ean,category',
      ...someRows(90).map((row, index) => `${row},${index},New/Category`),
      'S1,Twice,1,500,',
      'S2,Twice,1,501,',
      'X1,Owner,1,502,',
      'X2,Thief,1,502,',
      'X3,,1,503,',
    ].join('\n');
    const preview = await load(central.db, shop, file, { dry_run: true });
    expect([await position(shop), await shelf(central.db, shop)]).toEqual(before);
    const real = await load(central.db, shop, file);
    expect(preview.counts).toEqual({ ...real.counts, dry_run: true });
    expect(preview.findings).toEqual(real.findings);
    expect(real.counts).toMatchObject({ new: 31, changed: 60, repeated: 2, rejected: 2 });
  });
});

test('whatever a file holds, its rows are accounted for, tills take the result, and a second run changes nothing', async () => {
  const cell = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('A', 'B', 'C', '1', '111', '4006381333930', '2.50', 'Food/Tea') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', ' ', '-1', '"', '"a', '5E+12', '=1+1', 'Я', '\u0000', 'x'.repeat(400)),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  );
  const row = fc.array(cell, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 60 }),
      fc.constantFrom(',', '\t', ';'),
      fc.constantFrom(
        ['sku', 'ean', 'name', 'price', 'category'],
        ['ean', 'name', 'price', 'category', 'note'],
      ),
      async (lines, delimiter, header) => {
        const shop = await central.addCompany();
        const file = [header, ...lines].map((cells) => cells.join(delimiter)).join('\n');
        const first = await load(central.db, shop, file, { chunk_rows: 7 });
        const { new: made, changed, unchanged, repeated, rejected, read } = first.counts;
        expect(made + changed + unchanged + repeated + rejected).toBe(read);
        expect([changed, unchanged]).toEqual([0, 0]);
        const rejectedLines = first.findings
          .filter(({ kind }) => kind === 'rejected')
          .map(({ line }) => line);
        expect(new Set(rejectedLines).size).toBe(rejected);
        expect(await shelf(central.db, shop)).toHaveLength(made);
        const before = await position(shop);
        const second = await load(central.db, shop, file, { chunk_rows: 7 });
        expect(second.counts).toEqual({ ...first.counts, new: 0, unchanged: made });
        expect(await position(shop)).toBe(before);
      },
    ),
    { numRuns: 40 },
  );
});
