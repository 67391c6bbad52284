import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unnest } from '../../server/columns.ts';
import { inCompany, rows } from '../../server/db.ts';
import { startCentral } from '../support/start-central.ts';

const { central } = await startCentral();

type Row = {
  id: string | null;
  amount: number | null;
  words: string | null;
  rate: number;
  on: string | null;
};

const anyRow: fc.Arbitrary<Row> = fc.record({
  id: fc.option(fc.uuid()),
  amount: fc.option(fc.maxSafeInteger()),
  // PostgreSQL holds no NUL, and a lone surrogate is no text.
  words: fc.option(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '').toWellFormed())),
  rate: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  on: fc.option(fc.constantFrom('2026-03-01', '1999-12-31', '2000-02-29')),
});

const read = (given: readonly Row[]): Promise<Row[]> =>
  inCompany(central.db, central.company.company_id, (tx) => {
    const { names, clause, values } = unnest<Row>(given, {
      id: { type: 'uuid', of: (row) => row.id },
      amount: { type: 'bigint', of: (row) => row.amount },
      words: { type: 'text', of: (row) => row.words },
      rate: { type: 'integer', of: (row) => row.rate },
      '"on"': { type: 'date', of: (row) => row.on },
    });
    return rows<Row>(tx, `select ${names} from ${clause}`, values);
  });

test('the database reads every column of values as they were given, whatever is in them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRow, { maxLength: 50 }), async (given) => {
      expect(await read(given)).toEqual(given);
    }),
    { numRuns: 100 },
  );
});

test('a number that is not a whole one, or too large to be exact, is never written', async () => {
  const row: Row = { id: null, amount: 2 ** 53, words: null, rate: 0, on: null };
  await expect(read([row])).rejects.toThrow('9007199254740992 is not a safe integer');
  await expect(read([{ ...row, amount: 0.5 }])).rejects.toThrow('0.5 is not a safe integer');
});

test('a rate that its column cannot hold is refused by the database, which says so by its code', async () => {
  const row: Row = { id: null, amount: 0, words: null, rate: 2 ** 31, on: null };
  await expect(read([row])).rejects.toMatchObject({ code: '22003' });
});

test('an id that is none is never written', async () => {
  const row: Row = { id: 'f', amount: 0, words: null, rate: 0, on: null };
  await expect(read([row])).rejects.toThrow('f is not a UUID');
});
