import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldForSearch, searchWords } from '#shared/catalogue/search-text.ts';

test.each([
  ['Café CRÈME', 'cafe creme'],
  ['Ёлка Йогурт', 'елка иогурт'],
  ['ﬁne ½', 'fine 1⁄2'],
  ['İstanbul', 'istanbul'],
  ['６００ ml', '600 ml'],
  ['WHITE LANTERN', 'white lantern'],
])('%s is searched as %s', (text, folded) => {
  expect(foldForSearch(text)).toBe(folded);
});

test('what is typed finds the name whether or not it was typed with accents and capitals', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(foldForSearch(foldForSearch(text))).toBe(foldForSearch(text));
      expect(foldForSearch(text.normalize('NFD'))).toBe(foldForSearch(text.normalize('NFC')));
    }),
    { numRuns: 500 },
  );
});

test('a search is split into words of letters and digits, in the order typed', () => {
  expect(searchWords('  Milk, 1.5% "UHT" – Молоко ')).toEqual(['milk', '1', '5', 'uht', 'молоко']);
  expect(searchWords('?!')).toEqual([]);
});
