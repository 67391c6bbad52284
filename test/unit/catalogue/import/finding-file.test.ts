import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvCell, openFindingFile } from '../../../../server/catalogue/import/finding-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tilldock-findings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('findings make a table that a spreadsheet opens', async () => {
  const path = join(folder, 'a.csv');
  const file = await openFindingFile(path);
  expect(file.isEmpty()).toBe(true);
  await file.write([
    { kind: 'rejected', line: 3, column: 'price', value: '=1+1', reason: 'is not a price' },
    { kind: 'warning', line: 4, column: '', value: `"${'ж'.repeat(300)}`, reason: 'odd, but "taken"' },
  ]);
  await file.close();
  const text = await readFile(path, 'utf8');
  expect(text.startsWith('\ufeffline,kind,column,value,reason\r\n')).toBe(true);
  expect(parse(text, { bom: true, columns: true })).toEqual([
    { line: '3', kind: 'rejected', column: 'price', value: "'=1+1", reason: 'is not a price' },
    { line: '4', kind: 'warning', column: '', value: `"${'ж'.repeat(199)}…`, reason: 'odd, but "taken"' },
  ]);
});

test('where there is nothing to say there is no file, not even an older one', async () => {
  const path = join(folder, 'b.csv');
  await writeFile(path, 'of a run before');
  const file = await openFindingFile(path);
  await file.write([]);
  await file.close();
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});

test('no cell is a formula, and every cell can be read back', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;aж') }), (text) => {
      const [[cell = ''] = []]: string[][] = parse(csvCell(text), { record_delimiter: '\0' });
      expect(cell).not.toMatch(/^[=+\-@\t\r]/);
      expect(cell.replace(/^'(?=[=+\-@\t\r])/, '')).toBe(text);
    }),
  );
});
