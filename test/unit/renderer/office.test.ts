import { ORPCError } from '@orpc/client';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PERMISSIONS } from '#shared/people/permission.ts';
import { ROLES } from '#shared/people/role.ts';
import { userFieldsSchema } from '#shared/people/user.ts';
import { currencySchema } from '#shared/sales/money.ts';
import { taxClassSchema } from '#shared/sales/tax.ts';
import { differencesOf } from '../../../src-renderer/office/audit/difference.ts';
import { deedWords, subjectWords } from '../../../src-renderer/office/audit/entry-words.ts';
import { listStore } from '../../../src-renderer/office/list-store.ts';
import { areaOf, inRoleOrder, roleName } from '../../../src-renderer/office/people/role-words.ts';
import { allowedScopes, enteredScope, scopeDraftOf } from '../../../src-renderer/office/people/scope.ts';
import { staffText } from '../../../src-renderer/office/people/text.ts';
import { zoneChoices } from '../../../src-renderer/office/places/zones.ts';
import { check, faultOf, sentence } from '../../../src-renderer/part/check.ts';
import { displayMoney, displayRate } from '../../../src-renderer/part/money.ts';
import { displayUntil } from '../../../src-renderer/part/time.ts';
import {
  amountText,
  percentText,
  rateText,
  readAmount,
  readPercent,
  readRate,
} from '../../../src-renderer/part/typed.ts';

const GBP = currencySchema.parse('GBP');

describe('figures as people write them', () => {
  test('a rate of tax, a rate of exchange and an amount come back as they were typed', () => {
    expect(readPercent('20')).toBe(200_000);
    expect(readPercent(' 8,875 ')).toBe(88_750);
    expect(readRate('1.17')).toBe(1_170_000_000);
    expect(readAmount('0.05', 'GBP')).toBe(5);
    expect(readAmount('500', 'JPY')).toBe(500);
    expect(amountText(5, GBP)).toBe('0.05');
  });

  test('whatever is kept is shown so that it reads as the same again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (ppm) => {
        expect(readPercent(percentText(ppm))).toBe(ppm);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000_000_000_000 }), (nano) => {
        expect(readRate(rateText(nano))).toBe(nano);
      }),
    );
    expect(percentText(200_000)).toBe('20');
    expect(rateText(1_000_000_000_000)).toBe('1000');
  });

  test('what is no such figure is said, and nothing is rounded away', () => {
    expect(readPercent('twenty')).toEqual({ unreadable: 'That is not a number.' });
    expect(readPercent('8.87512')).toEqual({ unreadable: 'That has too many decimals.' });
    expect(readAmount('0.005', 'GBP')).toEqual({ unreadable: 'That has too many decimals.' });
    expect(readAmount('0', 'GBP')).toEqual({ unreadable: 'Must be more than nothing.' });
    expect(readRate('')).toEqual({ unreadable: 'Please fill this in.' });
  });
});

describe('what is wrong with a form', () => {
  test('stands at each field, in sentences', () => {
    const checked = check(taxClassSchema, {
      code: ' STD',
      name: '',
      rates: [{ code: 'VAT', rate_ppm: readPercent('x') }],
    });
    expect(checked).toEqual({
      ok: false,
      faults: {
        code: 'Must not begin or end with a space.',
        name: 'Must not be empty.',
        'rates[0].rate_ppm': 'That is not a number.',
      },
    });
  });

  test('names what schemas say by themselves in words for people', () => {
    const checked = check(userFieldsSchema, {
      name: 'x'.repeat(101),
      roles: [],
      scope: { kind: 'locations', location_ids: [] },
    });
    if (checked.ok) throw new Error('it is not');
    expect(checked.faults.name).toBe('At most 100 characters.');
    expect(checked.faults.roles).toBe('Please choose at least one.');
    expect(faultOf(checked.faults, 'scope')).toBe('Please choose at least one.');
    expect(faultOf(checked.faults, 'sco')).toBeUndefined();
  });

  test('a server’s half sentence becomes a whole one', () => {
    expect(sentence('is taken already')).toBe('Is taken already.');
    expect(sentence('Ask again!')).toBe('Ask again!');
  });
});

describe('a list', () => {
  type Page = { items: number[]; total_count: number };

  test('shows the answer to what was asked last, whichever comes last', async () => {
    const waiting: ((page: Page) => void)[] = [];
    const list = listStore({
      fetch: () => new Promise<Page>((resolve) => waiting.push(resolve)),
      sort: 'name',
      filter: { kind: null as string | null },
    });
    const first = list.refresh();
    list.narrow({ kind: 'cash' });
    waiting[1]?.({ items: [2], total_count: 1 });
    waiting[0]?.({ items: [1], total_count: 1 });
    await first;
    expect(list.use.getState()).toMatchObject({ items: [2], total: 1, isLoading: false });
  });

  test('goes to the last page where the one that was shown is gone', async () => {
    const asked: number[] = [];
    const list = listStore({
      fetch: async ({ skip }) => {
        asked.push(skip);
        return { items: skip < 60 ? [skip] : [], total_count: 60 };
      },
      sort: 'name',
      filter: {},
    });
    list.use.setState({ skip: 100 });
    await list.refresh();
    expect(asked).toEqual([100, 50]);
    expect(list.use.getState()).toMatchObject({ items: [50], skip: 50 });
  });

  test('keeps what it shows where a page cannot be had, and says why', async () => {
    let isBroken = false;
    const list = listStore({
      fetch: async () => {
        if (isBroken) throw new ORPCError('REFUSED', { data: { code: 'server_unreachable' } });
        return { items: [1], total_count: 1 };
      },
      sort: 'name',
      filter: {},
    });
    await list.refresh();
    isBroken = true;
    await list.refresh();
    expect(list.use.getState()).toMatchObject({
      items: [1],
      isLoading: false,
      problem: { code: 'server_unreachable' },
    });
  });
});

describe('roles and how far people see', () => {
  test('every permission has an area and plain words', () => {
    expect(PERMISSIONS.filter((code) => !(areaOf(code) in staffText.areas))).toEqual([]);
    expect(PERMISSIONS.filter((code) => !(code in staffText.permissions))).toEqual([]);
  });

  test('roles stand in the order in which every company begins with them; unknown ones are last', () => {
    const codes = (roles: string[]) => inRoleOrder(roles.map((code) => ({ code }))).map(({ code }) => code);
    expect(codes(['NIGHT_SHIFT', 'CLIENT', 'CASHIER', 'ADMIN'])).toEqual([
      'ADMIN',
      'CASHIER',
      'CLIENT',
      'NIGHT_SHIFT',
    ]);
    expect(roleName('NIGHT_SHIFT')).toBe('Night shift');
  });

  test('several roles allow only what each of them allows', () => {
    const known = Object.entries(ROLES).map(([code, { permissions, scopes }]) => ({
      code,
      permissions: [...permissions],
      scopes: [...scopes],
      version: 1,
    }));
    expect(allowedScopes(['CASHIER'], known)).toEqual(['company', 'locations']);
    expect(allowedScopes(['CASHIER', 'WAREHOUSE_OP'], known)).toEqual(['locations']);
    expect(allowedScopes(['BILLING_MANAGER', 'WAREHOUSE_OP'], known)).toEqual([]);
  });

  test('a scope is sent as it was chosen, without what was chosen before', () => {
    expect(enteredScope({ kind: 'client', location_ids: ['a'], client_id: 'b' })).toEqual({
      kind: 'client',
      client_id: 'b',
    });
    expect(scopeDraftOf({ kind: 'company' })).toEqual({ kind: 'company', location_ids: [], client_id: '' });
  });
});

describe('an entry of the audit log', () => {
  test('shows the fields that differ, with money and rates as people write them', () => {
    const before = { name: 'Shop', currency: 'GBP', cash_step_minor: 1, version: 3, zone: 'Europe/London' };
    const after = { ...before, cash_step_minor: 5, version: 4, denominations: [500, 100] };
    expect(differencesOf({ before, after })).toEqual([
      { field: 'cash step', before: displayMoney(1, GBP), after: displayMoney(5, GBP) },
      { field: 'denominations', before: '–', after: `${displayMoney(500, GBP)}, ${displayMoney(100, GBP)}` },
    ]);
  });

  test('names lists and records within a field', () => {
    const [rates] = differencesOf({
      before: { rates: [] },
      after: { rates: [{ code: 'VAT20', rate_ppm: 200_000 }] },
    });
    expect(rates).toEqual({ field: 'rates', before: '–', after: `code VAT20, rate ${displayRate(200_000)}` });
  });

  test('says what was done to whom, also where this version knows neither', () => {
    expect(deedWords({ action: 'user.disabled', entity: 'user' })).toBe('Person locked out');
    expect(deedWords({ action: 'drone.sent_up', entity: 'drone' })).toBe('Drone sent up');
    const key = '01a1feea-b652-77bd-8cee-c32cd027b83e';
    expect(subjectWords({ before: { name: 'Ada' }, after: null, key })).toBe('Ada');
    expect(subjectWords({ before: null, after: null, key }, 'High Street')).toBe('High Street');
    expect(subjectWords({ before: null, after: null, key })).toBe('…d027b83e');
    expect(subjectWords({ before: null, after: null, key: 'GBP/EUR/2026-11-01' })).toBe('GBP/EUR/2026-11-01');
  });
});

describe('times and places', () => {
  test('how long something is still good', () => {
    const now = Date.parse('2026-11-21T10:00:00.000Z');
    const until = (ms: number) => displayUntil(new Date(now + ms).toISOString(), now, 'en-GB');
    expect(until(72 * 3_600_000)).toBe('in 3 days');
    expect(until(90 * 60_000)).toBe('in 1 hour');
    expect(until(-5_000)).toBe('in 0 minutes');
  });

  test('every zone that is offered is one that the rules take, and the one that is set stays', () => {
    const zones = zoneChoices('Etc/GMT+5').map(([zone]) => zone);
    expect(zones[0]).toBe('Etc/GMT+5');
    expect(zones).toContain('Europe/Lisbon');
    expect(zoneChoices('Europe/Lisbon').filter(([zone]) => zone === 'Europe/Lisbon')).toHaveLength(1);
  });
});
