import {
  type PaymentType,
  paymentTypeSchema,
  type TenderKind,
  tenderKindSchema,
} from '#shared/sales/tender.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import type { Choice } from '../../part/choice-list.tsx';
import { Field } from '../../part/field.tsx';
import { Select } from '../../part/select.tsx';
import { callsByCode } from '../calls-by-code.ts';
import type { RecordKind } from '../record-kind.ts';
import { officeText } from '../text.ts';
import { lookupText } from './text.ts';

const kinds = tenderKindSchema.options.map((kind): Choice<TenderKind> => [kind, lookupText.kinds[kind]]);

/** Payment types: what customers can pay with. */
export const paymentTypes: RecordKind<PaymentType, PaymentType> = {
  ...lookupText.payments,
  empty: {
    icon: 'card',
    title: lookupText.payments.empty,
    detail: lookupText.payments.emptyDetail,
  },
  searchLabel: lookupText.searchCodes,
  columns: [
    { key: 'code', title: lookupText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
    { key: 'name', title: lookupText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
    { key: 'kind', title: lookupText.kind, show: ({ kind }) => lookupText.kinds[kind] },
  ],
  sort: 'name',
  filter: { name: 'kind', label: lookupText.kind, useChoices: () => kinds },
  keyOf: ({ code }) => code,
  nameOf: ({ name }) => name,
  keys: ['code'],
  blank: () => ({ code: '', name: '', kind: 'card' }),
  draftOf: ({ code, name, kind }) => ({ code, name, kind }),
  check: (draft) => check(paymentTypeSchema, draft),
  words: {
    code: lookupText.code,
    name: lookupText.name,
    kind: [lookupText.kind, (kind) => lookupText.kinds[kind]],
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
      <Select
        label={lookupText.kind}
        hint={lookupText.kindHint}
        placeholder={officeText.choose}
        choices={kinds}
        chosen={form.draft.kind}
        error={form.fault('kind')}
        isDisabled={form.isLocked}
        onChoose={(kind) => form.change({ kind })}
      />
    </>
  ),
  calls: callsByCode(till.office.paymentTypes),
};
