import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { businessDate, dateSchema, instantSchema, localTime, zoneSchema } from '#shared/sales/zone.ts';

describe('time zones', () => {
  test('IANA names are known, everything else is refused and never taken for UTC', () => {
    for (const zone of ['Europe/London', 'Asia/Kathmandu', 'America/St_Johns', 'UTC']) {
      expect(zoneSchema.parse(zone)).toBe(zone);
    }
    for (const zone of [
      'Europe/Atlantis',
      '',
      'GMT+25',
      '+01:00',
      '-0500',
      'Z',
      ' UTC',
      'Europe/London\n',
      42,
    ]) {
      expect(zoneSchema.safeParse(zone).success).toBe(false);
    }
    expect(() => businessDate('2026-03-01T12:00:00.000Z', 'Europe/Atlantis', 0)).toThrow(RangeError);
    expect(() => localTime('2026-03-01T12:00:00.000Z', 'Europe/Atlantis')).toThrow(RangeError);
  });

  test('garbage is refused without throwing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(typeof zoneSchema.safeParse(text).success).toBe('boolean');
      }),
    );
  });
});

describe('the business date', () => {
  test.each([
    ['noon in London', '2026-07-01T11:00:00.000Z', 'Europe/London', 0, '2026-07-01'],
    [
      'half past midnight in London is the new day',
      '2026-07-01T23:30:00.000Z',
      'Europe/London',
      0,
      '2026-07-02',
    ],
    [
      'a bar that changes day at four still works on yesterday',
      '2026-07-02T02:59:59.999Z',
      'Europe/London',
      4,
      '2026-07-01',
    ],
    ['and on today from four o’clock', '2026-07-02T03:00:00.000Z', 'Europe/London', 4, '2026-07-02'],
    ['the last night of the year', '2027-01-01T02:00:00.000Z', 'Europe/London', 4, '2026-12-31'],
    ['a leap day', '2028-03-01T01:00:00.000Z', 'Europe/London', 3, '2028-02-29'],
    ['far east of Greenwich', '2026-03-01T12:00:00.000Z', 'Pacific/Auckland', 0, '2026-03-02'],
    ['far west of Greenwich', '2026-03-01T05:00:00.000Z', 'America/Los_Angeles', 0, '2026-02-28'],
    ['a zone off by a quarter of an hour', '2026-03-01T18:15:00.000Z', 'Asia/Kathmandu', 0, '2026-03-02'],
  ])('%s', (_, instant, zone, hour, date) => {
    expect(businessDate(instant, zone, hour)).toBe(date);
  });

  test('when the clocks go forward, the hour that does not exist changes the day at its end', () => {
    // London, 29 March 2026: 00:59:59 GMT is followed by 02:00:00 BST.
    expect(businessDate('2026-03-29T00:59:59.999Z', 'Europe/London', 1)).toBe('2026-03-28');
    expect(businessDate('2026-03-29T01:00:00.000Z', 'Europe/London', 1)).toBe('2026-03-29');
    expect(businessDate('2026-03-29T00:59:59.999Z', 'Europe/London', 2)).toBe('2026-03-28');
    expect(businessDate('2026-03-29T01:00:00.000Z', 'Europe/London', 2)).toBe('2026-03-29');
  });

  test('when the clocks go back, the hour that comes twice stays on one date', () => {
    // London, 25 October 2026: 01:00 to 02:00 happens twice.
    for (const instant of ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']) {
      expect(businessDate(instant, 'Europe/London', 2)).toBe('2026-10-24');
      expect(businessDate(instant, 'Europe/London', 1)).toBe('2026-10-25');
    }
  });

  test('a day that the calendar of a zone left out is never a business date', () => {
    // Samoa went from 29 to 31 December 2011.
    expect(businessDate('2011-12-30T09:59:59.000Z', 'Pacific/Apia', 0)).toBe('2011-12-29');
    expect(businessDate('2011-12-30T10:00:00.000Z', 'Pacific/Apia', 0)).toBe('2011-12-31');
  });

  test('never goes back while time goes on, and is the calendar date or the one before', () => {
    const zone = fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Tokyo');
    const instant = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) });
    fc.assert(
      fc.property(
        zone,
        instant,
        fc.integer({ min: 0, max: 12 }),
        fc.integer({ min: 0, max: 86_400_000 }),
        (of, at, hour, step) => {
          const [before, after] = [at, at + step].map((ms) => new Date(ms).toISOString());
          if (before === undefined || after === undefined) throw new Error('two instants');
          const date = businessDate(before, of, hour);
          expect(date <= businessDate(after, of, hour)).toBe(true);
          expect(date <= localTime(before, of).slice(0, 10)).toBe(true);
          expect(businessDate(before, of, 0)).toBe(localTime(before, of).slice(0, 10));
        },
      ),
    );
  });
});

test('local time is shown to the minute', () => {
  expect(localTime('2026-03-01T09:30:59.999Z', 'Europe/Moscow')).toBe('2026-03-01 12:30');
});

test('instants are UTC with milliseconds, dates are real dates', () => {
  expect(instantSchema.parse('2026-03-01T09:30:00.000Z')).toBe('2026-03-01T09:30:00.000Z');
  const wrong = [
    '2026-03-01T09:30:00Z',
    '2026-03-01T09:30:00.000+01:00',
    '2026-02-30T00:00:00.000Z',
    '2026-03-01',
    '',
  ];
  for (const instant of wrong) expect(instantSchema.safeParse(instant).success).toBe(false);
  expect(dateSchema.safeParse('2027-02-29').success).toBe(false);
  expect(dateSchema.safeParse('2028-02-29').success).toBe(true);
});
