import type { z } from 'zod';
import { barcodeKind } from '#shared/catalogue/gtin.ts';
import { barcodeSchema } from '#shared/catalogue/item.ts';
import type { DecimalError } from '#shared/decimal.ts';
import { fail, ok, type Result } from '#shared/result.ts';
import { type Currency, parseUnitPrice, type UnitPrice } from '#shared/sales/money.ts';
import { codeSchema, nameSchema } from '#shared/text.ts';
import type { Columns, Field } from './columns.ts';
import type { Finding } from './finding.ts';
import type { Delimiter, SourceRecord } from './source-records.ts';

/** What a sound row says. Undefined: the file does not say, so an item that exists keeps what it has. */
export type ImportRow = {
  readonly line: number;
  /** The sku of the file, or the barcode where it has no column for the sku. */
  readonly key: string;
  readonly name: string;
  readonly barcode: string | undefined;
  readonly unit_price_micro: UnitPrice | undefined;
  readonly category: string | undefined;
  readonly department: string | undefined;
  readonly tax_class: string | undefined;
  readonly active: boolean | undefined;
};

/** How the cells of a file are to be read. */
export type RowRules = {
  readonly columns: Columns;
  /** How many columns the header has. */
  readonly width: number;
  readonly delimiter: Delimiter;
  readonly currency: Currency;
  readonly tax_classes: ReadonlySet<string>;
};

/** A row with warnings; or none, with the reasons; or none because nothing stands in it. */
export type Reading = { readonly row: ImportRow | undefined; readonly findings: readonly Finding[] };

const itemNameSchema = nameSchema(300);

/** Reads a record and finds every fault that it has. Values are never cut, guessed or half taken. */
export function readRow(record: SourceRecord, rules: RowRules): Reading {
  const { line } = record;
  const reject = (column: string, value: string, reason: string): Finding => ({
    kind: 'rejected',
    line,
    column,
    value,
    reason,
  });
  if ('fault' in record) return { row: undefined, findings: [reject('', record.text, record.fault)] };
  const { cells } = record;
  if (cells.every((cell) => cell.trim() === '')) return { row: undefined, findings: [] };
  const misfit = misfitOf(cells, rules);
  if (misfit) return { row: undefined, findings: [reject('', cells.join(rules.delimiter), misfit)] };

  const findings: Finding[] = [];
  const read = <Value>(field: Field, parse: (text: string) => Result<Value, string>, isRequired = false) => {
    const column = rules.columns[field];
    if (!column) return undefined;
    const text = tidy(cells[column.place] ?? '');
    if (text === '' && !isRequired) return undefined;
    const parsed: Result<Value, string> = text === '' ? fail('is empty') : parse(text);
    if (parsed.ok) return parsed.value;
    findings.push(reject(column.header, text, parsed.error));
    return undefined;
  };
  const barcode = read('barcode', readBarcode, rules.columns.sku === undefined);
  const key = rules.columns.sku ? read('sku', readSku, true) : barcode;
  const name = read('name', (text) => check(itemNameSchema, text), true);
  const rest = {
    unit_price_micro: read('price', (text) => readPrice(text, rules)),
    category: read('category', readCode),
    department: read('department', readCode),
    tax_class: read('tax_class', (text) => readTaxClass(text, rules.tax_classes)),
    active: read('active', readActive),
  };
  if (key === undefined || name === undefined || findings.length > 0) return { row: undefined, findings };
  return { row: { line, key, name, barcode, ...rest }, findings: warnings(line, barcode, rules.columns) };
}

/** A row with a stray delimiter would put a value into the wrong column: a price, perhaps. */
function misfitOf(cells: readonly string[], { columns, width }: RowRules): string | undefined {
  const tooMany = cells.slice(width).some((cell) => cell.trim() !== '');
  const last = Math.max(...Object.values(columns).map((column) => column.place));
  if (!tooMany && cells.length > last) return undefined;
  return `has ${cells.length} columns where the header has ${width}`;
}

/** Line ends, tabs and control characters would garble a receipt: they become one space. */
const tidy = (cell: string): string => cell.replace(CONTROL, ' ').trim();
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

function check<Value>(schema: z.ZodType<Value, string>, text: string): Result<Value, string> {
  const read = schema.safeParse(text);
  if (read.success) return ok(read.data);
  const [issue] = read.error.issues;
  if (issue?.code === 'too_big') return fail(`is longer than ${issue.maximum} characters`);
  return fail(issue?.message ?? 'cannot be taken');
}

const readCode = (text: string): Result<string, string> => check(codeSchema, text);
const readSku = (text: string): Result<string, string> =>
  SHORTENED.test(text) ? fail(IS_SHORTENED) : readCode(text);
const readBarcode = (text: string): Result<string, string> =>
  SHORTENED.test(text) ? fail(IS_SHORTENED) : check(barcodeSchema, text);

/** `5.01E+12`: what a spreadsheet makes of a long code. Its last digits are lost. */
const SHORTENED = /^\d(?:[.,]\d+)?E\+\d{1,2}$/i;
const IS_SHORTENED = 'was shortened by a spreadsheet; format the column as text and save the file again';

const PRICE_FAULTS: Readonly<Record<DecimalError, string>> = {
  not_a_number: 'is not a price: digits with at most one decimal point, without currency signs or grouping',
  too_fine: 'has more decimals than a price can have',
  too_large: 'is larger than a price can be',
};

/** Where semicolons separate cells, the decimal sign is a comma. */
function readPrice(text: string, { delimiter, currency }: RowRules): Result<UnitPrice, string> {
  const price = parseUnitPrice(delimiter === ';' ? text.replace(',', '.') : text, currency);
  if (!price.ok) return fail(PRICE_FAULTS[price.error]);
  return price.value < 0 ? fail('is below zero') : price;
}

const readTaxClass = (text: string, known: ReadonlySet<string>): Result<string, string> =>
  known.has(text) ? ok(text) : fail(`is not a tax class; there are ${[...known].join(', ')}`);

const ACTIVE: ReadonlyMap<string, boolean> = new Map([
  ...['1', 'true', 'yes', 'y'].map((text) => [text, true] as const),
  ...['0', 'false', 'no', 'n'].map((text) => [text, false] as const),
]);

function readActive(text: string): Result<boolean, string> {
  const active = ACTIVE.get(text.toLowerCase());
  return active === undefined ? fail('is neither yes nor no') : ok(active);
}

function warnings(line: number, barcode: string | undefined, columns: Columns): Finding[] {
  if (barcode === undefined || barcodeKind(barcode) !== 'gtin_bad_check_digit') return [];
  const reason = 'the check digit is wrong; taken as it is';
  return [{ kind: 'warning', line, column: columns.barcode?.header ?? '', value: barcode, reason }];
}
