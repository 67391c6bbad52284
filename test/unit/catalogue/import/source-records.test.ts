import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aFile, readTable } from './a-file.ts';

const cells = (...rows: string[][]) => rows.map((row, index) => ({ line: index + 2, cells: row }));

describe('a file is read', () => {
  test.each([
    ['commas', 'sku,name\nA1,Milk\n', ','],
    ['tabs', 'sku\tname\nA1\tMilk\n', '\t'],
    ['semicolons', 'sku;name\nA1;Milk\n', ';'],
    ['a delimiter within a quoted header', '"sku;of;ours",name\nA1,Milk\n', ','],
  ])('with %s between its cells', async (_what, content, delimiter) => {
    const table = await readTable(aFile(content));
    expect(table.delimiter).toBe(delimiter);
    expect(table.records).toEqual(cells(['A1', 'Milk']));
  });

  test('with Windows line ends, a byte order mark and no end of the last line', async () => {
    const table = await readTable(aFile('\ufeffsku,name\r\nA1,Milk\r\nA2,Молоко'));
    expect(table.header).toEqual(['sku', 'name']);
    expect(table.records).toEqual(cells(['A1', 'Milk'], ['A2', 'Молоко']));
  });

  test('and blank lines are passed over, but counted', async () => {
    const { records } = await readTable(aFile('\n\nsku,name\n\nA1,Milk\n   \nA2,Tea\n\n'));
    expect(records.map(({ line }) => line)).toEqual([5, 7]);
  });

  test('the same in pieces of any size, plain or gzip', async () => {
    const rows = [
      'sku,name',
      'A1,"Молоко, 1 л"',
      'A2,"two',
      'lines"',
      'A3,3" pipe',
      '',
      'A4,"never closed',
      'A5,Tea €',
    ];
    const content = Buffer.from(rows.join('\r\n'));
    const whole = await readTable(aFile(content));
    expect(whole.records).toHaveLength(5);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.boolean(), async (piece, isGzip) => {
        expect(await readTable(aFile(isGzip ? gzipSync(content) : content, piece))).toEqual(whole);
      }),
    );
  });

  test('in Windows-1252 and 1251 where it is said, and in UTF-16 where the file says so', async () => {
    const western = Buffer.from([...Buffer.from('sku,name\nA1,Caf'), 0xe9, 0x20, 0x80, 0x0a]);
    expect((await readTable(aFile(western), 'windows-1252')).records).toEqual(cells(['A1', 'Café €']));
    const cyrillic = Buffer.from([...Buffer.from('sku,name\nA1,'), 0xd7, 0xe0, 0xe9, 0x0a]);
    expect((await readTable(aFile(cyrillic), 'windows-1251')).records).toEqual(cells(['A1', 'Чай']));
    const wide = Buffer.from('\ufeffsku\tname\r\nA1\tЧай\r\n', 'utf16le');
    expect((await readTable(aFile(wide, 3))).records).toEqual(cells(['A1', 'Чай']));
  });

  test('with its byte order mark, whatever encoding was said', async () => {
    expect((await readTable(aFile('\ufeffsku,name\nA1,Чай'), 'windows-1252')).records).toEqual(
      cells(['A1', 'Чай']),
    );
  });
});

describe('what is wrong in a file spoils its own row only:', () => {
  const faults = async (content: string | Uint8Array) =>
    (await readTable(aFile(content))).records.map((record) =>
      'fault' in record ? `${record.line}: ${record.fault}` : record.cells.join('|'),
    );

  test('a quote that is never closed', async () => {
    const rest = Array.from({ length: 300 }, (_, index) => `B${index},Tea`);
    const read = await faults(['sku,name', 'A1,"Milk', ...rest].join('\n'));
    expect(read[0]).toBe('2: a quote is opened and never closed');
    expect(read.slice(1)).toEqual(rest.map((row) => row.replace(',', '|')));
  });

  test('two quotes that are never closed and close each other', async () => {
    expect(await faults('sku,name\nA1,"Milk\nA2,Tea\nA3,"Salt, fine"\nA4,Oil\n')).toEqual([
      '2: text follows a closing quote; quotes within a quoted cell must be doubled',
      'A2|Tea',
      'A3|Salt, fine',
      'A4|Oil',
    ]);
  });

  test('quotes in tab-separated files are no quotes at all', async () => {
    expect(await faults('sku\tname\nA1\t1.296"\nA2\t"Tea\nA3\tSalt\n')).toEqual([
      'A1|1.296"',
      'A2|"Tea',
      'A3|Salt',
    ]);
  });

  test('bytes that are not UTF-8', async () => {
    const content = Buffer.from([
      ...Buffer.from('sku,name\nA1,Milk\nA2,Caf'),
      0xe9,
      ...Buffer.from('\nA3,Tea\n'),
    ]);
    expect(await faults(content)).toEqual([
      'A1|Milk',
      '3: is not UTF-8; if the whole file is Windows-1252, import it with --encoding windows-1252',
      'A3|Tea',
    ]);
  });

  test('random bytes end with rows or a refusal, and never with a row of another line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 50 }),
        async (noise, piece) => {
          const content = Buffer.concat([Buffer.from('sku,name\n'), noise, Buffer.from('\nLAST,Tea\n')]);
          const { records } = await readTable(aFile(content, piece));
          const last = records.at(-1);
          expect(last).toMatchObject({
            cells: ['LAST', 'Tea'],
            line: content.toString('latin1').split('\n').length - 1,
          });
        },
      ),
    );
  });
});

describe('what is no table is refused in a sentence:', () => {
  test.each([
    ['an empty file', '', 'The file is empty.'],
    ['blank lines alone', '\n \n\n', 'The file is empty.'],
    [
      'lines that end in carriage returns alone',
      'sku,name\rA1,Milk\r',
      'The lines end in carriage returns alone',
    ],
    [
      'an unclosed quote in the header',
      'sku,"name\nA1,Milk\n',
      'the header: a quote is opened and never closed',
    ],
    ['an endless line', `sku,name\n${'x'.repeat(1_100_000)}`, 'Line 2 is longer than 1 MiB'],
  ])('%s', async (_what, content, sentence) => {
    await expect(readTable(aFile(content))).rejects.toThrow(sentence);
  });

  test('a compressed file that is cut off', async () => {
    const packed = gzipSync(`sku,name\n${'A1,Milk\n'.repeat(10_000)}`);
    await expect(readTable(aFile(packed.subarray(0, -9)))).rejects.toThrow('damaged or cut off');
  });

  test('a compressed file with a damaged byte', async () => {
    const packed = gzipSync(Array.from({ length: 5000 }, (_, index) => `A${index * 7919},Milk\n`).join(''));
    packed[packed.length - 6] = (packed.at(-6) ?? 0) ^ 0xff;
    await expect(readTable(aFile(packed))).rejects.toThrow('damaged or cut off');
  });
});
