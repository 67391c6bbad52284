import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { itemByCode } from '../../../src-main/data/catalogue/lookup.ts';
import { searchItems } from '../../../src-main/data/catalogue/search.ts';
import { applyPage } from '../../../src-main/data/sync/apply-page.ts';
import { pullFaults, pullState } from '../../../src-main/data/sync/pull-state.ts';
import { anItem, aPage, itemRow, openShop, pullInto, rowOf } from './shop.ts';

function shopWith(...items: ReturnType<typeof anItem>[]) {
  const { till } = openShop();
  pullInto(till, items.map(itemRow));
  return till;
}
const names = (till: ReturnType<typeof shopWith>, text: string, limit = 50) =>
  searchItems(till.catalog, text, limit).map((item) => item.name);

describe('a code that is scanned or typed', () => {
  test('means the item with that barcode in any spelling, else with that SKU', () => {
    const till = shopWith(
      anItem({ name: 'UPC', barcodes: ['036000291452'] }),
      anItem({ name: 'EAN', barcodes: ['0036000291469'] }),
      anItem({ name: 'By SKU', sku: '22457' }),
      anItem({ name: 'By barcode', barcodes: ['22457'] }),
    );
    const nameOf = (code: string) => itemByCode(till.catalog, code)?.name;
    expect(nameOf('0036000291452')).toBe('UPC');
    expect(nameOf('036000291469')).toBe('EAN');
    expect(nameOf('22457')).toBe('By barcode');
    expect(nameOf('22458')).toBeUndefined();
  });

  test('tells m from M, and takes the other case where there is only one', () => {
    const till = shopWith(
      anItem({ name: 'Manual', sku: 'M' }),
      anItem({ name: 'manual small', sku: 'm' }),
      anItem({ name: 'Postage', sku: 'POST' }),
    );
    const nameOf = (code: string) => itemByCode(till.catalog, code)?.name;
    expect([nameOf('M'), nameOf('m'), nameOf('post')]).toEqual(['Manual', 'manual small', 'Postage']);
  });

  test('shared by two items means the one that is still sold', () => {
    const till = shopWith(
      anItem({ name: 'Old', barcodes: ['4006381333931'], active: false }),
      anItem({ name: 'New', barcodes: ['4006381333931'] }),
      anItem({ name: 'Ended', barcodes: ['96385074'], active: false }),
    );
    expect(itemByCode(till.catalog, '4006381333931')?.name).toBe('New');
    expect(itemByCode(till.catalog, '96385074')).toMatchObject({ name: 'Ended', active: false });
  });

  test('keeps odd characters, as real labels have them', () => {
    const till = shopWith(anItem({ name: 'Odd', barcodes: [`"A'b %_*1`] }));
    expect(itemByCode(till.catalog, `"A'b %_*1`)?.name).toBe('Odd');
    expect(itemByCode(till.catalog, '%')).toBeNull();
  });
});

describe('a search as it is typed', () => {
  const till = () =>
    shopWith(
      anItem({ name: 'Кофе «Арабика» молотый, 250 г' }),
      anItem({ name: 'Ёжик резиновый' }),
      anItem({ name: 'Café crème brûlée' }),
      anItem({ name: 'Chocolate Bar with "Nuts" (50%)' }),
      anItem({ name: 'Bar stool', active: false }),
    );

  test.each([
    ['молот кофе', 'Кофе «Арабика» молотый, 250 г'],
    ['250 ара', 'Кофе «Арабика» молотый, 250 г'],
    ['ежик', 'Ёжик резиновый'],
    ['ЁЖ', 'Ёжик резиновый'],
    ['creme cafe', 'Café crème brûlée'],
    ['BRÛL', 'Café crème brûlée'],
    ['nuts choc', 'Chocolate Bar with "Nuts" (50%)'],
    ['50', 'Chocolate Bar with "Nuts" (50%)'],
  ])('finds %s', (text, name) => {
    expect(names(till(), text)).toEqual([name]);
  });

  test.each(['', '   ', '"', '*', '%', 'OR', 'bar NOT nuts', '()', "'; DROP TABLE item"])(
    'takes %j as text and nothing else',
    (text) => {
      expect(names(till(), text)).toEqual([]);
    },
  );

  test('leaves out what is not sold', () => {
    expect(names(till(), 'bar')).toEqual(['Chocolate Bar with "Nuts" (50%)']);
  });

  test('puts the item first whose code was typed, then SKUs that begin so, then names', () => {
    const shop = shopWith(
      anItem({ name: 'Lamp 85123', sku: 'X1' }),
      anItem({ name: 'Cream', sku: '85123B' }),
      anItem({ name: 'Exact', sku: 'Y2', barcodes: ['85123'] }),
    );
    expect(names(shop, '85123').slice(0, 4)).toEqual([
      'Exact',
      'White Hanging Heart T-Light Holder',
      'Cream',
      'Lamp 85123',
    ]);
  });

  test.each([
    ['chocolate', ['Chocolate bar', 'Chocolaterie sign']],
    ['chocolater', ['Chocolaterie sign']],
    ['bar choco', ['Chocolate bar']],
    ['sign chocolaterie', ['Chocolaterie sign']],
    ['chocolates', []],
    ['шоколадка', ['Плитка шоколадка']],
    ['шоколадный', []],
    ['😀😀😀😀😀😀', []],
  ])('takes the long word %s to its last letter', (text, expected) => {
    const shop = shopWith(
      anItem({ name: 'Chocolate bar' }),
      anItem({ name: 'Chocolaterie sign' }),
      anItem({ name: 'Плитка шоколадка' }),
    );
    expect(names(shop, text)).toEqual(expected);
  });

  test('finds what is rare among thousands that begin alike', () => {
    const alike = Array.from({ length: 2500 }, (_, index) => anItem({ name: `Chocolate ${index}` }));
    const shop = shopWith(...alike, anItem({ name: 'Chocolaterie 7' }));
    expect(names(shop, 'chocolaterie')).toEqual(['Chocolaterie 7']);
    expect(names(shop, 'chocolate', 3)).toEqual(['Chocolate 0', 'Chocolate 1', 'Chocolate 2']);
    expect(names(shop, '2499 chocolate')).toEqual(['Chocolate 2499']);
    expect(names(shop, 'chocolatier')).toEqual([]);
  });

  test('stops at its limit', () => {
    const shop = shopWith(...Array.from({ length: 30 }, (_, index) => anItem({ name: `Candle ${index}` })));
    expect(names(shop, 'candle', 7)).toHaveLength(7);
  });
});

describe('what is pulled', () => {
  test('changes names, codes and prices, and what is gone is found no more', () => {
    const cup = anItem({ name: 'Blue cup', sku: 'CUP', barcodes: ['96385074'] });
    const till = shopWith(cup);
    pullInto(till, [itemRow({ ...cup, name: 'Green mug', sku: 'MUG', barcodes: ['4006381333931'] })]);
    expect([names(till, 'blue'), names(till, 'green'), names(till, 'cup')]).toEqual([[], ['Green mug'], []]);
    expect([itemByCode(till.catalog, '96385074'), itemByCode(till.catalog, 'CUP')]).toEqual([null, null]);
    pullInto(till, [{ entity: 'item', key: cup.variant_id, row: null }]);
    expect([names(till, 'green'), itemByCode(till.catalog, '4006381333931')]).toEqual([[], null]);
    expect(pullState(till.catalog).items).toBe(3);
  });

  test('in a refill leaves nothing of before, over however many pages', () => {
    const [kept, dropped] = [anItem({ name: 'Kept' }), anItem({ name: 'Dropped' })];
    const till = shopWith(kept, dropped);
    pullInto(till, [itemRow(kept)], { reset: true, more: true });
    expect(names(till, 'dropped')).toEqual(['Dropped']);
    pullInto(till, [itemRow(anItem({ name: 'Fresh' }))], { more: false });
    expect(names(till, 'dropped')).toEqual([]);
    expect(names(till, 'kept')).toEqual(['Kept']);
    expect(pullState(till.catalog)).toMatchObject({ items: 2, refilling: 0 });
    expect(till.catalog.prepare('SELECT count(*) AS left FROM reference').get()).toEqual({ left: 0 });
  });

  test('of another cursor than the one reached is not taken', () => {
    const till = shopWith();
    const before = pullState(till.catalog);
    expect(applyPage(till.catalog, aPage([itemRow(anItem())]), uuidv7(), '2026-03-01T09:00:00.000Z')).toBe(
      false,
    );
    expect(pullState(till.catalog)).toEqual(before);
  });

  test('and cannot be understood is left out, told of, and mended by the next good row', () => {
    const item = anItem({ name: 'Mended' });
    const till = shopWith();
    pullInto(till, [
      rowOf('item', item.variant_id, { ...item, unit_price_micro: '2.55' }),
      rowOf('user', uuidv7(), { name: 'Nobody' }),
      itemRow(anItem({ name: 'Neighbour' })),
    ]);
    expect(names(till, 'neighbour')).toEqual(['Neighbour']);
    expect(pullFaults(till.catalog)).toContain('2 row(s)');
    pullInto(till, [itemRow(item)]);
    expect(names(till, 'mended')).toEqual(['Mended']);
    expect(pullFaults(till.catalog)).toContain('1 row(s)');
  });

  test('and names one item twice leaves it as it was named last', () => {
    const item = anItem({ name: 'First' });
    const till = shopWith();
    pullInto(till, [itemRow(item), itemRow({ ...item, name: 'Second' })]);
    expect([names(till, 'first'), names(till, 'second')]).toEqual([[], ['Second']]);
    pullInto(till, [{ entity: 'item', key: item.variant_id, row: null }, itemRow(item)]);
    expect(names(till, 'first')).toEqual(['First']);
  });
});
