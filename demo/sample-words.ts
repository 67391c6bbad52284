/** What the shop of the sample sells: made-up brands and goods, priced in pence. */
export type Shelf = {
  prefix: string;
  category: string;
  department: string;
  tax_class: 'STD' | 'RED' | 'ZERO';
  brands: readonly string[];
  goods: readonly string[];
  sizes: readonly string[];
  pence: readonly [from: number, to: number];
  /** Sold by weight, at a price per kilogram. */
  weighed?: true;
};

const list = (words: string): string[] => words.split('|').map((word) => word.trim());

const GROCERS = list(
  'Larkmere | Tidewell | Oakham Lane | Brånes | Côte Douce | Dvořina | Peña Alta | Mill & Marrow',
);
const MAKERS = list(
  'Kvistgård | Nordhjem | Fennick | Hollow Oak | Atelier Sörèn | Brightwater | Peg & Pine | Ízar',
);

export const SHELVES: readonly Shelf[] = [
  {
    prefix: 'BAK',
    category: 'Bread and cakes',
    department: 'Food',
    tax_class: 'ZERO',
    brands: GROCERS,
    goods: list(
      'Sourdough loaf | Rye loaf, seeded | Crème brûlée tart | Almond croissant | Poppy seed roll | Oat flapjack | Ginger loaf cake | Cheese scone | Pain aux raisins | Flatbread, garlic',
    ),
    sizes: list('single | large | pack of 2 | pack of 4 | gluten free'),
    pence: [95, 620],
  },
  {
    prefix: 'DAI',
    category: 'Dairy and eggs',
    department: 'Food',
    tax_class: 'ZERO',
    brands: GROCERS,
    goods: list(
      'Whole milk | Semi-skimmed milk | Salted butter | Greek style yoghurt | Mature cheddar | Crème fraîche | Free range eggs | Kefir, plain | Goat’s cheese log | Clotted cream',
    ),
    sizes: list('small | large | twin pack | family pack | organic'),
    pence: [85, 740],
  },
  {
    prefix: 'FRV',
    category: 'Fruit and vegetables',
    department: 'Food',
    tax_class: 'ZERO',
    brands: list('loose | organic | Kentish | Jersey | imported | wonky'),
    goods: list(
      'Bramley apples | Conference pears | Victoria plums | Vine tomatoes | Chestnut mushrooms | Savoy cabbage | Red onions | Rhubarb | Parsnips | Cavolo nero | Jalapeño chillies',
    ),
    sizes: list('per kg | bagged, per kg'),
    pence: [89, 899],
    weighed: true,
  },
  {
    prefix: 'PAN',
    category: 'Store cupboard',
    department: 'Food',
    tax_class: 'ZERO',
    brands: GROCERS,
    goods: list(
      'Basmati rice | Penne rigate | Red lentils | Chopped tomatoes | Anchovies in oil | Wildflower honey | Piccalilli | Porridge oats | Plain flour | Wholegrain mustard | Couscous',
    ),
    sizes: list('250 g | 400 g | 500 g | 1 kg | 2 kg'),
    pence: [75, 1250],
  },
  {
    prefix: 'CNF',
    category: 'Sweets and biscuits',
    department: 'Food',
    tax_class: 'STD',
    brands: GROCERS,
    goods: list(
      'Dark chocolate, 70% | Milk chocolate buttons | Salted caramels | Liquorice twists | Shortbread fingers | Stem ginger cookies | Fruit jellies | Peppermint creams | Florentines',
    ),
    sizes: list('90 g | 100 g | 180 g | gift box | tin'),
    pence: [110, 1495],
  },
  {
    prefix: 'DRK',
    category: 'Soft drinks',
    department: 'Drinks',
    tax_class: 'STD',
    brands: GROCERS,
    goods: list(
      'Cloudy lemonade | Ginger beer | Elderflower pressé | Tonic water | Sparkling water | Apple juice | Cola | Rose cordial | Iced tea, peach',
    ),
    sizes: list('250 ml | 330 ml | 500 ml | 750 ml | 6 × 330 ml'),
    pence: [80, 595],
  },
  {
    prefix: 'TEA',
    category: 'Tea and coffee',
    department: 'Drinks',
    tax_class: 'ZERO',
    brands: list('Café Lumière | Tidewell | Bergamot & Bean | Señor Grano | Old Quay | Hollow Oak | Brånes'),
    goods: list(
      'Breakfast tea | Earl Grey tea | Peppermint tea | Rooibos | Ground coffee, medium | Coffee beans, dark | Decaf coffee | Hot chocolate | Assam loose leaf | Chai spice blend',
    ),
    sizes: list('small | large | tin | refill | organic'),
    pence: [150, 1899],
  },
  {
    prefix: 'EST',
    category: 'Eastern groceries',
    department: 'Food',
    tax_class: 'ZERO',
    brands: list('Северный сад | Белая роща | Ёлочка | Степной край | Добра хата | Берёзка'),
    goods: list(
      'Гречка ядрица | Пряники медовые | Сушки с маком | Зефир ванильный | Икра кабачковая | Сгущёнка | Пельмени домашние | Огурцы солёные | Варенье клубничное | Вареники з вишнею | Халва подсолнечная',
    ),
    sizes: list('250 г | 400 г | 500 г | 900 г | 1 кг'),
    pence: [120, 980],
  },
  {
    prefix: 'CLN',
    category: 'Cleaning',
    department: 'Household',
    tax_class: 'STD',
    brands: MAKERS,
    goods: list(
      'Washing-up liquid | Laundry liquid | Limescale remover | Beeswax polish | Scouring pads | Microfibre cloth | Glass cleaner | Bin liners | Soda crystals',
    ),
    sizes: list('500 ml | 1 l | refill | pack of 3 | pack of 10'),
    pence: [100, 1150],
  },
  {
    prefix: 'PAP',
    category: 'Paper and party',
    department: 'Household',
    tax_class: 'STD',
    brands: MAKERS,
    goods: list(
      'Paper napkins, spotted | Kitchen roll | Birthday candles | Paper straws | Cake cases | Bunting, cotton | Wrapping paper | Gift tags | Balloons',
    ),
    sizes: list('small | large | pack of 20 | pack of 50 | assorted'),
    pence: [95, 850],
  },
  {
    prefix: 'KIT',
    category: 'Kitchen',
    department: 'Home',
    tax_class: 'STD',
    brands: MAKERS,
    goods: list(
      'Baking tin 9" | Cake stand | Enamel mug | Measuring jug | Rolling pin | Wooden spoon | Bread knife 8" | Tea towel, striped | Storage jar | Colander',
    ),
    sizes: list('cream | sage | slate blue | white | natural'),
    pence: [195, 3450],
  },
  {
    prefix: 'DEC',
    category: 'Decoration',
    department: 'Home',
    tax_class: 'STD',
    brands: MAKERS,
    goods: list(
      'Hanging heart, wicker | Tealight holder | Picture frame 6" x 4" | Lantern, metal | Doorstop, "Mouse" | Wall clock | Cushion cover | Vase, ribbed | Photo clips on string',
    ),
    sizes: list('small | medium | large | set of 2 | set of 3'),
    pence: [145, 2995],
  },
  {
    prefix: 'GAR',
    category: 'Garden',
    department: 'Home',
    tax_class: 'STD',
    brands: MAKERS,
    goods: list(
      'Seed packet, foxglove | Seed packet, sweet pea | Plant labels, slate | Trowel | Watering can | Bird feeder | Garden twine | Terracotta pot 5" | Kneeling pad',
    ),
    sizes: list('small | large | green | copper | set of 3'),
    pence: [125, 2650],
  },
  {
    prefix: 'CHD',
    category: 'Children',
    department: 'Home',
    tax_class: 'ZERO',
    brands: MAKERS,
    goods: list(
      'Bib, printed | Sun hat | Woollen mittens | Knitted bootees | Rain cape | Cotton socks | Pyjamas, striped | Bobble hat | Apron, child’s',
    ),
    sizes: list('0–6 months | 6–12 months | 1–2 years | 3–4 years | 5–6 years'),
    pence: [250, 1995],
  },
  {
    prefix: 'STA',
    category: 'Stationery',
    department: 'Home',
    tax_class: 'STD',
    brands: MAKERS,
    goods: list(
      'Notebook, ruled | Notebook, dotted | Fountain pen ink | Pencil case | Greetings card | Wax seals | Desk calendar 2026 | Washi tape | Paperclips, brass',
    ),
    sizes: list('black | blue | green | red | assorted'),
    pence: [95, 1650],
  },
  {
    prefix: 'NRG',
    category: 'Energy saving',
    department: 'Household',
    tax_class: 'RED',
    brands: MAKERS,
    goods: list(
      'Draught excluder | Radiator foil | Pipe lagging | Loft insulation patch | Letterbox brush | Chimney balloon | Window film | Door seal | Hot water cylinder jacket',
    ),
    sizes: list('single | pair | small | large | pack of 4'),
    pence: [325, 4200],
  },
];

/** Rows that tills write without goods: postage, fees, vouchers, corrections by hand. */
export const SERVICES = [
  { code: 'POST', name: 'Postage', pence: 395 },
  { code: 'M', name: 'Manual', pence: 125 },
  { code: 'BANK CHARGES', name: 'Bank charges', pence: 1500 },
  { code: 'gift_0026_20', name: 'Gift voucher £20.00', pence: 2000 },
  { code: 'S', name: 'Samples', pence: 0 },
] as const;

/** Why goods left without a sale, as people write it. */
export const LOSSES = [
  'damaged',
  'thrown away',
  '?',
  'counted',
  'mouldy',
  'label mix up',
  '',
  'given away',
] as const;
