import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fullSku, hexSignature, upisH } from '#shared/catalogue/identity.ts';
import { inCompany, rows } from '../../server/db.ts';
import { type TestCentral, testCentral } from '../support/central.ts';

let central: TestCentral;
beforeAll(async () => {
  central = await testCentral();
});
afterAll(() => central?.close());

const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const variant = fc.record({
  product_id: fc.oneof(
    fc.integer({ min: 1, max: 0xff_ffff }),
    fc.constantFrom(1, 99_999, 100_000, 0xff_ffff),
  ),
  type: letter,
  lci: fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0xffff)),
  physical_class: letter,
  colour_code: fc.constantFrom('BK', 'WY', 'XX'),
  condition_code: fc.constantFrom('N', 'U', 'R', 'D'),
});

test('PostgreSQL and the program give an identity the same names', async () => {
  const known = fc.uniqueArray(variant, {
    minLength: 300,
    maxLength: 300,
    selector: (one) => `${one.product_id}/${one.type}/${one.lci}`,
  });
  await fc.assert(
    fc.asyncProperty(known, async (variants) => {
      const company = await central.addCompany();
      const named = await inCompany(central.db, company.company_id, async (tx) => {
        const given = `jsonb_to_recordset($2::jsonb) as given (place integer, product_id integer, type text, lci integer,
          physical_class text, colour_code colour_code, condition_code condition_code)`;
        const values = [tx.company_id, JSON.stringify(variants.map((one, place) => ({ ...one, place })))];
        await rows(
          tx,
          `insert into product_family (company_id, product_id, base_name)
           select distinct $1::uuid, product_id, 'Some thing' from ${given}`,
          values,
        );
        return rows<{ upis_h: string; hex_signature: string; full_sku: string }>(
          tx,
          `with made as (
             insert into product_identity (company_id, product_id, type, lci, physical_class)
             select $1, product_id, type, lci, physical_class from ${given}
             returning product_id, type, lci, generated_upis_h, hex_signature
           )
           select m.generated_upis_h as upis_h, m.hex_signature, full_sku(row(
               $1, null, product_id, type, lci, given.colour_code, given.condition_code, '', '', 0, '', '', true)::variant
             ) as full_sku
           from made m join ${given} using (product_id, type, lci) order by given.place`,
          values,
        );
      });
      expect(named).toEqual(
        variants.map((one) => ({
          upis_h: upisH(one),
          hex_signature: hexSignature(one),
          full_sku: fullSku(one),
        })),
      );
    }),
    { numRuns: 5 },
  );
});

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: central.ownerUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

test('what a thing is never changes, whoever asks', async () => {
  const company = await central.addCompany();
  await inCompany(central.db, company.company_id, async (tx) => {
    await rows(
      tx,
      `insert into product_family (company_id, product_id, base_name) values ($1, 1, 'Lantern')`,
      [tx.company_id],
    );
    await rows(
      tx,
      `insert into product_identity (company_id, product_id, type, lci, physical_class) values ($1, 1, 'P', 1, 'E')`,
      [tx.company_id],
    );
  });
  const asServer = (sql: string) => inCompany(central.db, company.company_id, (tx) => rows(tx, sql));
  await expect(asServer('update product_identity set lci = 2')).rejects.toThrow('permission denied');
  await expect(asServer('delete from product_identity')).rejects.toThrow('permission denied');
  for (const sql of [
    'update product_identity set lci = 2',
    'delete from product_identity',
    'truncate product_identity cascade',
  ]) {
    await expect(asOwner(sql), sql).rejects.toThrow('is refused: its rows are never changed');
  }
});
