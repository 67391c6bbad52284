import { expect, test } from 'vitest';
import { locationSchema, placeCodeSchema } from '#shared/people/location.ts';
import { pinSchema } from '#shared/people/user.ts';

const location = {
  company_id: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7b',
  location_id: '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6a7c',
  company_name: 'Market Goods Ltd',
  code: 'SHOP1',
  kind: 'store',
  name: 'Market Street',
  currency: 'GBP',
  zone: 'Europe/London',
  day_change_hour: 4,
  cash_step_minor: 5,
  denominations: [5, 10, 500],
  prices_include_tax: true,
  tax_rounding: 'line',
};

test('a location names a real time zone, a currency and its rounding', () => {
  expect(locationSchema.parse(location)).toEqual(location);
  const wrong = [
    { zone: 'Europe/Atlantis' },
    { currency: 'pounds' },
    { day_change_hour: 13 },
    { cash_step_minor: 0 },
    { denominations: [] },
    { tax_rounding: 'never' },
    { kind: 'barn' },
    { company_name: ' ' },
  ];
  for (const change of wrong)
    expect(locationSchema.safeParse({ ...location, ...change }).success).toBe(false);
});

test('the code of a place is capital letters and digits, since it stands in receipt numbers', () => {
  for (const code of ['A', 'SHOP1', '123456789012']) expect(placeCodeSchema.parse(code)).toBe(code);
  for (const code of ['', 'shop', 'SHOP-1', 'ÄÖ', '1234567890123', 'A\n']) {
    expect(placeCodeSchema.safeParse(code).success).toBe(false);
  }
});

test('a PIN is four to ten digits', () => {
  for (const pin of ['0000', '1234567890']) expect(pinSchema.parse(pin)).toBe(pin);
  for (const pin of ['123', '12345678901', '12a4', '１２３４', '', '1234\n']) {
    expect(pinSchema.safeParse(pin).success).toBe(false);
  }
});
