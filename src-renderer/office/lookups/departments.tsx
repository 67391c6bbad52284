import { departmentSchema } from '#shared/catalogue/item.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { callsByCode } from '../calls-by-code.ts';
import type { RecordKind } from '../record-kind.ts';
import { forgetReferences } from '../references.ts';
import { lookupText } from './text.ts';

type Department = { code: string; name: string };

/** Departments: the large groups of goods. */
export const departments: RecordKind<Department, Department> = {
  ...lookupText.departments,
  empty: {
    icon: 'layers',
    title: lookupText.departments.empty,
    detail: lookupText.departments.emptyDetail,
  },
  searchLabel: lookupText.searchCodes,
  columns: [
    { key: 'code', title: lookupText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
    { key: 'name', title: lookupText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
  ],
  sort: 'name',
  keyOf: ({ code }) => code,
  nameOf: ({ name }) => name,
  keys: ['code'],
  blank: () => ({ code: '', name: '' }),
  draftOf: ({ code, name }) => ({ code, name }),
  check: (draft) => check(departmentSchema, draft),
  words: { code: lookupText.code, name: lookupText.name },
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
    </>
  ),
  calls: callsByCode(till.office.departments),
  onChanged: () => forgetReferences('departments'),
};
