import type { AuditEntry } from '#shared/people/audit.ts';
import { currencySchema } from '#shared/sales/money.ts';
import { displayMoney, displayRate } from '../../part/money.ts';
import { sameAs } from '../../part/same-as.ts';
import { displayInstant, machineZone } from '../../part/time.ts';
import { rateText } from '../../part/typed.ts';
import { auditText } from './text.ts';

/** A field that an administrative change wrote, in words. */
export type Difference = { readonly field: string; readonly before: string; readonly after: string };

type Fields = Readonly<Record<string, unknown>>;

/** Says nothing to people, and changes with everything. */
const bookkeeping = ['version'];

/** The fields that differ between before and after, as people read them. */
export function differencesOf({ before, after }: Pick<AuditEntry, 'before' | 'after'>): Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .filter((name) => !bookkeeping.includes(name) && !sameAs(before?.[name], after?.[name]))
    .map((name) => ({
      field: fieldWords(name),
      before: valueWords(name, before?.[name], before ?? {}),
      after: valueWords(name, after?.[name], after ?? {}),
    }));
}

/** `cash_step_minor` as `cash step`: units are said with the values. */
const fieldWords = (name: string): string => name.replace(/_(minor|ppm|nano|ids?)$/, '').replaceAll('_', ' ');

function valueWords(name: string, value: unknown, row: Fields): string {
  if (value === null || value === undefined || value === '') return auditText.nothing;
  if (typeof value === 'boolean') return value ? auditText.yes : auditText.no;
  if (typeof value === 'number') return numberWords(name, value, row);
  if (Array.isArray(value)) {
    return value.length === 0
      ? auditText.nothing
      : value.map((part) => valueWords(name, part, row)).join(', ');
  }
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([part, inner]) => `${fieldWords(part)} ${valueWords(part, inner, row)}`)
      .join(', ');
  }
  const text = String(value);
  return name.endsWith('_at') && !Number.isNaN(Date.parse(text)) ? displayInstant(text, machineZone) : text;
}

function numberWords(name: string, value: number, row: Fields): string {
  if (name.endsWith('_ppm')) return displayRate(value);
  if (name.endsWith('_nano')) return rateText(value);
  const currency = currencySchema.safeParse(row.currency);
  const isMoney = name.endsWith('_minor') || name === 'denominations';
  return isMoney && currency.success ? displayMoney(value, currency.data) : String(value);
}
