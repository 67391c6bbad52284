import type { z } from 'zod';
import { ifMatch } from '#shared/contract/list.ts';
import { companyCurrencySchema } from '#shared/sales/currency.ts';
import { minorPlaces } from '#shared/sales/money.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import type { RecordKind } from '../record-kind.ts';
import { forgetReferences } from '../references.ts';
import { lookupText } from './text.ts';

type CompanyCurrency = z.infer<typeof companyCurrencySchema>;

/** Currencies: what locations sell in, and what amounts are converted between. */
export const currencies: RecordKind<CompanyCurrency, { code: string; name: string }> = {
  ...lookupText.currencies,
  empty: {
    icon: 'coins',
    title: lookupText.currencies.empty,
    detail: lookupText.currencies.emptyDetail,
  },
  searchLabel: lookupText.searchCodes,
  columns: [
    { key: 'code', title: lookupText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
    { key: 'name', title: lookupText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
    { key: 'decimals', title: lookupText.decimals, show: ({ code }) => minorPlaces(code) },
  ],
  sort: 'code',
  keyOf: ({ code }) => code,
  nameOf: ({ name }) => name,
  keys: ['code'],
  blank: () => ({ code: '', name: '' }),
  draftOf: ({ code, name }) => ({ code, name }),
  check: (draft) => check(companyCurrencySchema, draft),
  words: { code: lookupText.currencyCode, name: lookupText.name },
  Fields: ({ form, isNew }) => (
    <>
      <Field
        label={lookupText.currencyCode}
        hint={isNew ? lookupText.currencyHint : undefined}
        {...form.text('code')}
        onChange={(code) => form.change({ code: code.toUpperCase(), ...nameIfNone(code, form.draft.name) })}
        maxLength={3}
        isCode
        isDisabled={!isNew || form.isLocked}
        autoFocus={isNew}
      />
      <Field {...form.text('name')} label={lookupText.name} />
    </>
  ),
  calls: {
    list: (wanted) => till.office.currencies.list(wanted),
    get: ({ code }) => till.office.currencies.get({ code }),
    create: (currency) => till.office.currencies.create(currency),
    change: ({ code, version }, { code: _code, ...body }) =>
      till.office.currencies.change({ params: { code }, headers: ifMatch(version), body }),
    remove: ({ code, version }) =>
      till.office.currencies.remove({ params: { code }, headers: ifMatch(version) }),
  },
  onChanged: () => forgetReferences('currencies'),
};

/** Offers what the machine calls a currency, where nobody has named it yet. */
function nameIfNone(code: string, name: string): { name?: string } {
  if (name !== '' || !/^[a-z]{3}$/i.test(code)) return {};
  const found = new Intl.DisplayNames(navigator.language, { type: 'currency', fallback: 'none' }).of(
    code.toUpperCase(),
  );
  return found === undefined ? {} : { name: found };
}
