import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { addRow, newTableSum, tableHashOf } from '#shared/sync/table-hash.ts';

function hashOf(rows: readonly unknown[]) {
  const sum = newTableSum();
  for (const row of rows) addRow(sum, createHash('sha256').update(canonicalJson(row)).digest());
  return tableHashOf(sum);
}

test('the example of docs/sync.md', () => {
  expect(hashOf([])).toEqual({ rows: 0, hash: '0000000000000000' });
  expect(hashOf([{ code: 'TOYS', name: 'Toys' }])).toEqual({ rows: 1, hash: '83b54784e5440fa4' });
  const both = [
    { code: 'TOYS', name: 'Toys' },
    { code: 'GAMES', name: 'Games' },
  ];
  expect(hashOf(both)).toEqual({ rows: 2, hash: '61755a0e2354824e' });
});

test('the order of rows makes no difference, and any other difference does', () => {
  const table = fc.uniqueArray(fc.record({ code: fc.string({ minLength: 1 }), name: fc.string() }), {
    selector: (row) => row.code,
    maxLength: 20,
  });
  fc.assert(
    fc.property(table, fc.nat(), (rows, at) => {
      const sound = rows.filter((row) => (row.code + row.name).isWellFormed());
      const turned = [...sound.slice(at % (sound.length + 1)), ...sound.slice(0, at % (sound.length + 1))];
      expect(hashOf(turned)).toEqual(hashOf(sound));
      const changed = sound.map((row, index) => (index === 0 ? { ...row, name: `${row.name}!` } : row));
      if (sound.length > 0) expect(hashOf(changed)).not.toEqual(hashOf(sound));
      expect(hashOf([...sound, { code: '', name: '' }])).not.toEqual(hashOf(sound));
    }),
  );
});
