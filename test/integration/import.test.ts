import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../../server/catalogue/import/import-catalogue.ts';
import { importCatalogue } from '../../server/catalogue/import/import-catalogue.ts';
import { inCompany, rows } from '../../server/db.ts';
import { type TestCentral, testCentral } from '../support/central.ts';
import { feedPosition, told } from '../support/feed.ts';
import { aCatalogue, CATEGORIES, DEPARTMENTS, load, NOTHING, shelf, someRows } from '../support/import.ts';

let central: TestCentral;
beforeAll(async () => {
  central = await testCentral();
});
afterAll(() => central?.close());

describe('a catalogue file', () => {
  test('fills the shelves of the tills, with categories, departments and barcodes', async () => {
    const shop = await central.addCompany();
    const { counts, findings } = await load(
      central.db,
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
    expect(await shelf(central.db, shop)).toMatchObject([
      {
        sku: '4006381333930',
        name: 'Napa Valley blanch',
        category: 'Food/Wine',
        tax_class: 'STD',
        active: true,
        barcodes: ['4006381333930'],
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
    await load(central.db, shop, aCatalogue(3));
    await load(central.db, shop, ['sku,name,price', ...someRows(2, 100)].join('\n'));
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
      base_name: 'Item 101',
      generated_upis_h: '00005-P-1',
      full_sku: '00005-P-1-XX-N',
    });
  });

  test('is mapped by its own headers, and lists what it cannot take by line', async () => {
    const shop = await central.addCompany();
    const { counts, findings } = await load(
      central.db,
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
    expect(await shelf(central.db, shop)).toMatchObject([
      { sku: '22752' },
      { sku: '85123A', unit_price_micro: 255_000_000 },
    ]);
  });

  test('names the item that a barcode belongs to already', async () => {
    const shop = await central.addCompany();
    await load(central.db, shop, 'sku,ean,name,price\nA,111,Tea,1\n');
    const { counts, findings } = await load(
      central.db,
      shop,
      'sku,ean,name,price\nB,111,Salt,1\nC,222,Oil,1\nD,222,Rice,1\n',
    );
    expect(counts).toMatchObject({ new: 1, rejected: 2 });
    expect(findings.map(({ reason }) => reason)).toEqual(['belongs to A already', 'belongs to C already']);
  });
});

describe('companies', () => {
  test('with the same catalogue do not know of each other', async () => {
    const [one, other] = [await central.addCompany(), await central.addCompany()];
    await load(central.db, one, 'sku,ean,name,price\nA,111,Tea,1\n');
    const before = [await feedPosition(central.db, one.company_id), await shelf(central.db, one)];
    expect(
      (await load(central.db, other, 'sku,ean,name,price\nB,111,Salt,2\nA,222,Oil,3\n')).counts,
    ).toMatchObject({
      new: 2,
    });
    expect([await feedPosition(central.db, one.company_id), await shelf(central.db, one)]).toEqual(before);
    expect(await shelf(central.db, other)).toMatchObject([
      { sku: 'A', name: 'Oil', barcodes: ['222'] },
      { sku: 'B', name: 'Salt', barcodes: ['111'] },
    ]);
  });

  test('that run two imports at once end with one catalogue', async () => {
    const shop = await central.addCompany();
    const both = await Promise.all([
      load(central.db, shop, aCatalogue(400)),
      load(central.db, shop, aCatalogue(400)),
    ]);
    expect(both.map(({ counts }) => counts.new + counts.unchanged)).toEqual([400, 400]);
    expect(both.reduce((sum, { counts }) => sum + counts.new, 0)).toBe(400);
    expect(await shelf(central.db, shop)).toHaveLength(400);
  });

  test('that put a category into another department find it there after an import', async () => {
    const shop = await central.addCompany();
    await load(central.db, shop, 'sku,name,price,category\nA,Tea,1,Food/Tea\n');
    await inCompany(central.db, shop.company_id, async (tx) => {
      await rows(tx, `insert into department (company_id, code, name) values ($1, 'HOT', 'Hot drinks')`, [
        tx.company_id,
      ]);
      await rows(tx, `update sales_category set department_code = 'HOT' where code = 'Food/Tea'`);
    });
    await load(central.db, shop, 'sku,name,price,category\nB,Green tea,1,Food/Tea\n');
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
    await expect(load(central.db, central.company, file, options)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(sentence),
    });
  });

  test('prices in one of several currencies', async () => {
    const shop = await central.addCompany();
    await inCompany(central.db, shop.company_id, (tx) =>
      rows(
        tx,
        `with yen as (insert into company_currency select company_id, 'JPY', 'Yen' from company)
         insert into location select company_id, gen_random_uuid(), 'OSAKA', kind, name, 'JPY', zone, day_change_hour,
           cash_step_minor, denominations, prices_include_tax, tax_rounding from location`,
      ),
    );
    const file = 'sku,name,price\nA,Tea,120\n';
    await expect(load(central.db, shop, file)).rejects.toThrow('There are OSAKA (JPY), SHOP1 (GBP).');
    await load(central.db, shop, file, { location: 'OSAKA', price: undefined });
    expect(await shelf(central.db, shop)).toMatchObject([{ unit_price_micro: 120_000_000 }]);
  });
});

test('a file is closed when its import ends, however that is', async () => {
  let open = 0;
  async function* source(content: string) {
    open += 1;
    try {
      for (const line of content.split('|')) yield Buffer.from(`${line}\n`);
    } finally {
      open -= 1;
    }
  }
  const run = (content: string, signal?: AbortSignal) =>
    importCatalogue(
      central.db,
      central.company.company_id,
      source(content),
      { chunk_rows: 1 },
      undefined,
      signal,
    );
  await run('sku,name,price|A,Tea,1|B,Salt,1');
  await expect(run('sku,name|A,Tea|B,Salt')).rejects.toThrow('There is no column for the price');
  await expect(run('sku,"name|A,Tea|B,Salt')).rejects.toThrow('never closed');
  await run('sku,name,price|A,Tea,1|B,Salt,1|C,Oil,1|D,Rice,1', AbortSignal.abort());
  expect(open).toBe(0);
});
