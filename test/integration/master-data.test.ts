import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SeededCompany } from '../../server/people/seed.ts';
import { type Office, officeOf } from '../support/office.ts';
import { queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

const { central, server } = await startCentral();
let company: SeededCompany;
let admin: Office;
let manager: Office;

beforeAll(async () => {
  company = central.company;
  [admin, manager] = [
    await officeOf(server.url, company, 'ADMIN'),
    await officeOf(server.url, company, 'MANAGER'),
  ];
  await admin.post('/api/v1/departments', { code: 'GENERAL', name: 'General' });
});
type Sample = {
  readonly path: string;
  /** What names a row in its path. */
  readonly key: readonly string[];
  /** A new row, different each time. */
  readonly make: () => Record<string, unknown>;
  readonly change: Record<string, unknown>;
  /** What tills are told of it as. */
  readonly entity?: string;
};

let made = 0;
const code = () => {
  made += 1;
  return `C${made}`;
};
const location = () => ({
  location_id: uuid(),
  code: code(),
  kind: 'store',
  name: 'Corner Shop, Low Street',
  currency: 'GBP',
  zone: 'Asia/Kathmandu',
  day_change_hour: 4,
  cash_step_minor: 5,
  denominations: [5000, 100],
  prices_include_tax: false,
  tax_rounding: 'ticket',
});
/** Three letters that no test took yet. */
const letters = () => {
  made += 1;
  return String.fromCharCode(88, 65 + Math.floor(made / 26), 65 + (made % 26));
};

const KINDS: readonly Sample[] = [
  {
    path: 'departments',
    key: ['code'],
    make: () => ({ code: `Fish/${code()} & more?`, name: 'Fish' }),
    change: { name: 'Fish and seafood' },
    entity: 'department',
  },
  {
    path: 'sales-categories',
    key: ['code'],
    make: () => ({ code: code(), name: 'Tea', department: 'GENERAL' }),
    change: { name: 'Tea and coffee' },
    entity: 'category',
  },
  {
    path: 'payment-types',
    key: ['code'],
    make: () => ({ code: code(), name: 'On account', kind: 'account' }),
    change: { kind: 'voucher' },
    entity: 'payment_type',
  },
  {
    path: 'tax-classes',
    key: ['code'],
    make: () => ({ code: code(), name: 'Books', rates: [{ code: 'VAT0', rate_ppm: 0 }] }),
    change: {
      rates: [
        { code: 'GST', rate_ppm: 50_000 },
        { code: 'PST', rate_ppm: 70_000 },
      ],
    },
    entity: 'tax_class',
  },
  {
    path: 'currencies',
    key: ['code'],
    make: () => ({ code: letters(), name: 'Shells' }),
    change: { name: 'Sea shells' },
  },
  {
    path: 'exchange-rates',
    key: ['from_currency', 'to_currency', 'valid_from'],
    make: () => ({
      from_currency: 'EUR',
      to_currency: 'GBP',
      valid_from: `2026-01-${String((made++ % 28) + 1).padStart(2, '0')}`,
      rate_nano: 850_000_000,
    }),
    change: { rate_nano: 860_000_000 },
  },
  {
    path: 'locations',
    key: ['location_id'],
    make: location,
    change: { name: 'Corner Shop, Middle Street', denominations: [100] },
  },
  {
    path: 'clients',
    key: ['client_id'],
    make: () => ({ client_id: uuid(), code: code(), name: 'Cold Goods Ltd', billing_address: '' }),
    change: { billing_address: '1 Quay Street' },
  },
];

const list = (kind: Sample) => `/api/v1/${kind.path}`;
const placeOf = (kind: Sample, row: Record<string, unknown>) =>
  [list(kind), ...kind.key.map((name) => encodeURIComponent(String(row[name])))].join('/');
const remove = (office: Office, place: string, version: number) =>
  office.send('DELETE', place, undefined, { 'if-match': `"${version}"` });

describe.each(KINDS)('a row of $path', (kind) => {
  test('is added, read, changed from its version and removed, and each step is on record', async () => {
    const row = kind.make();
    const place = placeOf(kind, row);
    const added = await admin.post(list(kind), row);
    expect(added).toMatchObject({ status: 201, body: { ...row, version: 1 } });
    expect(added.headers.get('etag')).toBe('"1"');
    expect((await admin.get(place)).body).toEqual({ ...row, version: 1 });
    const changed = await admin.patch(place, 1, kind.change);
    expect(changed).toMatchObject({ status: 200, body: { ...row, ...kind.change, version: 2 } });
    expect(changed.headers.get('etag')).toBe('"2"');
    const listed = (await admin.get(`${list(kind)}?limit=200`)).body.items;
    expect(listed).toContainEqual({ ...row, ...kind.change, version: 2 });
    expect((await remove(admin, place, 2)).body).toEqual({ removed: true });
    expect((await admin.get(place)).status).toBe(404);
    const key = kind.key.map((name) => row[name]).join('/');
    const recorded = await queryAs<{ action: string; before: unknown; after: unknown }>(
      central,
      company.company_id,
      `select split_part(action, '.', 2) as action, before, after from audit_entry where key = $1 order by entry_id`,
      [key],
    );
    expect(recorded).toEqual([
      { action: 'created', before: null, after: { ...row, version: 1 } },
      { action: 'changed', before: { ...row, version: 1 }, after: { ...row, ...kind.change, version: 2 } },
      { action: 'removed', before: { ...row, ...kind.change, version: 2 }, after: null },
    ]);
    if (kind.entity !== undefined) {
      const [fed] = await queryAs(
        central,
        company.company_id,
        'select gone from feed where entity = $1 and key = $2',
        [kind.entity, key],
      );
      expect(fed).toEqual({ gone: true });
    }
  });

  test('is not added twice: the refusal names the field', async () => {
    const row = kind.make();
    await admin.post(list(kind), row);
    const [name = ''] = Object.keys(kind.change);
    const again = await admin.post(list(kind), { ...row, [name]: kind.change[name] });
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(again.body.errors).toEqual(kind.key.map((path) => ({ path, message: 'is taken already' })));
    expect((await admin.get(placeOf(kind, row))).body).toEqual({ ...row, version: 1 });
  });

  test('is changed and removed only by whoever says which version they saw', async () => {
    const row = kind.make();
    const place = placeOf(kind, row);
    await admin.post(list(kind), row);
    expect(await admin.send('PATCH', place, kind.change)).toMatchObject({
      status: 428,
      body: { code: 'version_needed' },
    });
    expect(await admin.send('DELETE', place)).toMatchObject({ status: 428 });
    await admin.patch(place, 1, kind.change);
    const late = await admin.patch(place, 1, kind.change);
    expect(late).toMatchObject({ status: 412, body: { code: 'stale_version' } });
    expect(await remove(admin, place, 1)).toMatchObject({ status: 412 });
    expect(await admin.send('PATCH', place, kind.change, { 'if-match': '2' })).toMatchObject({ status: 422 });
    expect((await admin.get(place)).body).toEqual({ ...row, ...kind.change, version: 2 });
  });

  test('stays as it was, version too, where a change says what it said before', async () => {
    const row = kind.make();
    await admin.post(list(kind), row);
    const place = placeOf(kind, row);
    await admin.patch(place, 1, kind.change);
    for (const nothing of [kind.change, ...(kind.path === 'exchange-rates' ? [] : [{}])]) {
      expect((await admin.patch(place, 2, nothing)).body).toMatchObject({ version: 2 });
    }
  });

  test('that is changed by many at once is changed by one', async () => {
    const row = kind.make();
    await admin.post(list(kind), row);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => admin.patch(placeOf(kind, row), 1, kind.change)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412, 412, 412, 412]);
  });

  test('can be read by everybody who is signed in, and written by few', async () => {
    const row = kind.make();
    const place = placeOf(kind, row);
    await admin.post(list(kind), row);
    expect((await manager.get(place)).body).toEqual({ ...row, version: 1 });
    expect((await manager.get(list(kind))).status).toBe(200);
    const refusals = [
      await manager.post(list(kind), kind.make()),
      await manager.patch(place, 1, kind.change),
      await remove(manager, place, 1),
    ];
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({
        status: 403,
        body: { code: 'forbidden', detail: 'You may not do this.' },
      });
    }
    expect((await admin.get(place)).body).toEqual({ ...row, version: 1 });
  });

  test('that nobody made is not there, to be read, changed or removed', async () => {
    const place = placeOf(kind, { ...kind.make(), valid_from: '1999-01-01' });
    for (const answer of [
      await admin.get(place),
      await admin.patch(place, 1, kind.change),
      await remove(admin, place, 1),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('has the fields of its kind and no others', async () => {
    const row = kind.make();
    const strange = await admin.post(list(kind), { ...row, company_id: company.company_id });
    expect(strange).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'company_id', message: 'is not a known field' }] },
    });
    const [name = ''] = Object.keys(kind.change);
    const { [name]: _, ...rest } = row;
    expect(await admin.post(list(kind), rest)).toMatchObject({
      status: 422,
      body: { errors: [{ path: name }] },
    });
    await admin.post(list(kind), row);
    const key = kind.key[0] ?? '';
    const moved = await admin.patch(placeOf(kind, row), 1, { ...kind.change, [key]: row[key], version: 9 });
    expect(moved).toMatchObject({ status: 422 });
  });
});

describe('a list', () => {
  const namesOf = async (query: string) =>
    ((await admin.get(`/api/v1/departments?${query}`)).body.items as { name: string }[]).map(
      ({ name }) => name,
    );

  beforeAll(async () => {
    for (const name of ['zz 100%', 'zz 1000', 'zz_low', 'zz-low', 'ZZ Über', 'zz Чай', 'zz back\\slash'])
      await admin.post('/api/v1/departments', { code: code(), name });
  });

  test('is searched for a text as it stands, in any case, in any script', async () => {
    expect(await namesOf('text=zz%20100%25')).toEqual(['zz 100%']);
    expect(await namesOf('text=zz_')).toEqual(['zz_low']);
    expect(await namesOf('text=über')).toEqual(['ZZ Über']);
    expect(await namesOf('text=ЧАЙ')).toEqual(['zz Чай']);
    expect(await namesOf('text=k%5Cs')).toEqual(['zz back\\slash']);
    expect(await namesOf("text='%20or%20true%20--")).toEqual([]);
  });

  test('is sorted as people sort, and comes in pages of one and the same order', async () => {
    const all = await namesOf('text=zz&sort=name');
    expect(all).toHaveLength(7);
    expect(all.indexOf('ZZ Über')).toBeGreaterThan(all.indexOf('zz back\\slash'));
    expect(await namesOf('text=zz&sort=name&order=desc')).toEqual(all.toReversed());
    const pages = [];
    for (let skip = 0; skip < 8; skip += 3)
      pages.push(...(await namesOf(`text=zz&sort=name&limit=3&skip=${skip}`)));
    expect(pages).toEqual(all);
    const beyond = await admin.get('/api/v1/departments?text=zz&skip=100');
    expect(beyond.body).toEqual({ items: [], total_count: 7 });
  });

  test('is narrowed to what its filters name', async () => {
    const kinds = async (kind: string) =>
      ((await admin.get(`/api/v1/payment-types?kind=${kind}`)).body.items as { kind: string }[]).map(
        (row) => row.kind,
      );
    expect(new Set(await kinds('cash'))).toEqual(new Set(['cash']));
    await admin.post('/api/v1/sales-categories', { code: code(), name: 'Coal', department: 'GENERAL' });
    const of = (department: string) =>
      admin.get(`/api/v1/sales-categories?text=Coal&department=${department}`);
    expect([(await of('GENERAL')).body.total_count, (await of('NONE')).body.total_count]).toEqual([1, 0]);
  });

  test('refuses what it does not know, by its name', async () => {
    for (const [query, path] of [
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['skip=-1', 'skip'],
      ['skip=ten', 'skip'],
      ['sort=version', 'sort'],
      ['order=up', 'order'],
      ['limit=1&limit=2', 'limit'],
      ['colour=red', 'colour'],
      ['text=%00', 'text'],
    ] as const) {
      const answer = await admin.get(`/api/v1/departments?${query}`);
      expect([query, answer]).toMatchObject([query, { status: 422, body: { errors: [{ path }] } }]);
    }
    expect(await admin.get('/api/v1/payment-types?kind=shells')).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'kind' }] },
    });
  });
});

describe('a location', () => {
  test('is in a zone that this server knows, and in a currency of the company', async () => {
    for (const [change, path] of [
      [{ zone: 'Europe/Atlantis' }, 'zone'],
      [{ zone: '+01:00' }, 'zone'],
      [{ currency: 'pounds' }, 'currency'],
      [{ currency: 'ZZZ' }, 'currency'],
      [{ denominations: [] }, 'denominations'],
      [{ denominations: [2 ** 40] }, 'denominations[0]'],
    ] as const) {
      const answer = await admin.post('/api/v1/locations', { ...location(), ...change });
      expect([change, answer]).toMatchObject([change, { status: 422, body: { errors: [{ path }] } }]);
      const place = `/api/v1/locations/${company.location_id}`;
      expect(await admin.patch(place, 1, change)).toMatchObject({
        status: 422,
        body: { errors: [{ path }] },
      });
    }
  });

  test('that is sent again as it was is there once; its code is its own', async () => {
    const row = location();
    const answers = await Promise.all(Array.from({ length: 4 }, () => admin.post('/api/v1/locations', row)));
    for (const answer of answers) expect(answer).toMatchObject({ status: 201, body: { ...row, version: 1 } });
    expect(await admin.post('/api/v1/locations', { ...row, location_id: uuid() })).toMatchObject({
      status: 409,
      body: { code: 'conflict', errors: [{ path: 'code' }] },
    });
    const other = location();
    await admin.post('/api/v1/locations', other);
    expect(await admin.patch(`/api/v1/locations/${other.location_id}`, 1, { code: row.code })).toMatchObject({
      status: 409,
      body: { errors: [{ path: 'code' }] },
    });
  });
});

test('what is refused at its last step leaves nothing behind', async () => {
  const owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
  try {
    await owner.query(`
      create function refuse_entry() returns trigger language plpgsql as
        $$ begin raise exception 'no' using errcode = 'check_violation'; end $$;
      create trigger refused before insert on audit_entry for each row
        when (new.key in ('LAST-STEP', 'FIRST-STEP')) execute function refuse_entry()`);
    const row = { code: 'LAST-STEP', name: 'Last' };
    expect((await admin.post('/api/v1/departments', row)).status).toBe(400);
    expect((await admin.get('/api/v1/departments/LAST-STEP')).status).toBe(404);
    const kept = { code: 'FIRST-STEP', name: 'First' };
    await owner.query('alter table audit_entry disable trigger refused');
    await admin.post('/api/v1/departments', kept);
    await owner.query('alter table audit_entry enable trigger refused');
    expect((await admin.patch('/api/v1/departments/FIRST-STEP', 1, { name: 'Changed' })).status).toBe(400);
    expect((await remove(admin, '/api/v1/departments/FIRST-STEP', 1)).status).toBe(400);
    expect((await admin.get('/api/v1/departments/FIRST-STEP')).body).toEqual({ ...kept, version: 1 });
  } finally {
    await owner.query('drop trigger refused on audit_entry; drop function refuse_entry');
    await owner.end();
  }
});
