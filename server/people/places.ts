import type { z } from 'zod';
import { locationIdSchema } from '#shared/ids.ts';
import type { clientSchema } from '#shared/people/client.ts';
import { locationFieldsSchema } from '#shared/people/location.ts';
import { rows, type Tx } from '../db.ts';
import type { Kind } from '../master-data/kind.ts';
import { type Condition, inWords, is } from '../page.ts';
import { Refusal } from '../problem.ts';
import type { Actor } from './actor.ts';

const placeSchema = locationFieldsSchema.extend({ location_id: locationIdSchema });
type Place = z.infer<typeof placeSchema>;

/** Which locations a person sees, in a column of a statement; null for all of the company. */
export function placesOf({ scope }: Actor, column = 'location_id'): Condition | null {
  switch (scope.kind) {
    case 'company':
      return null;
    case 'locations':
      return { sql: (place) => `${column} = any(${place}::uuid[])`, value: scope.location_ids };
    case 'client':
      return { sql: () => 'false' };
    default:
      return scope satisfies never;
  }
}

export const LOCATION: Kind<Place, 'location_id'> = {
  table: 'location',
  one: 'location',
  key: { location_id: 'location_id' },
  fields: {
    code: 'code',
    kind: 'kind',
    name: 'name',
    currency: 'currency',
    zone: 'zone',
    day_change_hour: 'day_change_hour',
    cash_step_minor: 'cash_step_minor',
    denominations: 'denominations',
    prices_include_tax: 'prices_include_tax',
    tax_rounding: 'tax_rounding',
  },
  searched: ['code', 'name'],
  sorts: { code: inWords('code'), name: inWords('name'), kind: 'kind' },
  filters: ['kind'],
  minted: true,
  unique: { location_code: 'code' },
  references: { location_currency: 'currency' },
  namedBy: [
    { table: 'terminal', column: 'location_id', what: 'terminals' },
    { table: 'user_location', column: 'location_id', what: 'people' },
    { table: 'enrolment', column: 'location_id', what: 'enrolment codes' },
    { table: 'sales_day', column: 'location_id', what: 'sales days' },
    { table: 'ticket', column: 'location_id', what: 'tickets' },
    { table: 'stock_level', column: 'location_id', what: 'stock' },
    { table: 'exception', column: 'location_id', what: 'flagged operations' },
  ],
  visible: placesOf,
  allow: keepCurrency,
};

/** A location keeps its currency once it has sales: its days and tickets could not be added up in another. */
async function keepCurrency(tx: Tx, before: Place | null, after: Place): Promise<void> {
  if (!before || before.currency === after.currency) return;
  const [sold] = await rows(
    tx,
    `select from sales_day where company_id = $1 and location_id = $2
     union all select from ticket where company_id = $1 and location_id = $2 limit 1`,
    [tx.company_id, before.location_id],
  );
  if (!sold) return;
  throw new Refusal(409, 'currency_in_use', 'A location keeps its currency once something was sold there.', {
    errors: [{ path: 'currency', message: `must stay ${before.currency}: this location has sales` }],
  });
}

export const CLIENT: Kind<z.infer<typeof clientSchema>, 'client_id'> = {
  table: 'client',
  one: 'client',
  key: { client_id: 'client_id' },
  fields: { code: 'code', name: 'name', billing_address: 'billing_address' },
  searched: ['code', 'name'],
  sorts: { code: inWords('code'), name: inWords('name') },
  minted: true,
  unique: { client_code: 'code' },
  namedBy: [{ table: 'app_user', column: 'client_id', what: 'people' }],
  visible: ({ scope }) => (scope.kind === 'client' ? is('client_id', scope.client_id) : null),
};
