import { z } from 'zod';
import { categorySchema, departmentSchema } from '../../catalogue/item.ts';
import { lineIdSchema, ticketIdSchema } from '../../ids.ts';
import { companyCurrencySchema, exchangeRateSchema } from '../../sales/currency.ts';
import { minorSchema } from '../../sales/money.ts';
import { taxClassSchema } from '../../sales/tax.ts';
import { paymentTypeSchema } from '../../sales/tender.ts';
import { dateSchema } from '../../sales/zone.ts';
import { milliSchema } from '../../stock/quantity.ts';
import { codeSchema, newCodeSchema } from '../../text.ts';
import { route } from '../access.ts';
import { listOf, listQuery } from '../list.ts';
import { masterData } from './master-data.ts';

const write = 'lookup.manage';
const key = { code: codeSchema };
const newKey = { code: newCodeSchema };
const sorts = ['code', 'name'] as const;
const oneCode = z.strictObject(key);

export const departmentsContract = masterData({
  path: 'departments',
  one: 'a department',
  write,
  key,
  newKey,
  fields: departmentSchema.omit({ code: true }).shape,
  change: departmentSchema.omit({ code: true }).partial(),
  sorts,
});

/** A line item as its sales category sees it. */
const categoryLineSchema = z.strictObject({
  ticket_id: ticketIdSchema,
  line_id: lineIdSchema,
  receipt_number: z.string(),
  business_date: dateSchema,
  name: z.string(),
  quantity_milli: milliSchema,
  net_minor: minorSchema,
  currency: z.string(),
  sales_category: categorySchema.nullable(),
});

/** A tender as its payment type sees it. */
const typeTenderSchema = z.strictObject({
  ticket_id: ticketIdSchema,
  tender_no: z.int(),
  receipt_number: z.string(),
  business_date: dateSchema,
  amount_minor: minorSchema,
  currency: z.string(),
  payment_type: paymentTypeSchema.nullable(),
});

export const salesCategoriesContract = {
  ...masterData({
    path: 'sales-categories',
    one: 'a sales category',
    write,
    key,
    newKey,
    fields: categorySchema.omit({ code: true }).shape,
    change: categorySchema.omit({ code: true }).partial(),
    sorts,
    filters: { department: codeSchema.optional() },
  }),
  /** The other side of a line item's category. */
  lineItems: route
    .route({
      method: 'GET',
      path: '/api/v1/sales-categories/{code}/line-items',
      tags: ['sales-categories'],
      summary: 'The line items sold under a sales category',
    })
    .meta({ needs: 'report.view' })
    .input(oneCode.extend(listQuery(['business_date']).shape))
    .output(listOf(categoryLineSchema)),
};

export const paymentTypesContract = {
  ...masterData({
    path: 'payment-types',
    one: 'a payment type',
    write,
    key,
    newKey,
    fields: paymentTypeSchema.omit({ code: true }).shape,
    change: paymentTypeSchema.omit({ code: true }).partial(),
    sorts,
    filters: { kind: paymentTypeSchema.shape.kind.optional() },
  }),
  /** The other side of a tender's payment type. */
  tenders: route
    .route({
      method: 'GET',
      path: '/api/v1/payment-types/{code}/tenders',
      tags: ['payment-types'],
      summary: 'The tenders taken as a payment type',
    })
    .meta({ needs: 'report.view' })
    .input(oneCode.extend(listQuery(['business_date']).shape))
    .output(listOf(typeTenderSchema)),
};

/** What tax an item bears: each class with its rates. */
export const taxClassesContract = masterData({
  path: 'tax-classes',
  one: 'a tax class',
  write,
  key,
  newKey,
  fields: taxClassSchema.omit({ code: true }).shape,
  change: taxClassSchema.omit({ code: true }).partial(),
  sorts,
});

export const currenciesContract = masterData({
  path: 'currencies',
  one: 'a currency',
  write,
  key: { code: companyCurrencySchema.shape.code },
  fields: companyCurrencySchema.omit({ code: true }).shape,
  change: companyCurrencySchema.omit({ code: true }).partial(),
  sorts,
});

const { rate_nano, ...rateKey } = exchangeRateSchema.shape;

/** Exchange rates: a new date is a new row; the one of a date is changed only to put it right. */
export const exchangeRatesContract = masterData({
  path: 'exchange-rates',
  one: 'an exchange rate',
  write,
  key: rateKey,
  fields: { rate_nano },
  change: z.strictObject({ rate_nano }),
  sorts: ['valid_from', 'from_currency', 'to_currency'],
  filters: { from_currency: rateKey.from_currency.optional(), to_currency: rateKey.to_currency.optional() },
});
