import type { z } from 'zod';
import type { categorySchema, departmentSchema } from '#shared/catalogue/item.ts';
import type { Kind } from '../master-data/kind.ts';
import { inWords } from '../page.ts';

const sorts = { code: inWords('code'), name: inWords('name') };
const searched = ['code', 'name'];

export const DEPARTMENT: Kind<z.infer<typeof departmentSchema>, 'code'> = {
  table: 'department',
  one: 'department',
  key: { code: 'code' },
  fields: { name: 'name' },
  searched,
  sorts,
  namedBy: [
    { table: 'sales_category', column: 'department_code', what: 'sales categories' },
    { table: 'ticket_line', column: 'department_code', what: 'lines of tickets' },
  ],
};

export const SALES_CATEGORY: Kind<z.infer<typeof categorySchema>, 'code'> = {
  table: 'sales_category',
  one: 'sales category',
  key: { code: 'code' },
  fields: { name: 'name', department: 'department_code' },
  searched,
  sorts,
  filters: ['department'],
  references: { sales_category_department: 'department' },
  namedBy: [
    { table: 'variant', column: 'category_code', what: 'items' },
    { table: 'ticket_line', column: 'category_code', what: 'lines of tickets' },
  ],
};
