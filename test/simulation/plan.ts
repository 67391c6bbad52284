import type { Random } from '../../demo/random.ts';
import { between, chanceFor, oneOf } from './chance.ts';
import type { DiskFault } from './disk.ts';
import { EXCHANGE_FAULTS, type ExchangeFault } from './network.ts';
import type { StatementFault } from './pool.ts';
import { ITEMS } from './shop.ts';

/** What a person does at a till. Numbers choose among what is there when the moment comes. */
export type Business =
  | {
      do: 'sell';
      till: number;
      lines: Line[];
      pay: 'cash' | 'card' | 'both';
      end: 'pay' | 'give up' | 'hold';
    }
  | { do: 'recall'; till: number }
  | { do: 'refund'; till: number; ticket: number }
  | { do: 'adjust'; till: number; lines: Line[] }
  | { do: 'close day'; till: number; miscount: number }
  | { do: 'synchronise'; till: number };
type Line = { item: number; quantity: number };

/** What the office changes, in one transaction that stands still for `stall` ms before it commits. */
export type OfficeChange = { do: 'price'; shop: number; item: number; pence: number; stall: number };

/** What goes wrong. `nth` counts from that moment on. */
export type Fault =
  | { do: 'exchange'; till: number; fault: ExchangeFault }
  | { do: 'cut off'; till: number; ms: number }
  | { do: 'disk'; till: number; fault: DiskFault['what']; nth: number }
  | { do: 'statement'; fault: StatementFault; nth: number };

export type Step = { readonly at: number } & (Business | OfficeChange | Fault);

/** A history before it happens: everything that is decided beforehand. */
export type Plan = {
  readonly seed: number;
  /** ms since 1970. */
  readonly start: number;
  /** Tills by shop. */
  readonly shops: readonly number[];
  /** Whether tills synchronise by themselves, or when somebody asks them to. */
  readonly autosync: boolean;
  readonly steps: readonly Step[];
};

/** A day's middle, a month's end, and the hours at which clocks are put forward and back. */
const STARTS = [
  '2026-03-02T09:12:00Z',
  '2026-03-29T00:58:30Z',
  '2026-10-25T00:58:30Z',
  '2026-12-31T23:59:20Z',
  '2028-02-28T23:59:40Z',
];

const STATEMENT_FAULTS: readonly StatementFault[] = [
  'serialization failure',
  'deadlock',
  'too busy',
  'lost before',
  'lost after',
];

/** The history that belongs to a seed. Which kinds of faults it has is decided first: few kinds go deep. */
export function planFor(seed: number): Plan {
  const random = chanceFor(seed, 'plan');
  const shops = Array.from({ length: between(random, 1, 2) }, () => between(random, 1, 2));
  const tills = shops.reduce((sum, count) => sum + count, 0);
  const autosync = random() < 0.7;
  const steps: Step[] = [];
  const makers = [business, office, ...FAULTS.filter(() => random() < 0.5)];
  const count = between(random, 10, 40);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    at += random() < 0.2 ? between(random, 500, 6000) : between(random, 0, 400);
    const make = random() < 0.6 ? business : oneOf(random, makers);
    steps.push({ at, ...make(random, { tills, shops: shops.length }) });
  }
  return { seed, start: Date.parse(oneOf(random, STARTS)), shops, autosync, steps };
}

type Size = { readonly tills: number; readonly shops: number };
type Maker = (random: Random, size: Size) => Business | OfficeChange | Fault;

const anyTill = (random: Random, { tills }: Size): number => between(random, 0, tills - 1);
const someLines = (random: Random): Line[] =>
  Array.from({ length: between(random, 1, 3) }, () => ({
    item: between(random, 0, ITEMS - 1),
    quantity: between(random, 1, 3),
  }));

const business: Maker = (random, size) => {
  const till = anyTill(random, size);
  const what = random();
  if (what < 0.7) {
    const end = oneOf(random, ['pay', 'pay', 'pay', 'pay', 'give up', 'hold'] as const);
    return { do: 'sell', till, lines: someLines(random), pay: oneOf(random, ['cash', 'card', 'both']), end };
  }
  if (what < 0.76) return { do: 'recall', till };
  if (what < 0.82) return { do: 'refund', till, ticket: between(random, 0, 5) };
  if (what < 0.88) return { do: 'adjust', till, lines: someLines(random) };
  if (what < 0.93) return { do: 'close day', till, miscount: oneOf(random, [0, 0, 0, -500, 120]) };
  return { do: 'synchronise', till };
};

const office: Maker = (random, size) => ({
  do: 'price',
  shop: between(random, 0, size.shops - 1),
  item: between(random, 0, ITEMS - 1),
  pence: between(random, 1, 5000),
  stall: oneOf(random, [0, 0, 0, 300, 3000]),
});

const FAULTS: readonly Maker[] = [
  (random, size) => ({ do: 'exchange', till: anyTill(random, size), fault: oneOf(random, EXCHANGE_FAULTS) }),
  (random, size) => ({ do: 'cut off', till: anyTill(random, size), ms: between(random, 100, 20_000) }),
  (random, size) => ({ do: 'disk', till: anyTill(random, size), fault: 'kill', nth: between(random, 1, 60) }),
  (random, size) => ({
    do: 'disk',
    till: anyTill(random, size),
    fault: oneOf(random, ['SQLITE_FULL', 'SQLITE_IOERR_WRITE']),
    nth: between(random, 1, 25),
  }),
  (random) => ({
    do: 'statement',
    fault: oneOf(random, STATEMENT_FAULTS),
    nth: between(random, 1, 60),
  }),
];
