import { type UnitPrice, unitPrice } from '#shared/sales/money.ts';
import type { Random } from '../../demo/random.ts';
import { between, chanceFor, oneOf } from './chance.ts';
import type { DiskFault } from './disk.ts';
import { EXCHANGE_FAULTS, type ExchangeFault } from './network.ts';
import { POISONS, type Poison } from './poison.ts';
import type { StatementFault } from './pool.ts';
import { ITEMS } from './shop.ts';
import { CATALOGUE_LOSSES, type CatalogueLoss } from './till.ts';

/** What a person does at a till. Numbers choose among what is there when the moment comes. */
export type Business =
  | {
      do: 'sell';
      till: number;
      /** How many customers buy the same, one after the other. */
      times: number;
      lines: Rung[];
      pay: 'cash' | 'card' | 'both';
      end: 'pay' | 'give up' | 'hold';
    }
  | { do: 'recall'; till: number }
  | { do: 'refund'; till: number; ticket: number }
  | { do: 'adjust'; till: number; lines: Rung[] }
  | { do: 'close day'; till: number; miscount: number }
  | { do: 'synchronise'; till: number };
/** An item that is rung, at another price where the person says so. */
export type Rung = { item: number; quantity: number; price?: UnitPrice };

/** What the office changes, in one transaction that stands still for `stall` ms before it commits. */
export type OfficeChange = { shop: number; stall: number } & (
  | { do: 'price'; item: number; pence: number }
  | { do: 'rename'; item: number; name: string }
  | { do: 'withdraw'; item: number; active: boolean }
  | { do: 'new item'; pence: number }
  | { do: 'move barcode'; from: number; to: number }
  | { do: 'department'; code: string; gone: boolean }
  | { do: 'tax'; rate_ppm: number }
  | { do: 'people'; active: boolean }
  | { do: 'move'; till: number; away: boolean }
  | { do: 'service'; till: number; revoked: boolean }
);

/** What goes wrong. `nth` counts from that moment on. */
export type Fault =
  | { do: 'exchange'; till: number; fault: ExchangeFault }
  | { do: 'cut off'; till: number; ms: number }
  | { do: 'disk'; till: number; fault: DiskFault['what']; where: DiskFault['where']; nth: number }
  | { do: 'power cut'; till: number; catalogue: CatalogueLoss }
  | { do: 'clock'; till: number; ms: number }
  | { do: 'sleep'; till: number; ms: number }
  | { do: 'old copy'; till: number; ms: number }
  | { do: 'clone'; till: number; sales: number }
  | { do: 'restored centre'; by: 'restore' | 'failover'; ms: number }
  | { do: 'poison'; shop: number; poisons: Poison[] }
  | { do: 'time passes'; ms: number }
  | { do: 'statement'; fault: StatementFault; nth: number }
  | { do: 'server crash'; server: number; ms: number }
  | { do: 'no connections'; server: number; ms: number };

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
  /** When the archive takes what the centre has, where nothing else is safe; null where what is committed is. */
  readonly archives: readonly number[] | null;
  readonly steps: readonly Step[];
};

const BUSINESS: ReadonlySet<string> = new Set<Business['do']>([
  'sell',
  'recall',
  'refund',
  'adjust',
  'close day',
  'synchronise',
]);
export const isBusiness = (step: Step): step is Step & Business => BUSINESS.has(step.do);
export const isOfficeChange = (step: Step): step is Step & OfficeChange => 'stall' in step;

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
  const shops = oneOf(random, [[1], [1], [2], [2], [3], [1, 1], [2, 1]]);
  const size = { tills: shops.reduce((sum, count) => sum + count, 0), shops: shops.length };
  const autosync = random() < 0.6;
  const faults = FAULTS.filter(() => random() < 0.4);
  const steps: Step[] = [];
  const count = between(random, 8, 28);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    at += random() < 0.1 ? between(random, 300, 3000) : between(random, 0, 300);
    const kind = random();
    const make = kind < 0.55 || faults.length === 0 ? business : kind < 0.65 ? office : oneOf(random, faults);
    steps.push({ at, ...make(random, size) });
  }
  const start = Date.parse(oneOf(random, STARTS));
  return withArchive({ seed, start, shops, autosync, archives: null, steps }, size, at);
}

/** In one history of five the archive decides what is safe, and the centre is put back from it while tills ask. */
function withArchive(plan: Plan, size: Size, lastsMs: number): Plan {
  const random = chanceFor(plan.seed, 'archive');
  if (random() < 0.8) return plan;
  const someTime = () => between(random, 0, lastsMs + 3000);
  // Else a till asks only every quarter of an hour.
  const asks = Array.from({ length: 20 }, (): Step => {
    return { at: someTime(), do: 'synchronise', till: anyTill(random, size) };
  });
  const archives = Array.from({ length: between(random, 2, 12) }, someTime);
  const by = oneOf(random, ['restore', 'failover'] as const);
  const at = between(random, 0, lastsMs);
  const back: Step = { at, do: 'restored centre', by, ms: between(random, 2000, 8000) };
  return { ...plan, archives, steps: [...plan.steps, ...asks, back] };
}

type Size = { readonly tills: number; readonly shops: number };
type Maker = (random: Random, size: Size) => Business | OfficeChange | Fault;

const anyTill = (random: Random, { tills }: Size): number => between(random, 0, tills - 1);
const someLines = (random: Random): Rung[] =>
  Array.from({ length: between(random, 1, 3) }, () => ({
    item: between(random, 0, ITEMS - 1),
    quantity: between(random, 1, 3),
    ...(random() < 0.1 ? { price: unitPrice(between(random, 1, 3000) * 1_000_000) } : {}),
  }));

const business: Maker = (random, size) => {
  const till = anyTill(random, size);
  const what = random();
  if (what < 0.7) {
    const end = oneOf(random, ['pay', 'pay', 'pay', 'pay', 'give up', 'hold'] as const);
    const times = oneOf(random, [1, 1, 2, 4]);
    return {
      do: 'sell',
      till,
      times,
      lines: someLines(random),
      pay: oneOf(random, ['cash', 'card', 'both']),
      end,
    };
  }
  if (what < 0.76) return { do: 'recall', till };
  if (what < 0.82) return { do: 'refund', till, ticket: between(random, 0, 5) };
  if (what < 0.88) return { do: 'adjust', till, lines: someLines(random) };
  if (what < 0.93) return { do: 'close day', till, miscount: oneOf(random, [0, 0, 0, -500, 120]) };
  return { do: 'synchronise', till };
};

const office: Maker = (random, size) => {
  const common = {
    shop: between(random, 0, size.shops - 1),
    stall: oneOf(random, [0, 0, 0, 300, 3000, 20_000]),
  };
  const item = between(random, 0, ITEMS - 1);
  const pence = between(random, 1, 5000);
  const active = random() < 0.5;
  return {
    ...common,
    ...oneOf(random, [
      { do: 'price', item, pence } as const,
      { do: 'price', item, pence } as const,
      { do: 'rename', item, name: `Renamed ${pence}` } as const,
      { do: 'withdraw', item, active } as const,
      { do: 'new item', pence } as const,
      { do: 'move barcode', from: item, to: between(random, 0, ITEMS - 1) } as const,
      { do: 'department', code: oneOf(random, ['TOYS', 'BOOKS']), gone: active } as const,
      { do: 'tax', rate_ppm: between(random, 0, 25) * 10_000 } as const,
      { do: 'people', active } as const,
      { do: 'move', till: anyTill(random, size), away: active } as const,
      { do: 'service', till: anyTill(random, size), revoked: random() < 0.3 } as const,
    ]),
  };
};

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

const exchange: Maker = (random, size) => ({
  do: 'exchange',
  till: anyTill(random, size),
  fault: oneOf(random, EXCHANGE_FAULTS),
});

/** Kinds of misfortune; a history has some of them. The network fails most. */
const FAULTS: readonly Maker[] = [
  exchange,
  exchange,
  exchange,
  (random, size) => ({ do: 'cut off', till: anyTill(random, size), ms: between(random, 100, 20_000) }),
  (random, size) => ({
    do: 'disk',
    till: anyTill(random, size),
    fault: 'kill',
    where: 'anywhere',
    nth: between(random, 1, 60),
  }),
  (random, size) => ({
    do: 'disk',
    till: anyTill(random, size),
    fault: oneOf(random, ['kill', 'SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_READONLY'] as const),
    where: 'commit',
    nth: between(random, 1, 8),
  }),
  (random, size) => ({
    do: 'disk',
    till: anyTill(random, size),
    fault: oneOf(random, ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_READONLY'] as const),
    where: 'anywhere',
    nth: between(random, 1, 25),
  }),
  (random, size) => ({
    do: 'power cut',
    till: anyTill(random, size),
    catalogue: oneOf(random, CATALOGUE_LOSSES),
  }),
  (random, size) => ({
    do: 'clock',
    till: anyTill(random, size),
    ms: oneOf(random, [-10 * YEAR_MS, -HOUR_MS, -90_000, 90_000, HOUR_MS, 10 * YEAR_MS]),
  }),
  (random, size) => ({
    do: 'sleep',
    till: anyTill(random, size),
    ms: between(random, 500, 20_000),
  }),
  (random, size) => ({ do: 'old copy', till: anyTill(random, size), ms: between(random, 200, 4000) }),
  (random, size) => ({ do: 'clone', till: anyTill(random, size), sales: between(random, 0, 2) }),
  (random) => ({
    do: 'restored centre',
    by: oneOf(random, ['restore', 'failover'] as const),
    ms: between(random, 200, 4000),
  }),
  (random, size) => ({
    do: 'poison',
    shop: between(random, 0, size.shops - 1),
    poisons: Array.from({ length: oneOf(random, [1, 3, 6, 40]) }, () => oneOf(random, POISONS)),
  }),
  (random) => ({ do: 'time passes', ms: oneOf(random, [16 * 60_000, 9 * HOUR_MS, 30 * 24 * HOUR_MS]) }),
  (random) => ({ do: 'statement', fault: oneOf(random, STATEMENT_FAULTS), nth: between(random, 1, 60) }),
  (random) => ({ do: 'server crash', server: between(random, 0, 1), ms: between(random, 50, 4000) }),
  (random) => ({ do: 'no connections', server: between(random, 0, 1), ms: between(random, 100, 12_000) }),
];
