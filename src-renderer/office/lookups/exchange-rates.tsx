import type { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import { exchangeRateSchema } from '#shared/sales/currency.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { Select } from '../../part/select.tsx';
import { displayDate } from '../../part/time.ts';
import { rateText, readRate } from '../../part/typed.ts';
import type { Form } from '../../part/use-form.ts';
import type { RecordKind } from '../record-kind.ts';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import { lookupText } from './text.ts';

type Rate = z.infer<typeof exchangeRateSchema>;
type RateDraft = { from_currency: string; to_currency: string; valid_from: string; rate_nano: string };

const keyOf = ({ from_currency, to_currency, valid_from }: Rate) => ({
  from_currency,
  to_currency,
  valid_from,
});

/** Exchange rates: what one unit of a currency buys of another, from a date on. */
export const exchangeRates: RecordKind<Rate, RateDraft, 'valid_from' | 'from_currency'> = {
  ...lookupText.exchange,
  empty: {
    icon: 'exchange',
    title: lookupText.exchange.empty,
    detail: lookupText.exchange.emptyDetail,
  },
  searchLabel: lookupText.exchange.search,
  columns: [
    {
      key: 'pair',
      title: lookupText.exchangeRate,
      sort: 'from_currency',
      kind: 'name',
      show: (rate) => lookupText.exchangeRead(rate.from_currency, rateText(rate.rate_nano), rate.to_currency),
    },
    {
      key: 'valid_from',
      title: lookupText.validFrom,
      sort: 'valid_from',
      kind: 'tight',
      show: ({ valid_from }) => displayDate(valid_from),
    },
  ],
  sort: 'valid_from',
  order: 'desc',
  keyOf: (rate) => Object.values(keyOf(rate)).join(' '),
  nameOf: ({ from_currency, to_currency, valid_from }) =>
    `${from_currency} → ${to_currency}, ${displayDate(valid_from)}`,
  keys: ['from_currency', 'to_currency', 'valid_from'],
  blank: () => ({
    from_currency: '',
    to_currency: '',
    valid_from: new Date().toLocaleDateString('sv-SE'),
    rate_nano: '',
  }),
  draftOf: (rate) => ({ ...keyOf(rate), rate_nano: rateText(rate.rate_nano) }),
  check: (draft) => check(exchangeRateSchema, { ...draft, rate_nano: readRate(draft.rate_nano) }),
  words: {
    from_currency: lookupText.from,
    to_currency: lookupText.to,
    valid_from: lookupText.validFrom,
    rate_nano: lookupText.exchangeRate,
  },
  Fields: ExchangeRateFields,
  calls: {
    list: (wanted) => till.office.exchangeRates.list(wanted),
    get: (rate) => till.office.exchangeRates.get(keyOf(rate)),
    create: (rate) => till.office.exchangeRates.create(rate),
    change: (row, { rate_nano = row.rate_nano }) =>
      till.office.exchangeRates.change({
        params: keyOf(row),
        headers: ifMatch(row.version),
        body: { rate_nano },
      }),
    remove: (row) => till.office.exchangeRates.remove({ params: keyOf(row), headers: ifMatch(row.version) }),
  },
};

function ExchangeRateFields({ form, isNew }: { form: Form<RateDraft>; isNew: boolean }) {
  const currencies = useReference('currencies');
  const { from_currency: from, to_currency: to } = form.draft;
  const hint = from !== '' && to !== '' ? lookupText.exchangeHint(from, to) : undefined;
  const select = (name: 'from_currency' | 'to_currency', label: string) => (
    <Select
      label={label}
      placeholder={officeText.choose}
      choices={currencies.map(({ code, name: words }) => [code as string, `${code} ${words}`])}
      chosen={form.draft[name] === '' ? null : form.draft[name]}
      error={form.fault(name)}
      isDisabled={!isNew || form.isLocked}
      onChoose={(code) => form.change({ [name]: code })}
    />
  );
  return (
    <>
      {select('from_currency', lookupText.from)}
      {select('to_currency', lookupText.to)}
      <Field
        {...form.text('valid_from')}
        label={lookupText.validFrom}
        type="date"
        isDisabled={!isNew || form.isLocked}
      />
      <Field {...form.text('rate_nano')} label={lookupText.exchangeRate} hint={hint} inputMode="decimal" />
    </>
  );
}
