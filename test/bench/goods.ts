import { v7 as uuid } from 'uuid';
import { gtinCheckDigit } from '#shared/catalogue/gtin.ts';
import type { Item } from '#shared/catalogue/item.ts';
import { variantIdSchema } from '#shared/ids.ts';
import { unitPrice } from '#shared/sales/money.ts';
import { pick, seededRandom } from '../../demo/random.ts';

const MAKERS =
  'Alder Birk Corvo Dunne Émile Fjord Günther Harrow Ibis Júpiter Ключ Лесной Марта Норд Öland'.split(' ');
const KINDS =
  'lantern kettle blanket mug notebook candle basket teapot cushion frame bowl apron spoon lamp чайник кружка свеча плед блокнот'.split(
    ' ',
  );
const LOOKS =
  'white red blue striped oak copper woven enamel glazed folding vintage small large синий белый дубовый'.split(
    ' ',
  );
const SIZES = ['250 ml', '500 ml', '1 l', '12 cm', '30 cm', '2 pcs', '6 pcs', '100 g', '1 kg', 'XL'];

/** Believable items by number: the same ones each time, names in two alphabets, EAN-13 codes. */
export function goods(count: number): Item[] {
  const random = seededRandom(7);
  const word = (from: readonly string[]) => from[pick(random, from.length)] ?? '';
  return Array.from({ length: count }, (_, index) => {
    const digits = `20${String(index).padStart(10, '0')}`;
    return {
      variant_id: variantIdSchema.parse(uuid()),
      sku: `B${String(index).padStart(7, '0')}`,
      name: `${word(MAKERS)} ${word(KINDS)} ${word(LOOKS)} ${word(LOOKS)} ${word(SIZES)} ${index % 9973}`,
      unit_price_micro: unitPrice((99 + pick(random, 9900)) * 1_000_000),
      category: 'UNSORTED',
      tax_class: 'STD',
      active: true,
      barcodes: [`${digits}${gtinCheckDigit(digits)}`],
    };
  });
}
