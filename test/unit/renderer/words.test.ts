import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CatalogueFetch, SyncProblem, SyncStatus } from '#shared/contract/till.ts';
import { currencySchema, minor, parseMoney, unitPrice } from '#shared/sales/money.ts';
import { type PadKey, padKey, press } from '../../../src-renderer/part/entry.ts';
import { displayMoney, displayRate, displayUnitPrice } from '../../../src-renderer/part/money.ts';
import { keyName } from '../../../src-renderer/part/shortcuts.ts';
import { step } from '../../../src-renderer/part/step.ts';
import { displayAgo, displayDate, displayTime } from '../../../src-renderer/part/time.ts';
import { cashButtons, restOf } from '../../../src-renderer/sales/tender-store.ts';
import { fetchAmount } from '../../../src-renderer/sync/fetch-amount.ts';
import { summarise } from '../../../src-renderer/sync/summary.ts';

const GBP = currencySchema.parse('GBP');
const JPY = currencySchema.parse('JPY');

describe('amounts for people', () => {
  test('have the currency, its decimals and the region’s signs', () => {
    expect(displayMoney(123_456, GBP, 'en-GB')).toBe('£1,234.56');
    expect(displayMoney(-5, GBP, 'en-GB')).toBe('-£0.05');
    expect(displayMoney(500, JPY, 'en-GB')).toBe('JP¥500');
    expect(displayMoney(123_456, GBP, 'de-DE')).toBe('1.234,56\u00a0£');
  });

  test('are exact where a floating-point number is not', () => {
    expect(displayMoney(Number.MAX_SAFE_INTEGER, GBP, 'en-GB')).toBe('£90,071,992,547,409.91');
  });

  test('show a unit price with the decimals that it needs', () => {
    expect(displayUnitPrice(unitPrice(255_000_000), GBP, 'en-GB')).toBe('£2.55');
    expect(displayUnitPrice(unitPrice(100_000), GBP, 'en-GB')).toBe('£0.001');
  });

  test('show a rate with the decimals that it needs', () => {
    expect(displayRate(200_000, 'en-GB')).toBe('20%');
    expect(displayRate(88_750, 'en-GB')).toBe('8.875%');
  });
});

describe('times for people', () => {
  test('are those of the shop, not of the machine', () => {
    expect(displayTime('2026-07-01T23:30:00.000Z', 'Europe/London', 'en-GB')).toBe('00:30');
    expect(displayDate('2026-11-21', 'en-GB')).toBe('21 Nov 2026');
  });

  test('say how long ago something was', () => {
    const now = Date.parse('2026-11-21T10:00:00.000Z');
    const ago = (ms: number) => displayAgo(new Date(now - ms).toISOString(), now, 'en-GB');
    expect(ago(20_000)).toBe('just now');
    expect(ago(90_000)).toBe('1 minute ago');
    expect(ago(3 * 3_600_000)).toBe('3 hours ago');
    expect(displayAgo(null, now, 'en-GB')).toBe('never');
  });
});

describe('keying in an amount', () => {
  const keys = (text: string) =>
    [...text].reduce((entry, key) => press(entry, padKey(key) ?? 'clear', 2), '');

  test('takes digits and either decimal sign, and no more decimals than there are', () => {
    expect(keys('12.5')).toBe('12.5');
    expect(keys('12,505')).toBe('12.50');
    expect(keys('.5')).toBe('0.5');
    expect(keys('007')).toBe('7');
  });

  test('a key pressed twice by a glove loses nothing', () => {
    expect(keys('12..5')).toBe('12.5');
    expect(press('1.5', '00', 2)).toBe('1.50');
    expect(press('5', '.', 0)).toBe('5');
  });

  test('whatever is pressed, it can be read as money or is empty', () => {
    const pad = fc.constantFrom<PadKey>('0', '1', '5', '9', '00', '.', 'back', 'clear');
    fc.assert(
      fc.property(fc.array(pad, { maxLength: 30 }), (pressed) => {
        const entry = pressed.reduce((before, key) => press(before, key, 2), '');
        expect(entry === '' || parseMoney(entry, GBP).ok).toBe(true);
      }),
    );
  });
});

describe('the payment', () => {
  const given = (kind: 'cash' | 'card', amount: number) => ({
    payment_type: kind.toUpperCase(),
    name: kind,
    kind,
    amount_minor: minor(amount),
  });

  test('rounds what is left in cash to the smallest coin, and nothing else', () => {
    expect(restOf(minor(1002), [], 5)).toEqual({ rest: 1002, cash: 1000 });
    expect(restOf(minor(1002), [given('card', 500)], 5)).toEqual({ rest: 502, cash: 500 });
  });

  test('offers the exact amount first and then likely notes, never small change', () => {
    const denominations = [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];
    expect(cashButtons(minor(1237), denominations)).toEqual([1237, 1300, 1400, 1500, 2000, 5000]);
  });

  test('offers the exact amount alone when money goes out', () => {
    expect(cashButtons(minor(-450), [5000, 1000, 100])).toEqual([-450]);
  });
});

describe('the exchange in two words', () => {
  const calm: SyncStatus = {
    waiting: 0,
    oldest_waiting_at: null,
    last_contact_at: '2026-11-21T10:00:00.000Z',
    last_pull_at: null,
    problem: null,
    quarantined: 0,
    flagged: 0,
    acked_seq: 4,
    last_seq: 4,
    items: 3,
    running: false,
    fetching: null,
    last_compared_at: null,
    standstill: null,
    notice: null,
    may_enrol_again: false,
  };

  const trouble = (kind: SyncProblem['kind']): SyncProblem => ({ kind, message: `Because of ${kind}.` });

  test('names the weightiest thing first', () => {
    expect(summarise(calm, false).words).toBe('All sent');
    expect(summarise({ ...calm, waiting: 3 }, false).words).toBe('3 to send');
    expect(summarise({ ...calm, running: true }, false).words).toBe('Sending…');
    expect(summarise({ ...calm, running: true, quarantined: 1 }, false).words).toBe('Needs attention');
    expect(summarise(null, false).words).toBe('Not asked yet');
  });

  test('says that a whole catalogue is coming, and how much of it is there', () => {
    const amount = (phase: CatalogueFetch['phase'], done: number, total: number) =>
      fetchAmount({ phase, done, total }, 'en-GB');
    const fetching = { phase: 'downloading', done: 0, total: 0 } as const;
    expect(summarise({ ...calm, running: true, fetching }, false).words).toBe('Fetching items…');
    expect(amount('preparing', 0, 0)).toBe('');
    expect(amount('preparing', 40_000, 1_000_010)).toBe('40,000 of 1,000,010');
    expect(amount('downloading', 12_400_000, 69_600_000)).toBe('12 of 70 MB');
    expect(amount('checking', 264_000_000, 264_000_000)).toBe('264 of 264 MB');
    expect(amount('catching_up', 2000, 0)).toBe('2,000');
  });

  test('says what the problem is, and with what waits says it in full', () => {
    const words = (problem: SyncProblem | null) => summarise({ ...calm, problem }, false).words;
    expect(words(trouble('unreachable'))).toBe('Server not reached');
    expect(words(trouble('refused'))).toBe('Server says no');
    expect(words(trouble('catalogue'))).toBe('Items incomplete');
    expect(summarise({ ...calm, waiting: 3, problem: trouble('unreachable') }, false)).toMatchObject({
      tone: 'warn',
      words: '3 to send · Server not reached',
      detail: 'Because of unreachable.',
    });
  });

  test('tells first of what does not go away by itself', () => {
    const busy = { ...calm, waiting: 3, running: true, quarantined: 1 };
    expect(summarise({ ...busy, problem: trouble('stopped') }, false).words).toBe('Sending has stopped');
    expect(summarise({ ...busy, problem: trouble('revoked') }, false).words).toBe('Out of service');
    expect(summarise({ ...busy, problem: trouble('outdated') }, false).words).toBe('Update this till');
  });
});

describe('moving in a list', () => {
  test('stays within it, and begins at the end one comes from', () => {
    expect(step(-1, 1, 3)).toBe(0);
    expect(step(-1, -1, 3)).toBe(2);
    expect(step(2, 1, 3)).toBe(2);
    expect(step(0, -1, 3)).toBe(0);
  });
});

describe('the names of keys', () => {
  const key = (name: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey', boolean>> = {}) =>
    keyName({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held });

  test('are in lower case, with Ctrl or Alt before them; Command counts as Ctrl', () => {
    expect(key('F2')).toBe('f2');
    expect(key('Z', { ctrlKey: true })).toBe('ctrl+z');
    expect(key('z', { metaKey: true })).toBe('ctrl+z');
    expect(key('1', { altKey: true })).toBe('alt+1');
  });
});
