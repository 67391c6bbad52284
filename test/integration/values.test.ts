import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import { minor, unitPrice } from '#shared/sales/money.ts';
import { OPERATION_KINDS, type OperationKind } from '#shared/sync/operation.ts';
import type { PushReply, Verdict } from '#shared/sync/push.ts';
import { type TestShop, testShop } from '../support/shop.ts';
import { leavesOf, valueAt, withAt } from '../support/spoil.ts';
import { startCentral } from '../support/start-central.ts';
import { aborted, adjusted } from '../support/stock.ts';

const { central, server } = await startCentral();

const MOST = Number.MAX_SAFE_INTEGER;
const NUMBERS = [MOST, -MOST, 2 ** 31, 2 ** 53, 0, -1, 1.5];
const DATES = ['0000-01-01', '9999-12-31'].flatMap((date) => [date, `${date}T23:59:59.999Z`]);
const TEXTS = [
  'NULL',
  '"{\\,}\'',
  '\n\t',
  'x'.repeat(300),
  '𝄞'.repeat(75),
  'é'.normalize('NFD'),
  'a\0b',
  '\ud800',
  '',
];

const extremes = (value: unknown): readonly unknown[] => {
  if (typeof value === 'number') return NUMBERS;
  if (typeof value === 'string') return [...TEXTS, ...DATES, uuid()];
  return [null, 'yes', 1];
};

/** A body of every kind of operation, each with all of its optional fields. */
function bodies({ day }: TestShop): { kind: OperationKind; body: object }[] {
  const now = new Date().toISOString();
  const sold = day.ticket({ lines: [{}] });
  const line = { list_price_micro: unitPrice(1), note: 'For Ivo' };
  const ticket = {
    ...sold.ticket,
    ticket_id: uuid(),
    lines: sold.ticket.lines.map((entry) => ({ ...entry, ...line, line_id: uuid() })),
    tenders: sold.ticket.tenders.map((tender) => ({ ...tender, reference: '12' })),
    original: { receipt_number: 'SHOP1-T1-T-000001' },
    customer: 'Ivo',
    reference: '34',
    note: 'Gift',
  };
  const count = [{ denomination_minor: 100, pieces: 3 }];
  return [
    { kind: 'ticket.completed', body: { ...sold, ticket } },
    { kind: 'ticket.aborted', body: aborted(day.day_id) },
    { kind: 'stock.adjusted', body: { ...adjusted('Loss', [{ quantity: 1 }]), reference: '56' } },
    { kind: 'day.opened', body: { ...day.opened, day_id: uuid(), count, last_counted_minor: minor(5) } },
    { kind: 'day.closed', body: { z: { ...day.closed().z, day_id: uuid() }, count, reason: 'Miscounted' } },
    {
      kind: 'exception.accepted',
      body: { decision_id: uuid(), op_id: uuid(), code: 'z_differs', note: 'Seen' },
    },
    {
      kind: 'exception.corrected',
      body: {
        ...{ decision_id: uuid(), op_id: uuid(), code: 'z_differs', note: 'Given back' },
        ...{ by_op_id: uuid(), by_receipt_number: 'SHOP1-T1-T-000001' },
      },
    },
    { kind: 'clock.jumped', body: { before: now, after: now, jump_ms: 3_600_000 } },
  ];
}

const code = (verdict: Verdict | undefined): string | undefined =>
  verdict?.verdict === 'quarantined' ? verdict.code : verdict?.verdict;

/** Pushes operations with a good one after each of them, and expects that all good ones took effect. */
async function deliverAmongGood(
  { terminal }: TestShop,
  operations: readonly (() => unknown)[],
): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  for (let from = 0; from < operations.length; from += 250) {
    const about = { from_seq: terminal.nextSeq(), prev_hash: terminal.lastHash() };
    const batch = operations.slice(from, from + 250).flatMap((make) => {
      const first = make();
      return [first, terminal.record('stock.adjusted', adjusted('Find', [{ quantity: 1 }]))];
    });
    const { verdicts }: PushReply = await terminal.deliver(batch, about);
    expect(verdicts).toHaveLength(batch.length);
    const good = verdicts.filter((_, index) => index % 2 === 1);
    expect(good.filter((verdict) => verdict.verdict === 'quarantined')).toEqual([]);
    found.push(...verdicts.filter((_, index) => index % 2 === 0).map(code));
  }
  return found;
}

describe('a value at the edge of what an operation may hold', () => {
  test('is taken, or set aside with its operation alone; it never fails the push', async () => {
    const shop = await testShop(central, server);
    await shop.terminal.deliver([shop.terminal.record('day.opened', shop.day.opened)]);
    const variations = bodies(shop).flatMap(({ kind, body }) =>
      leavesOf(body).flatMap((place) =>
        extremes(valueAt(body, place)).map((value) => ({
          kind,
          place,
          value,
          body: fresh(kind, withAt(body, place, value), place),
        })),
      ),
    );
    const found = await deliverAmongGood(
      shop,
      variations.map(
        ({ kind, body }) =>
          () =>
            shop.terminal.forge(kind, body),
      ),
    );
    const refused = new Set<string>();
    for (const [index, { kind, place, value, body }] of variations.entries()) {
      const admitted = OPERATION_KINDS[kind].body.safeParse(body).success;
      if (!admitted) expect([kind, place, value, found[index]]).toEqual([kind, place, value, 'malformed']);
      else if (!found[index]?.startsWith('applied')) refused.add(`${place.at(-1)} ${value}: ${found[index]}`);
    }
    // PostgreSQL has no year 0, and no till numbers two milliards of lines.
    expect(
      [...refused].filter((entry) => !/^(line_no|tender_no|lines) \d{10,}|_(date|at) 0000/.test(entry)),
    ).toEqual([]);
  });

  test('may stand in the envelope too', async () => {
    const shop = await testShop(central, server);
    const { terminal } = shop;
    const usual = terminal.record('stock.adjusted', adjusted('Find', [{ quantity: 1 }]));
    await terminal.deliver([usual]);
    const places = [
      'epoch',
      'op_id',
      'kind_version',
      'user_id',
      'occurred_at',
      'tz',
      'boot_id',
      'monotonic_ms',
    ];
    const about = places.flatMap((place) =>
      extremes(valueAt(usual, [place])).map((value) => ({ [place]: value })),
    );
    const found = await deliverAmongGood(
      shop,
      about.map(
        (entry) => () => terminal.forge('stock.adjusted', adjusted('Loss', [{ quantity: 1 }]), entry),
      ),
    );
    expect(new Set(found)).toEqual(
      new Set(['malformed', 'wrong_terminal', 'unknown_kind', 'not_applicable', 'applied_flagged']),
    );
  });

  test('adds up to a difference where sums grow too large, and the day can still be closed', async () => {
    const { terminal, day, exceptions } = await testShop(central, server);
    const huge = Array.from({ length: 3 }, () => {
      const { ticket, ...links } = day.ticket();
      return { ...links, ticket: { ...ticket, gross_minor: minor(MOST), total_minor: minor(-MOST) } };
    });
    const { z } = day.closed();
    const drawer = { ...z.drawer, float_minor: minor(MOST), counted_minor: minor(-MOST) };
    const reply = await terminal.deliver([
      terminal.record('day.opened', { ...day.opened, float_minor: minor(MOST) }),
      ...huge.map((body) => terminal.record('ticket.completed', body)),
      terminal.record('day.closed', { z: { ...z, drawer } }),
    ]);
    expect(reply.verdicts.map(code)).toEqual([
      'applied',
      ...huge.map(() => 'applied_flagged'),
      'applied_flagged',
    ]);
    expect((await exceptions()).filter(({ seq }) => seq === 5)).toEqual([{ seq: 5, code: 'z_differs' }]);
    const answer = await terminal.send(`/api/v1/sales/days/${day.day_id}`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'sums_too_large' } });
  });

  test('adds up in the levels, however large', async () => {
    const shop = await testShop(central, server);
    const line = { variant_id: uuid(), quantity: 9_000_000_000_000 };
    const lines = Array.from({ length: 1100 }, () => line);
    const found = await deliverAmongGood(shop, [
      () => shop.terminal.forge('stock.adjusted', adjusted('Find', lines)),
    ]);
    expect(found).toEqual(['applied_flagged']);
    const [level] = await shop.query(
      `select quantity_milli from stock_level where variant_id = '${line.variant_id}'`,
    );
    expect(level).toEqual({ quantity_milli: '9900000000000000000' });
  });
});

describe('an operation that is no operation', () => {
  test('is kept under its number, whatever it is, and the others go on', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const opened = (body: object) => () => terminal.forge('day.opened', body);
    const dashes = '-'.repeat(36);
    const found = await deliverAmongGood(shop, [
      opened({ ...day.opened, 'a\0b': 1 }),
      opened({ ...day.opened, 'a\0b': 1.5 }),
      opened({ ...day.opened, '\ud800': 1 }),
      opened({ ...day.opened, ['x'.repeat(1_000_000)]: 1 }),
      opened({ day_id: dashes }),
      opened({ day_id: [`"day_id":"${dashes}"`] }),
      () => terminal.forge('a.b'.padEnd(100_000, 'b'), {}),
      () => terminal.forge('a\0.b', {}),
      () => terminal.forge('day.opened', day.opened, { op_id: `${dashes}` }),
      () => terminal.garbage(nested(100)),
      () => terminal.garbage(nested(5_000)),
      () => terminal.garbage({ hash: 'f'.repeat(64), prev_hash: null, __proto__: null }),
      () => terminal.garbage(Array.from({ length: 10_000 }, () => 0)),
    ]);
    expect(new Set(found)).toEqual(new Set(['malformed', 'unknown_kind']));
    const [kept] = await shop.query<{ operations: number; longest: number }>(
      'select count(*)::integer as operations, max(length(detail)) as longest from journal',
    );
    expect(kept).toMatchObject({ operations: 2 * found.length, longest: 500 });
  });

  test('is told apart from those beside it, for any JSON at all', async () => {
    const shop = await testShop(central, server);
    const { terminal, day } = shop;
    const template = terminal.record('ticket.completed', day.ticket({ lines: [{}] }));
    await terminal.deliver([template]);
    const places = leavesOf(template);
    const anything = fc.jsonValue().map((value) => () => terminal.garbage(value));
    const spoilt = fc.tuple(fc.constantFrom(...places), fc.jsonValue()).map(([place, value]) => () => {
      const next = { ...template, seq: terminal.nextSeq(), op_id: uuid(), prev_hash: terminal.lastHash() };
      return terminal.garbage(withAt(next, place, value));
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anything, spoilt), { minLength: 1, maxLength: 6 }),
        async (operations) => {
          await deliverAmongGood(shop, operations);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** An array of one array of one array … */
function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

/** New ids where the kind's key is not what is varied, so that no operation repeats another. */
function fresh(kind: OperationKind, body: object, varied: readonly (string | number)[]): object {
  const ids: Partial<Record<OperationKind, (string | number)[][]>> = {
    'ticket.completed': [
      ['ticket', 'ticket_id'],
      ['ticket', 'lines', 0, 'line_id'],
    ],
    'ticket.aborted': [['ticket_id']],
    'stock.adjusted': [['lines', 0, 'line_id']],
    'day.opened': [['day_id']],
    'day.closed': [['z', 'day_id']],
  };
  return (ids[kind] ?? [])
    .filter((place) => place.join() !== varied.join())
    .reduce((made, place) => withAt(made, place, uuid()), body);
}
