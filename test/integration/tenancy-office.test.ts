import fc from 'fast-check';
import { v7 as uuid } from 'uuid';
import { beforeAll, describe, expect, test } from 'vitest';
import { contractOperations } from '../../server/ops/contract-operations.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import {
  addressOf,
  type DocumentedRoute,
  documentedRoutes,
  fitting,
  type Known,
  knownFields,
} from '../support/documented-routes.ts';
import { everything } from '../support/everything.ts';
import { newAddress } from '../support/invite.ts';
import { type Office, officeOf } from '../support/office.ts';
import { officeToken } from '../support/office-token.ts';
import { person, type TestShop, testShop } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';

/** A shop whose every name says whose it is. */
type Named = { readonly mark: string; readonly shop: TestShop; readonly office: Office };

/** What both shops know by the same keys. */
const SHARED = {
  location_id: uuid(),
  client_id: uuid(),
  user_id: uuid(),
  invitation_id: uuid(),
  invited: uuid(),
  email: 'noor@same.example',
};
const DATE = '2026-03-02';

const { central, server } = await startCentral();
let routes: DocumentedRoute[];
let alpha: Named;
let beta: Named;

beforeAll(async () => {
  routes = await documentedRoutes();
  [alpha, beta] = [await furnished('Alpha'), await furnished('Beta')];
});
/** A shop with a row of everything, under the same codes, addresses and ids as the other one. */
async function furnished(name: string): Promise<Named> {
  const mark = `only ${name} sees this`;
  const shop = await testShop(central, server, {
    ...DEMO_SHOP,
    name: mark,
    location: { ...DEMO_SHOP.location, name: mark },
    people: DEMO_SHOP.people.map((one) => ({ ...one, name: `${one.name}, ${mark}` })),
  });
  const office = await officeOf(server.url, shop.company, 'ADMIN');
  const { version: _, ...fields } = (await office.get(`/api/v1/locations/${shop.company.location_id}`)).body;
  const place = { ...fields, location_id: SHARED.location_id, code: 'BRANCH' };
  const scope = { kind: 'locations', location_ids: [SHARED.location_id] };
  const guest = { name: mark, roles: ['CASHIER'], scope };
  for (const [path, body] of [
    ['departments', { code: 'FOOD', name: mark }],
    ['sales-categories', { code: 'TEA', name: mark, department: 'FOOD' }],
    ['payment-types', { code: 'SHELLS', name: mark, kind: 'cash' }],
    ['tax-classes', { code: 'BOOKS', name: mark, rates: [] }],
    ['currencies', { code: 'JPY', name: mark }],
    ['exchange-rates', { from_currency: 'EUR', to_currency: 'JPY', valid_from: DATE, rate_nano: 1 }],
    ['locations', place],
    ['clients', { client_id: SHARED.client_id, code: 'COLD', name: mark, billing_address: mark }],
    ['users', { ...guest, user_id: SHARED.user_id, pin: '2580' }],
    [
      'invitations',
      { ...guest, invitation_id: SHARED.invitation_id, user_id: SHARED.invited, email: SHARED.email },
    ],
    ['terminals/enrolment-codes', { location_id: SHARED.location_id }],
  ] as const) {
    const answer = await office.post(`/api/v1/${path}`, body);
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  }
  const { terminal, day } = shop;
  const { ticket } = day.ticket({ lines: [{}] });
  const lines = ticket.lines.map((line) => ({ ...line, category: 'TEA', name: mark }));
  const tenders = ticket.tenders.map((tender) => ({ ...tender, payment_type: 'SHELLS' }));
  await terminal.deliver([
    terminal.record('day.opened', day.opened),
    terminal.record('ticket.completed', day.ticket({ change: { lines, tenders } })),
  ]);
  return { mark, shop, office };
}

/** What a path names, in a company that has it under a key that both have. */
const KEYS: Readonly<Record<string, Record<string, string>>> = {
  departments: { code: 'FOOD' },
  'sales-categories': { code: 'TEA' },
  'payment-types': { code: 'SHELLS' },
  'tax-classes': { code: 'BOOKS' },
  currencies: { code: 'JPY' },
  'exchange-rates': { from_currency: 'EUR', to_currency: 'JPY', valid_from: DATE },
  roles: { code: 'MANAGER' },
};

/** What both shops call things. */
const WORDS = {
  codes: ['FOOD', 'TEA', 'SHELLS', 'BOOKS', 'GBP', 'JPY', 'SHOP1', 'BRANCH', 'MANAGER'],
  addresses: [SHARED.email, 'tomas@corner-shop.example', 'new@same.example'],
  dates: [DATE, '2026-03-03'],
  texts: ['only', 'Alpha', 'Tomas'],
};

describe('two companies with the same codes, addresses and ids', () => {
  test('each read their own, by every route that reads', async () => {
    const told = new Map<string, number>();
    for (const [own, other] of [
      [alpha, beta],
      [beta, alpha],
    ] as const) {
      for (const route of routes.filter(({ method, tag }) => method === 'GET' && tag !== 'sync')) {
        const inPath = route.parameters.filter((parameter) => parameter.in === 'path');
        const keys: Record<string, unknown> = { ...SHARED, ...KEYS[route.tag] };
        const address = addressOf(route, Object.fromEntries(inPath.map(({ name }) => [name, keys[name]])));
        const { status, body } = await own.office.get(address);
        const text = JSON.stringify(body);
        expect([address, text.includes(other.mark)]).toEqual([address, false]);
        if (status === 200 && text.includes(own.mark)) told.set(address, (told.get(address) ?? 0) + 1);
      }
    }
    // Every list and every row; a rate has no name, and a day is told to terminals only.
    expect([...told.values()].filter((times) => times === 2)).toHaveLength(told.size);
    expect(told.size).toBeGreaterThanOrEqual(22);
  });

  test('each change and remove their own, and leave the other as it was', async () => {
    const before = await everything(alpha.shop);
    const change = (path: string, body: object) => beta.office.patch(`/api/v1/${path}`, 1, body);
    const remove = (path: string, version: number) =>
      beta.office.send('DELETE', `/api/v1/${path}`, undefined, { 'if-match': `"${version}"` });
    for (const [path, status] of [
      ['sales-categories/TEA', 409],
      ['payment-types/SHELLS', 409],
      ['tax-classes/BOOKS', 200],
      [`clients/${SHARED.client_id}`, 200],
      [`locations/${SHARED.location_id}`, 409],
    ] as const) {
      expect([path, (await change(path, { name: 'Changed' })).status]).toEqual([path, 200]);
      expect([path, (await remove(path, 2)).status]).toEqual([path, status]);
    }
    expect((await change(`users/${SHARED.user_id}`, { name: 'Changed' })).status).toBe(200);
    expect((await beta.office.post(`/api/v1/users/${SHARED.user_id}/disable`)).status).toBe(200);
    const revoke = `/api/v1/invitations/${SHARED.invitation_id}/revoke`;
    expect((await beta.office.post(revoke)).status).toBe(200);
    expect(await everything(alpha.shop)).toEqual(before);
  });
});

/** Ids that a company has and the other has not, by the name that a path gives them. */
async function idsOf({ shop, office, mark }: Named): Promise<Record<string, string>> {
  const [session] = await shop.query<{ id: string }>('select session_id as id from office_session limit 1');
  const { version: _, ...fields } = (await office.get(`/api/v1/locations/${SHARED.location_id}`)).body;
  const ids = { location_id: uuid(), client_id: uuid(), invitation_id: uuid() };
  const guest = { name: mark, roles: ['CASHIER'], scope: { kind: 'company' } };
  for (const [path, body] of [
    ['locations', { ...fields, location_id: ids.location_id, code: 'THEIRS' }],
    ['clients', { client_id: ids.client_id, code: 'WARM', name: mark, billing_address: '' }],
    ['invitations', { ...guest, invitation_id: ids.invitation_id, user_id: uuid(), email: newAddress() }],
  ] as const) {
    const answer = await office.post(`/api/v1/${path}`, body);
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  }
  return {
    ...ids,
    user_id: person(shop.company, 'CASHIER'),
    session_id: session?.id ?? '',
    terminal_id: shop.terminal.enrolment.terminal_id,
    day_id: shop.day.day_id,
  };
}

/** A request that the contract takes, with ids of the other company. */
const requestTo = (
  route: DocumentedRoute,
  known: Known,
): fc.Arbitrary<{ url: string; headers: object; body?: unknown }> =>
  fc
    .record({
      values: fc.record(
        Object.fromEntries(
          route.parameters
            .filter((parameter) => parameter.in !== 'header')
            .map(({ name, schema }) => [name, fitting(schema, known, name)]),
        ),
        { requiredKeys: route.parameters.filter(({ required }) => required).map(({ name }) => name) },
      ),
      ifMatch: fc.integer({ min: 1, max: 4 }).map((version) => `"${version}"`),
      body: route.body ? fitting(route.body, known) : fc.constant(undefined),
    })
    .map(({ values, ifMatch, body }) => ({
      url: addressOf(route, values),
      headers: {
        ...(route.parameters.some((parameter) => parameter.in === 'header') ? { 'if-match': ifMatch } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    }));

describe('ids of another company', () => {
  test('name nothing here: every route that is told one says that there is no such thing', async () => {
    const ids = await idsOf(alpha);
    const before = await everything(alpha.shop);
    const known = knownFields({ ...WORDS, ids: Object.values(ids) });
    const asked: string[] = [];
    for (const route of routes) {
      const named = route.parameters.filter((parameter) => parameter.in === 'path' && parameter.name in ids);
      if (named.length === 0) continue;
      const [body] = route.body ? fc.sample(fitting(route.body, known), { numRuns: 1, seed: 7 }) : [];
      const terminal = route.tag === 'sales';
      const { status } = terminal
        ? await beta.shop.terminal.send(addressOf(route, ids))
        : await beta.office.send(route.method, addressOf(route, ids), body, { 'if-match': '"1"' });
      asked.push(`${route.method} ${route.path}: ${status}`);
    }
    expect(asked.filter((answer) => !answer.endsWith('404'))).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(16);
    expect(await everything(alpha.shop)).toEqual(before);
  });

  test('in whatever mixture, in paths, queries and bodies, read nothing and change nothing there', async () => {
    const { company } = beta.shop;
    const ids = [
      ...Object.values(await idsOf(beta)),
      ...Object.values(SHARED).slice(0, 5),
      company.company_id,
    ];
    const stolen = [...new Set([...ids, ...(await idsSeenBy(alpha))])];
    const before = await everything(alpha.shop);
    const known = knownFields({ ...WORDS, ids: stolen });
    const needs = new Map(contractOperations().map((one) => [`${one.method} ${one.path}`, one.needs]));
    const admin = person(company, 'ADMIN');
    const counts = new Map<number, number>();
    let sender = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes).chain((route) => fc.tuple(fc.constant(route), requestTo(route, known))),
        async ([route, { url, headers, body }]) => {
          sender += 1;
          const bearer =
            needs.get(`${route.method} ${route.path}`) === 'terminal'
              ? await beta.shop.terminal.token()
              : await officeToken(central, company.company_id, admin);
          const answer = await server.app.inject({
            method: route.method as 'GET',
            url,
            remoteAddress: `10.1.${(sender >> 8) % 256}.${sender % 256}`,
            headers: { ...headers, authorization: `Bearer ${bearer}` },
            ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
          });
          counts.set(answer.statusCode, (counts.get(answer.statusCode) ?? 0) + 1);
          expect(answer.statusCode).toBeLessThan(500);
          expect(answer.body).not.toContain(alpha.mark);
        },
      ),
      { numRuns: 1500 },
    );
    // Much of it was done: in Beta's own company.
    expect((counts.get(200) ?? 0) + (counts.get(201) ?? 0)).toBeGreaterThan(400);
    expect(await everything(alpha.shop)).toEqual(before);
  });
});

/** Every id that any table of a company holds. */
async function idsSeenBy({ shop }: Named): Promise<string[]> {
  const columns = await shop.query<{ table: string; column: string }>(
    `select c.relname as table, a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and relrowsecurity and not relispartition and a.atttypid = 'uuid'::regtype`,
  );
  const found = new Set<string>();
  for (const { table, column } of columns) {
    const rows = await shop.query<{ id: string | null }>(`select distinct ${column} as id from ${table}`);
    for (const { id } of rows) if (id !== null) found.add(id);
  }
  return [...found];
}
