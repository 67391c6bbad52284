import { categorySchema } from '#shared/catalogue/item.ts';
import { till } from '../../api.ts';
import { check } from '../../part/check.ts';
import { Field } from '../../part/field.tsx';
import { Select } from '../../part/select.tsx';
import type { Form } from '../../part/use-form.ts';
import { callsByCode } from '../calls-by-code.ts';
import type { RecordKind } from '../record-kind.ts';
import { useReference } from '../references.ts';
import { officeText } from '../text.ts';
import { lookupText } from './text.ts';

type Category = { code: string; name: string; department: string };

/** Sales categories: what a line on a ticket is counted as. */
export const salesCategories: RecordKind<Category, Category> = {
  ...lookupText.categories,
  empty: {
    icon: 'price',
    title: lookupText.categories.empty,
    detail: lookupText.categories.emptyDetail,
  },
  searchLabel: lookupText.searchCodes,
  columns: [
    { key: 'code', title: lookupText.code, sort: 'code', kind: 'tight', show: ({ code }) => code },
    { key: 'name', title: lookupText.name, sort: 'name', kind: 'name', show: ({ name }) => name },
    {
      key: 'department',
      title: lookupText.department,
      show: ({ department }) => <DepartmentName code={department} />,
    },
  ],
  sort: 'name',
  filter: {
    name: 'department',
    label: lookupText.department,
    useChoices: () => useReference('departments').map(({ code, name }) => [code, name]),
  },
  keyOf: ({ code }) => code,
  nameOf: ({ name }) => name,
  keys: ['code'],
  blank: () => ({ code: '', name: '', department: '' }),
  draftOf: ({ code, name, department }) => ({ code, name, department }),
  check: (draft) => check(categorySchema, draft),
  words: { code: lookupText.code, name: lookupText.name, department: lookupText.department },
  Fields: CategoryFields,
  calls: callsByCode(till.office.salesCategories),
};

function CategoryFields({ form, isNew }: { form: Form<Category>; isNew: boolean }) {
  const departments = useReference('departments');
  return (
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
        label={lookupText.department}
        placeholder={officeText.choose}
        choices={departments.map(({ code, name }) => [code, name])}
        chosen={form.draft.department === '' ? null : form.draft.department}
        error={form.fault('department')}
        isDisabled={form.isLocked}
        onChoose={(department) => form.change({ department })}
      />
    </>
  );
}

function DepartmentName({ code }: { code: string }) {
  const departments = useReference('departments');
  return departments.find((department) => department.code === code)?.name ?? code;
}
