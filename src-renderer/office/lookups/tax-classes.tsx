import { type TaxClass, taxClassSchema } from '#shared/sales/tax.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { displayRate } from '../../part/money.ts';
import { percentText, readPercent } from '../../part/typed.ts';
import { callsByCode } from '../calls-by-code.ts';
import type { RecordKind } from '../record-kind.ts';
import { type RateDraft, TaxRatesField } from './tax-rates-field.tsx';
import { lookupText } from './text.ts';

type TaxDraft = { code: string; name: string; rates: readonly RateDraft[] };

/** Tax classes: what tax an item bears. */
export const taxClasses: RecordKind<TaxClass, TaxDraft> = {
  ...lookupText.taxes,
  empty: { icon: 'discount', title: lookupText.taxes.empty, detail: lookupText.taxes.emptyDetail },
  searchLabel: lookupText.searchCodes,
  columns: [
    { key: 'code', title: lookupText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
    { key: 'name', title: lookupText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
    {
      key: 'rates',
      title: lookupText.rates,
      show: ({ rates }) =>
        rates.length === 0
          ? lookupText.noRates
          : rates.map(({ code, rate_ppm }) => `${code} ${displayRate(rate_ppm)}`).join(' · '),
    },
  ],
  sort: 'name',
  keyOf: ({ code }) => code,
  nameOf: ({ name }) => name,
  keys: ['code'],
  blank: () => ({ code: '', name: '', rates: [{ code: '', rate_ppm: '' }] }),
  draftOf: ({ code, name, rates }) => ({
    code,
    name,
    rates: rates.map((rate) => ({ code: rate.code, rate_ppm: percentText(rate.rate_ppm) })),
  }),
  check: ({ rates, ...draft }) =>
    check(taxClassSchema, {
      ...draft,
      rates: rates.map(({ code, rate_ppm }) => ({ code, rate_ppm: readPercent(rate_ppm) })),
    }),
  words: {
    code: lookupText.code,
    name: lookupText.name,
    rates: [
      lookupText.rates,
      (rates) => rates.map(({ code, rate_ppm }) => `${code} ${rate_ppm} %`).join(', '),
    ],
  },
  Fields: ({ form, isNew }) => (
    <>
      <Field
        {...form.text('code')}
        label={lookupText.code}
        hint={isNew ? lookupText.codeHint : undefined}
        isDisabled={!isNew || form.isLocked}
        autoFocus={isNew}
      />
      <Field {...form.text('name')} label={lookupText.name} />
      <TaxRatesField
        rates={form.draft.rates}
        fault={form.fault}
        isLocked={form.isLocked}
        onChange={(rates) => form.change({ rates })}
      />
    </>
  ),
  calls: callsByCode<TaxClass>(till.office.taxClasses),
};
