import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { categorySchema, departmentSchema, itemSchema } from '#shared/catalogue/item.ts';
import { currencySchema } from '#shared/sales/money.ts';
import type { Finding } from '../../server/catalogue/import/finding.ts';
import {
  type ImportCounts,
  type ImportOptions,
  importCatalogue,
} from '../../server/catalogue/import/import-catalogue.ts';
import { inCompany, rows } from '../../server/db.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { type TestCentral, testCentral } from '../support/central.ts';
import { feedPosition, told } from '../support/feed.ts';
import { aFile } from '../unit/catalogue/import/a-file.ts';

let central: TestCentral;
beforeAll(async () => {
  central = await testCentral();
});
afterAll(() => central?.close());

/** Imports a text into a shop and gives back the counts, without those that every run has its own of. */
async function load(
  shop: SeededCompany,
  content: string | Uint8Array,
  options: ImportOptions = {},
  onProgress?: (counts: Readonly<ImportCounts>) => void,
  signal?: AbortSignal,
) {
  const findings: Finding[] = [];
  const onFindings = async (found: readonly Finding[]) => void findings.push(...found);
  const summary = await importCatalogue(
    central.db,
    shop.company_id,
    aFile(content, 1000),
    { price: { range: '0.99..99.99' }, chunk_rows: 50, onFindings, ...options },
    onProgress,
    signal,
  );
  const { bytes: _bytes, seconds: _seconds, ...counts } = summary;
  return { counts, findings };
}

const ITEMS = ['item', itemSchema] as const;
const CATEGORIES = ['category', categorySchema] as const;
const DEPARTMENTS = ['department', departmentSchema] as const;

const NOTHING = {
  ...{ read: 0, new: 0, changed: 0, unchanged: 0, repeated: 0, rejected: 0, warnings: 0 },
  ...{ interrupted: false, dry_run: false },
};

/** The shop's items as people see them: without ids, which differ from import to import. */
const shelf = async (shop: SeededCompany) =>
  (await told(central.db, shop, ITEMS))
    .map(({ variant_id: _id, ...item }) => item)
    .sort((one, other) => (one.sku < other.sku ? -1 : 1));

const position = (shop: SeededCompany) => feedPosition(central.db, shop.company_id);

const someRows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => `S${from + index},Item ${from + index},${index % 90}.50`);
const aCatalogue = (count: number) => ['sku,name,price', ...someRows(count)].join('\n');

describe('a catalogue file', () => {
  test('fills the shelves of the tills, with categories, departments and barcodes', async () => {
    const shop = await central.addCompany();
    const { counts, findings } = await load(
      shop,
      [
        'barcode\tname\tcategory\tbrand',
        '4006381333931\tФонарь "белый" 1.296"\tДом (folder)/Свет\t',
        '4006381333930\tNapa Valley blanch\tFood/Wine\tNapa',
        '96385074\tSalt\t\t',
      ].join('\n'),
    );
    expect(counts).toEqual({ ...NOTHING, read: 3, new: 3, warnings: 1 });
    expect(findings).toMatchObject([{ kind: 'warning', line: 3, column: 'barcode', value: '4006381333930' }]);
    expect(await shelf(shop)).toMatchObject([
      {
        ...{ sku: '4006381333930', name: 'Napa Valley blanch', category: 'Food/Wine', tax_class: 'STD' },
        ...{ active: true, barcodes: ['4006381333930'] },
      },
      { sku: '4006381333931', name: 'Фонарь "белый" 1.296"', category: 'Дом (folder)/Свет' },
      { sku: '96385074', category: 'UNSORTED', barcodes: ['96385074'] },
    ]);
    expect(await told(central.db, shop, CATEGORIES)).toEqual(
      expect.arrayContaining([
        { code: 'Дом (folder)/Свет', name: 'Дом (folder)/Свет', department: 'Дом (folder)' },
        { code: 'UNSORTED', name: 'UNSORTED', department: 'GENERAL' },
      ]),
    );
    expect(await told(central.db, shop, DEPARTMENTS)).toHaveLength(3);
  });

  test('makes one family, identity and variant a row, numbered on from what there is', async () => {
    const shop = await central.addCompany();
    await load(shop, aCatalogue(3));
    await load(shop, ['sku,name,price', ...someRows(2, 100)].join('\n'));
    const made = await inCompany(central.db, shop.company_id, (tx) =>
      rows(
        tx,
        `select base_name, generated_upis_h, full_sku(v) from product_family
         join product_identity using (company_id, product_id) join variant v using (company_id, product_id)
         order by product_id`,
      ),
    );
    expect(made).toHaveLength(5);
    expect(made.at(-1)).toEqual({
      ...{ base_name: 'Item 101', generated_upis_h: '00005-P-1', full_sku: '00005-P-1-XX-N' },
    });
  });

  test('is mapped by its own headers, and lists what it cannot take by line', async () => {
    const shop = await central.addCompany();
    const { counts, findings } = await load(
      shop,
      [
        'InvoiceNo,StockCode,Description,UnitPrice',
        '1,85123A,WHITE LANTERN,2.55',
        '1,,nothing,1',
        '',
        '1,71053,"METAL, ""BIG""",-1',
        '2,85123A,another name,3.00',
        '2,POST,"POSTAGE',
        '2,22752,NESTING BOXES,7.65',
      ].join('\r\n'),
      { map: { sku: 'StockCode', name: 'Description', price: 'UnitPrice' } },
    );
    expect(counts).toEqual({ ...NOTHING, read: 6, new: 2, repeated: 1, rejected: 3, warnings: 1 });
    expect(
      findings.map(({ line, column, value, reason }) => `${line} ${column} [${value}] ${reason}`),
    ).toEqual([
      '3 StockCode [] is empty',
      '5 UnitPrice [-1] is below zero',
      '6 StockCode [85123A] is on line 2 too, which was taken; of this row only the barcode',
      '7  [2,POST,"POSTAGE] a quote is opened and never closed',
    ]);
    expect(await shelf(shop)).toMatchObject([
      { sku: '22752' },
      { sku: '85123A', unit_price_micro: 255_000_000 },
    ]);
  });

  test('names the item that a barcode belongs to already', async () => {
    const shop = await central.addCompany();
    await load(shop, 'sku,ean,name,price\nA,111,Tea,1\n');
    const { counts, findings } = await load(
      shop,
      'sku,ean,name,price\nB,111,Salt,1\nC,222,Oil,1\nD,222,Rice,1\n',
    );
    expect(counts).toMatchObject({ new: 1, rejected: 2 });
    expect(findings.map(({ reason }) => reason)).toEqual(['belongs to A already', 'belongs to C already']);
  });
});

describe('an import that is repeated', () => {
  test('changes nothing, and no terminal fetches anything', async () => {
    const shop = await central.addCompany();
    const file = `${aCatalogue(120)}\nS5,Twice,1\nS7,,1\n`;
    const first = await load(shop, file);
    expect(first.counts).toMatchObject({ new: 120, repeated: 1, rejected: 1 });
    const before = await position(shop);
    const second = await load(shop, file);
    expect(second.counts).toEqual({ ...first.counts, new: 0, unchanged: 120 });
    expect(second.findings).toEqual(first.findings);
    expect(await position(shop)).toBe(before);
  });

  test('with some rows changed sends those to the terminals, and no other', async () => {
    const shop = await central.addCompany();
    await load(shop, aCatalogue(120));
    const before = await position(shop);
    const next = [...someRows(120), 'S200,New,1.00'];
    next[3] = 'S3,Item 3,9.99';
    next[60] = 'S60,Other name,60.50';
    expect((await load(shop, ['sku,name,price', ...next].join('\n'))).counts).toMatchObject({
      ...{ new: 1, changed: 2, unchanged: 118 },
    });
    const changes = await told(central.db, shop, ITEMS, before);
    expect(changes.map(({ sku }) => sku).sort()).toEqual(['S200', 'S3', 'S60']);
  });

  test('keeps what people have set since and the file does not say', async () => {
    const shop = await central.addCompany();
    const file = 'barcode,name\n111,Tea\n';
    await load(shop, file);
    await load(shop, 'barcode,name,price,tax,category,active\n111,Tea,4.20,RED,Food/Tea,no\n');
    const { counts } = await load(shop, file, { price: { fixed: '1' } });
    expect(counts).toMatchObject({ unchanged: 1 });
    expect(await shelf(shop)).toMatchObject([
      { unit_price_micro: 420_000_000, tax_class: 'RED', category: 'Food/Tea', active: false },
    ]);
  });

  test('after it was interrupted ends as one whole import', async () => {
    const [shop, other] = [await central.addCompany(), await central.addCompany()];
    const file = `${aCatalogue(230)}\nS1,Twice,1\nbad\n`;
    const controller = new AbortController();
    const first = await load(
      shop,
      file,
      {},
      ({ read }) => {
        if (read >= 100) controller.abort();
      },
      controller.signal,
    );
    expect(first.counts).toMatchObject({ interrupted: true, read: 100, new: 100 });
    expect(await shelf(shop)).toHaveLength(100);
    expect((await load(shop, file)).counts).toMatchObject({
      new: 130,
      unchanged: 100,
      repeated: 1,
      rejected: 1,
    });
    await load(other, file);
    expect(await shelf(shop)).toEqual(await shelf(other));
  });

  test('after its file was cut off keeps what was read, and goes on with the sound file', async () => {
    const shop = await central.addCompany();
    const noise = Array.from({ length: 3000 }, (_, index) => `S${index},${(index * 7919).toString(36)},1`);
    const packed = gzipSync(['sku,name,price', ...noise].join('\n'));
    await expect(load(shop, packed.subarray(0, packed.length - 2000))).rejects.toThrow('damaged or cut off');
    const kept = (await shelf(shop)).length;
    expect(kept).toBeGreaterThan(0);
    expect((await load(shop, packed)).counts).toMatchObject({
      read: 3000,
      unchanged: kept,
      new: 3000 - kept,
    });
  });
});

describe('a preview', () => {
  test('says what an import would do, exactly, and writes nothing', async () => {
    const shop = await central.addCompany();
    await load(shop, aCatalogue(60));
    const before = [await position(shop), await shelf(shop)];
    const file = [
      'sku,name,price,ean,category',
      ...someRows(90).map((row, index) => `${row},${index},New/Category`),
      'S1,Twice,1,500,',
      'S2,Twice,1,501,',
      'X1,Owner,1,502,',
      'X2,Thief,1,502,',
      'X3,,1,503,',
    ].join('\n');
    const preview = await load(shop, file, { dry_run: true });
    expect([await position(shop), await shelf(shop)]).toEqual(before);
    const real = await load(shop, file);
    expect(preview).toEqual({ ...real, counts: { ...real.counts, dry_run: true } });
    expect(real.counts).toMatchObject({ new: 31, changed: 60, repeated: 2, rejected: 2 });
  });
});

describe('companies', () => {
  test('with the same catalogue do not know of each other', async () => {
    const [one, other] = [await central.addCompany(), await central.addCompany()];
    await load(one, 'sku,ean,name,price\nA,111,Tea,1\n');
    const before = [await position(one), await shelf(one)];
    expect((await load(other, 'sku,ean,name,price\nB,111,Salt,2\nA,222,Oil,3\n')).counts).toMatchObject({
      new: 2,
    });
    expect([await position(one), await shelf(one)]).toEqual(before);
    expect(await shelf(other)).toMatchObject([
      { sku: 'A', name: 'Oil', barcodes: ['222'] },
      { sku: 'B', name: 'Salt', barcodes: ['111'] },
    ]);
  });

  test('that run two imports at once end with one catalogue', async () => {
    const shop = await central.addCompany();
    const both = await Promise.all([load(shop, aCatalogue(400)), load(shop, aCatalogue(400))]);
    expect(both.map(({ counts }) => counts.new + counts.unchanged)).toEqual([400, 400]);
    expect(both.reduce((sum, { counts }) => sum + counts.new, 0)).toBe(400);
    expect(await shelf(shop)).toHaveLength(400);
  });

  test('that put a category into another department find it there after an import', async () => {
    const shop = await central.addCompany();
    await load(shop, 'sku,name,price,category\nA,Tea,1,Food/Tea\n');
    await inCompany(central.db, shop.company_id, async (tx) => {
      await rows(tx, `insert into department (company_id, code, name) values ($1, 'HOT', 'Hot drinks')`, [
        tx.company_id,
      ]);
      await rows(tx, `update sales_category set department_code = 'HOT' where code = 'Food/Tea'`);
    });
    await load(shop, 'sku,name,price,category\nB,Green tea,1,Food/Tea\n');
    expect(await told(central.db, shop, CATEGORIES)).toEqual([
      { code: 'Food/Tea', name: 'Food/Tea', department: 'HOT' },
    ]);
  });
});

describe('an import that cannot begin says why:', () => {
  test.each<[string, ImportOptions, string]>([
    ['sku,name\nA,Tea\n', { price: undefined }, 'There is no column for the price'],
    [
      'sku,name\nA,Tea\n',
      { tax_class: 'VAT' },
      '--tax-class: there is no tax class VAT; there are RED, STD, ZERO.',
    ],
    [
      'sku,name\nA,Tea\n',
      { location: 'NORTH' },
      '--location: there is no location NORTH; there are SHOP1 (GBP).',
    ],
    ['sku,name\nA,Tea\n', { price: { fixed: 'x' } }, '--price: x is not a price in GBP.'],
    [
      'sku,name\nA,Tea\n',
      { map: { name: 'Titel' } },
      '--map name: there is no column Titel. The file has the columns sku, name.',
    ],
  ])('%j with %j', async (file, options, sentence) => {
    await expect(load(central.company, file, options)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(sentence),
    });
  });

  test('prices in one of several currencies', async () => {
    const shop = await central.addCompany();
    const yen = { ...DEMO_SHOP.location, code: 'OSAKA', currency: currencySchema.parse('JPY') };
    await inCompany(central.db, shop.company_id, (tx) =>
      rows(
        tx,
        `insert into location select company_id, gen_random_uuid(), 'OSAKA', name, $1, zone, day_change_hour,
           cash_step_minor, denominations, prices_include_tax, tax_rounding from location`,
        [yen.currency],
      ),
    );
    const file = 'sku,name,price\nA,Tea,120\n';
    await expect(load(shop, file)).rejects.toThrow('There are OSAKA (JPY), SHOP1 (GBP).');
    await load(shop, file, { location: 'OSAKA', price: undefined });
    expect(await shelf(shop)).toMatchObject([{ unit_price_micro: 120_000_000 }]);
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
        const first = await load(shop, file, { chunk_rows: 7 });
        const { new: made, changed, unchanged, repeated, rejected, read } = first.counts;
        expect(made + changed + unchanged + repeated + rejected).toBe(read);
        expect([changed, unchanged]).toEqual([0, 0]);
        const rejectedLines = first.findings
          .filter(({ kind }) => kind === 'rejected')
          .map(({ line }) => line);
        expect(new Set(rejectedLines).size).toBe(rejected);
        expect(await shelf(shop)).toHaveLength(made);
        const before = await position(shop);
        const second = await load(shop, file, { chunk_rows: 7 });
        expect(second.counts).toEqual({ ...first.counts, new: 0, unchanged: made });
        expect(await position(shop)).toBe(before);
      },
    ),
    { numRuns: 40 },
  );
});
