import { member } from '../access.ts';
import { listRows, readRow } from '../master-data/read-rows.ts';
import { changeRow, createRow, removeRow } from '../master-data/write-rows.ts';
import { CURRENCY, EXCHANGE_RATE, PAYMENT_TYPE, TAX_CLASS } from './lookups.ts';
import { tendersOfType } from './pairings.ts';

export const paymentTypeRoutes = {
  list: member.paymentTypes.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, PAYMENT_TYPE, input),
  ),
  get: member.paymentTypes.get.handler(({ input, context: { tx, actor } }) =>
    readRow(tx, actor, PAYMENT_TYPE, input),
  ),
  create: member.paymentTypes.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, PAYMENT_TYPE, input),
  ),
  change: member.paymentTypes.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, PAYMENT_TYPE, input),
  ),
  remove: member.paymentTypes.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, PAYMENT_TYPE, input),
  ),
  tenders: member.paymentTypes.tenders.handler(({ input, context: { tx, actor } }) =>
    tendersOfType(tx, actor, input),
  ),
};

export const taxClassRoutes = {
  list: member.taxClasses.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, TAX_CLASS, input),
  ),
  get: member.taxClasses.get.handler(({ input, context: { tx, actor } }) =>
    readRow(tx, actor, TAX_CLASS, input),
  ),
  create: member.taxClasses.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, TAX_CLASS, input),
  ),
  change: member.taxClasses.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, TAX_CLASS, input),
  ),
  remove: member.taxClasses.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, TAX_CLASS, input),
  ),
};

export const currencyRoutes = {
  list: member.currencies.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, CURRENCY, input),
  ),
  get: member.currencies.get.handler(({ input, context: { tx, actor } }) =>
    readRow(tx, actor, CURRENCY, input),
  ),
  create: member.currencies.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, CURRENCY, input),
  ),
  change: member.currencies.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, CURRENCY, input),
  ),
  remove: member.currencies.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, CURRENCY, input),
  ),
};

export const exchangeRateRoutes = {
  list: member.exchangeRates.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, EXCHANGE_RATE, input),
  ),
  get: member.exchangeRates.get.handler(({ input, context: { tx, actor } }) =>
    readRow(tx, actor, EXCHANGE_RATE, input),
  ),
  create: member.exchangeRates.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, EXCHANGE_RATE, input),
  ),
  change: member.exchangeRates.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, EXCHANGE_RATE, input),
  ),
  remove: member.exchangeRates.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, EXCHANGE_RATE, input),
  ),
};
