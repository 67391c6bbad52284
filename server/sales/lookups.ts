import type { z } from 'zod';
import type { companyCurrencySchema, exchangeRateSchema } from '#shared/sales/currency.ts';
import type { TaxClass } from '#shared/sales/tax.ts';
import type { PaymentType } from '#shared/sales/tender.ts';
import type { Kind } from '../master-data/kind.ts';
import { inWords } from '../page.ts';
import { Refusal } from '../problem.ts';

const sorts = { code: inWords('code'), name: inWords('name') };
const searched = ['code', 'name'];

export const PAYMENT_TYPE: Kind<PaymentType, 'code'> = {
  table: 'payment_type',
  one: 'payment type',
  key: { code: 'code' },
  fields: { name: 'name', kind: 'kind' },
  searched,
  sorts,
  filters: ['kind'],
  namedBy: [{ table: 'tender', column: 'payment_type_code', what: 'tenders' }],
};

export const TAX_CLASS: Kind<TaxClass, 'code'> = {
  table: 'tax_class',
  one: 'tax class',
  key: { code: 'code' },
  fields: { name: 'name', rates: 'rates' },
  json: ['rates'],
  searched,
  sorts,
  namedBy: [
    { table: 'variant', column: 'tax_class_code', what: 'items' },
    { table: 'ticket_line', column: 'tax_class_code', what: 'lines of tickets' },
  ],
};

export const CURRENCY: Kind<z.infer<typeof companyCurrencySchema>, 'code'> = {
  table: 'company_currency',
  one: 'currency',
  key: { code: 'code' },
  fields: { name: 'name' },
  searched,
  sorts,
  namedBy: [
    { table: 'location', column: 'currency', what: 'locations' },
    { table: 'exchange_rate', column: 'from_currency', what: 'exchange rates' },
    { table: 'exchange_rate', column: 'to_currency', what: 'exchange rates' },
    { table: 'sales_day', column: 'currency', what: 'sales days' },
    { table: 'ticket', column: 'currency', what: 'tickets' },
  ],
};

export const EXCHANGE_RATE: Kind<
  z.infer<typeof exchangeRateSchema>,
  'from_currency' | 'to_currency' | 'valid_from'
> = {
  table: 'exchange_rate',
  one: 'exchange rate',
  key: { from_currency: 'from_currency', to_currency: 'to_currency', valid_from: 'valid_from' },
  fields: { rate_nano: 'rate_nano' },
  searched: ['from_currency', 'to_currency'],
  sorts: {
    valid_from: 'valid_from',
    from_currency: inWords('from_currency'),
    to_currency: inWords('to_currency'),
  },
  filters: ['from_currency', 'to_currency'],
  references: { exchange_rate_from: 'from_currency', exchange_rate_to: 'to_currency' },
  namedBy: [],
  allow: async (_tx, _before, { from_currency, to_currency }) => {
    if (from_currency !== to_currency) return;
    throw new Refusal(422, 'invalid_input', 'The request has fields that cannot be accepted.', {
      errors: [{ path: 'to_currency', message: 'must be another currency' }],
    });
  },
};
