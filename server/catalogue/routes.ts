import { member } from '../access.ts';
import { listRows, readRow } from '../master-data/read-rows.ts';
import { changeRow, createRow, removeRow } from '../master-data/write-rows.ts';
import { linesOfCategory } from '../sales/pairings.ts';
import { DEPARTMENT, SALES_CATEGORY } from './lookups.ts';

export const departmentRoutes = {
  list: member.departments.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, DEPARTMENT, input),
  ),
  get: member.departments.get.handler(({ input, context: { tx, actor } }) =>
    readRow(tx, actor, DEPARTMENT, input),
  ),
  create: member.departments.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, DEPARTMENT, input),
  ),
  change: member.departments.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, DEPARTMENT, input),
  ),
  remove: member.departments.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, DEPARTMENT, input),
  ),
};

export const salesCategoryRoutes = {
  list: member.salesCategories.list.handler(({ input, context: { tx, actor } }) =>
    listRows(tx, actor, SALES_CATEGORY, input),
  ),
  get: member.salesCategories.get.handler(({ input, context: { tx, actor } }) =>
    readRow(tx, actor, SALES_CATEGORY, input),
  ),
  create: member.salesCategories.create.handler(({ input, context: { tx, actor } }) =>
    createRow(tx, actor, SALES_CATEGORY, input),
  ),
  change: member.salesCategories.change.handler(({ input, context: { tx, actor } }) =>
    changeRow(tx, actor, SALES_CATEGORY, input),
  ),
  remove: member.salesCategories.remove.handler(({ input, context: { tx, actor } }) =>
    removeRow(tx, actor, SALES_CATEGORY, input),
  ),
  lineItems: member.salesCategories.lineItems.handler(({ input, context: { tx, actor } }) =>
    linesOfCategory(tx, actor, input),
  ),
};
