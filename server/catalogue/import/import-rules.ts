import { type Currency, currencySchema } from '#shared/sales/money.ts';
import { rows, type Tx } from '../../db.ts';
import { type ColumnMap, findColumns } from './columns.ts';
import { ImportError } from './import-error.ts';
import type { PlanRules } from './plan-chunk.ts';
import { type PriceText, readPriceRule } from './price-rule.ts';
import type { RowRules } from './read-row.ts';
import type { Table } from './source-records.ts';

/** What the one who imports says about a file. Left out: what the headers say, and STD as the tax class. */
export type RuleOptions = {
  /** Which header stands for which field. */
  readonly map?: ColumnMap | undefined;
  /** What new items cost where the file does not say. */
  readonly price?: PriceText | undefined;
  /** Tax class of new items where the file does not say. */
  readonly tax_class?: string | undefined;
  /** Code of a location in whose currency the prices are; needed where a company has several currencies. */
  readonly location?: string | undefined;
};

const DEFAULT_TAX_CLASS = 'STD';

/**
 * How this table's rows are to be read and decided on, in this company.
 * @throws ImportError `usage` where columns, price, tax class or currency are not clear
 */
export async function readRules(
  tx: Tx,
  table: Pick<Table, 'header' | 'delimiter'>,
  options: RuleOptions,
): Promise<{ row: RowRules; plan: PlanRules }> {
  const { header, delimiter } = table;
  const columns = findColumns(header, options.map ?? {});
  if (!columns.price && !options.price) {
    const found = `The file has the columns ${header.join(', ')}.`;
    throw new ImportError(
      'usage',
      `There is no column for the price: name one with --map price=…, or say --price or --price-range. ${found}`,
    );
  }
  const currency = await readCurrency(tx, options.location);
  const taxClasses = await rows<{ code: string }>(
    tx,
    'select code from tax_class where company_id = $1 order by code',
    [tx.company_id],
  );
  const known = new Set(taxClasses.map(({ code }) => code));
  const taxClass = options.tax_class ?? DEFAULT_TAX_CLASS;
  if (!known.has(taxClass)) {
    const there = known.size === 0 ? 'there is none' : `there are ${[...known].join(', ')}`;
    throw new ImportError('usage', `--tax-class: there is no tax class ${taxClass}; ${there}.`);
  }
  const headers = {
    key: (columns.sku ?? columns.barcode)?.header ?? '',
    barcode: columns.barcode?.header ?? '',
    price: columns.price?.header ?? '',
  };
  return {
    row: { columns, width: header.length, delimiter, currency, tax_classes: known },
    plan: {
      keyed_by: columns.sku ? 'sku' : 'barcode',
      headers,
      price: options.price && readPriceRule(options.price, currency),
      tax_class: taxClass,
    },
  };
}

async function readCurrency(tx: Tx, location: string | undefined): Promise<Currency> {
  const found = await rows<{ code: string; currency: string }>(
    tx,
    'select code, currency from location where company_id = $1 order by code',
    [tx.company_id],
  );
  const chosen = location === undefined ? found : found.filter(({ code }) => code === location);
  const there = found.map(({ code, currency }) => `${code} (${currency})`).join(', ');
  const [first] = chosen;
  if (!first) {
    if (location === undefined)
      throw new ImportError('usage', 'The company has no location yet, and so no currency.');
    throw new ImportError('usage', `--location: there is no location ${location}; there are ${there}.`);
  }
  if (chosen.some(({ currency }) => currency !== first.currency)) {
    throw new ImportError(
      'usage',
      `--location: which location's currency are the prices in? There are ${there}.`,
    );
  }
  return currencySchema.parse(first.currency);
}
