import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heading, pair, type ReceiptRow, RULE, triple, words } from '#shared/sales/receipt-rows.ts';
import { type PaperColumns, receiptText } from '#shared/sales/receipt-text.ts';
import { characters, wrapText } from '#shared/sales/text-wrap.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc
    .array(fc.constantFrom('White', 'фонарь', 'crème', '日本語', '👩‍👧', 'e\u0301tude', 'x'.repeat(60), ''), {
      maxLength: 12,
    })
    .map((parts) => parts.join(' ')),
);
const columns = fc.constantFrom<PaperColumns>(32, 42, 48);
const row: fc.Arbitrary<ReceiptRow> = fc.oneof(
  anyText.map((text) => words(text)),
  anyText.map((text) => heading(text, 'strong')),
  fc.tuple(anyText, anyText).map(([label, figure]) => pair(label, figure)),
  fc.tuple(anyText, anyText, anyText).map(([label, first, second]) => triple(label, first, second)),
  fc.constant(RULE),
);
const solid = (text: string) => text.replace(/\s/gu, '');
const textOf = (entry: ReceiptRow) =>
  entry.kind === 'text'
    ? entry.text
    : entry.kind === 'columns'
      ? entry.cells.join(' ')
      : entry.kind === 'qr'
        ? entry.content
        : '';

describe('a receipt as plain text', () => {
  test('never loses a character, however long the names are', () => {
    fc.assert(
      fc.property(row, columns, (entry, width) => {
        fc.pre(entry.kind !== 'rule');
        const lost = (text: string) => [...solid(text)].sort().join('');
        expect(lost(receiptText([entry], width))).toBe(lost(textOf(entry)));
      }),
      { numRuns: 500 },
    );
  });

  test('never runs over the edge of the paper', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), columns, (rows, width) => {
        for (const line of receiptText(rows, width).split('\n')) {
          expect(characters(line).length).toBeLessThanOrEqual(width);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('wraps a long name beside its price, which stands on the last line', () => {
    const name = 'Set of three coloured flying ducks, hand painted, for the wall of the living room';
    expect(receiptText([pair(name, '5.45')], 42)).toBe(
      [
        'Set of three coloured flying ducks,',
        'hand painted, for the wall of the',
        'living room                           5.45',
        '',
      ].join('\n'),
    );
  });

  test('puts a figure as long as the line below its label', () => {
    const figure = 'a reference of forty characters and more';
    expect(receiptText([pair('Reference', figure)], 42)).toBe(`Reference\n${figure.padStart(42)}\n`);
    expect(receiptText([triple('Tax', '123456789012.00', '1.00')], 42)).toBe(
      `Tax\n${'123456789012.00'.padStart(42)}\n${'1.00'.padStart(42)}\n`,
    );
  });

  test('gives East Asian characters the two columns that they take', () => {
    expect(receiptText([pair('日本', '1.00')], 32)).toBe(`日本${' '.repeat(24)}1.00\n`);
  });
});

describe('wrapping', () => {
  const byCharacters = (text: string) => characters(text).length;

  test('keeps every word whole where it fits, and every letter with its accents where it does not', () => {
    expect(wrapText('one two three', 7, byCharacters)).toEqual(['one two', 'three']);
    expect(wrapText('e\u0301'.repeat(5), 2, byCharacters)).toEqual([
      'e\u0301e\u0301',
      'e\u0301e\u0301',
      'e\u0301',
    ]);
    expect(wrapText('👩‍👧👩‍👧', 1, byCharacters)).toEqual(['👩‍👧', '👩‍👧']);
    expect(wrapText('', 10, byCharacters)).toEqual(['']);
    expect(wrapText('  indented text', 10, byCharacters)).toEqual(['  indented', '  text']);
  });

  test('loses nothing but white space, keeps the order, and fits the width', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, width) => {
        const lines = wrapText(text, width, byCharacters);
        expect(solid(lines.join(''))).toBe(solid(text));
        for (const line of lines) expect(byCharacters(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 500 },
    );
  });
});
