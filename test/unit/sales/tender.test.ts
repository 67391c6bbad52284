import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minor } from '#shared/sales/money.ts';
import { cashDue, quickCash, settle, type TenderKind } from '#shared/sales/tender.ts';

const given = (kind: TenderKind, amount: number) => ({ kind, amount_minor: minor(amount) });
const paid = (total: number, tenders: readonly ReturnType<typeof given>[], step = 1) =>
  settle(minor(total), tenders, step);
const settled = (due: number, rounding: number, change: number) => ({
  ok: true,
  value: { due_minor: due, rounding_minor: rounding, change_minor: change },
});

describe('paying a sale', () => {
  test('exact cash leaves nothing to give back', () => {
    expect(paid(933, [given('cash', 933)])).toEqual(settled(933, 0, 0));
  });

  test('a twenty for 9.33 gives 10.67 back', () => {
    expect(paid(933, [given('cash', 2000)])).toEqual(settled(933, 0, 1067));
  });

  test('a card pays to the penny even where cash is rounded', () => {
    expect(paid(933, [given('card', 933)], 5)).toEqual(settled(933, 0, 0));
  });

  test('a card, a voucher and the rest in cash', () => {
    expect(paid(5000, [given('card', 2000), given('voucher', 1000), given('cash', 2500)])).toEqual(
      settled(5000, 0, 500),
    );
  });

  test('too little is refused, with what is missing', () => {
    expect(paid(933, [given('cash', 900)])).toEqual({
      ok: false,
      error: { code: 'underpaid', missing_minor: 33 },
    });
    expect(paid(933, [])).toEqual({ ok: false, error: { code: 'underpaid', missing_minor: 933 } });
  });

  test('only cash gives change: a card above the total is refused, with the excess', () => {
    expect(paid(933, [given('card', 1000)])).toEqual({
      ok: false,
      error: { code: 'change_without_cash', excess_minor: 67 },
    });
    expect(paid(933, [given('card', 1000), given('cash', 100)]).ok).toBe(false);
  });

  test('money never goes the wrong way', () => {
    expect(paid(933, [given('cash', -933)])).toEqual({ ok: false, error: { code: 'tender_against_total' } });
    expect(paid(-933, [given('card', 933)])).toEqual({ ok: false, error: { code: 'tender_against_total' } });
  });

  test('a total of nothing needs no tender', () => {
    expect(paid(0, [])).toEqual(settled(0, 0, 0));
  });
});

describe('cash rounded to 0.05', () => {
  test.each([
    [932, 930, -2],
    [933, 935, 2],
    [935, 935, 0],
    [937, 935, -2],
    [938, 940, 2],
  ])('%i is paid with %i', (total, due, rounding) => {
    expect(paid(total, [given('cash', due)], 5)).toEqual(settled(due, rounding, 0));
    expect(paid(-total, [given('cash', -due)], 5)).toEqual(settled(-due, minor(-rounding), 0));
  });

  test('only the part that is left to cash is rounded', () => {
    expect(paid(933, [given('card', 400), given('cash', 550)], 5)).toEqual(settled(935, 2, 15));
    expect(paid(1002, [given('card', 1000), given('cash', 0)], 5)).toEqual(settled(1000, -2, 0));
  });

  test('what is still to be given in cash counts the tenders so far', () => {
    expect(cashDue(minor(933), [given('card', 400)], 5)).toBe(535);
    expect(cashDue(minor(933), [given('card', 400), given('cash', 500)], 5)).toBe(35);
    expect(cashDue(minor(-933), [], 5)).toBe(-935);
  });
});

describe('paying out a refund', () => {
  test('in cash, by card or by both, exactly', () => {
    expect(paid(-933, [given('cash', -933)])).toEqual(settled(-933, 0, 0));
    expect(paid(-933, [given('card', -400), given('cash', -533)])).toEqual(settled(-933, 0, 0));
  });

  test('too little and too much are refused', () => {
    expect(paid(-933, [given('cash', -900)])).toEqual({
      ok: false,
      error: { code: 'underpaid', missing_minor: 33 },
    });
    expect(paid(-933, [given('cash', -1000)])).toEqual({
      ok: false,
      error: { code: 'tender_against_total' },
    });
    expect(paid(-933, [given('card', -1000)])).toEqual({
      ok: false,
      error: { code: 'change_without_cash', excess_minor: 67 },
    });
  });
});

test('for every payment that is accepted, tenders less change are what was due, and due is total plus rounding', () => {
  const kind = fc.constantFrom<TenderKind>('cash', 'card', 'voucher', 'account');
  const tenders = fc.array(fc.tuple(kind, fc.integer({ min: 0, max: 20_000 })), { maxLength: 4 });
  fc.assert(
    fc.property(
      fc.integer({ min: -20_000, max: 20_000 }),
      tenders,
      fc.constantFrom(1, 5, 10),
      (total, list, step) => {
        const sign = total < 0 ? -1 : 1;
        const offered = list.map(([of, amount]) => given(of, amount * sign));
        const rest = cashDue(minor(total), offered, step);
        const topped = rest * sign > 0 ? [...offered, given('cash', rest)] : offered;
        const result = paid(total, topped, step);
        if (!result.ok) return;
        const { due_minor, rounding_minor, change_minor } = result.value;
        expect(topped.reduce((sum, tender) => sum + tender.amount_minor, 0) - change_minor).toBe(due_minor);
        expect(due_minor).toBe(total + rounding_minor);
        expect(Math.abs(rounding_minor) * 2).toBeLessThanOrEqual(step);
        expect(change_minor).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 500 },
  );
});

describe('quick cash', () => {
  const NOTES = [500, 1000, 2000, 5000];

  test('offers the exact amount and the next notes up', () => {
    expect(quickCash(minor(933), NOTES)).toEqual([933, 1000, 2000, 5000]);
    expect(quickCash(minor(1234), NOTES)).toEqual([1234, 1500, 2000, 5000]);
    expect(quickCash(minor(2000), NOTES)).toEqual([2000, 5000]);
  });

  test('offers nothing where nothing is due', () => {
    expect(quickCash(minor(0), NOTES)).toEqual([]);
    expect(quickCash(minor(-500), NOTES)).toEqual([]);
  });

  test('begins with the exact amount, ascends, never repeats, and has at most six buttons', () => {
    const notes = fc.array(fc.integer({ min: 1, max: 100_000 }), { maxLength: 10 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), notes, (due, list) => {
        const buttons = quickCash(minor(due), list);
        expect(buttons[0]).toBe(due);
        expect(buttons.length).toBeLessThanOrEqual(6);
        expect(buttons).toEqual([...new Set(buttons)].sort((left, right) => left - right));
      }),
    );
  });
});
