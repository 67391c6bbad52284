import { z } from 'zod';
import { fail, ok, type Result } from '../result.ts';
import { codeSchema, nameSchema, textSchema } from '../text.ts';
import { type Minor, minor, minorSchema } from './money.ts';
import { exactSum, multiplyDivide } from './rounding.ts';

/** How money changes hands. Only cash is rounded, gives change and is counted in the drawer. */
export const tenderKindSchema = z.enum(['cash', 'card', 'voucher', 'account']);
export type TenderKind = z.infer<typeof tenderKindSchema>;

/** A means of payment that a company accepts. */
export const paymentTypeSchema = z.strictObject({
  code: codeSchema,
  name: nameSchema(100),
  kind: tenderKindSchema,
});
export type PaymentType = z.infer<typeof paymentTypeSchema>;

/** What a customer gave (negative: was given back) by one means of payment, in the ticket's currency. */
export const tenderSchema = z.strictObject({
  tender_no: z.int().min(1),
  payment_type: codeSchema,
  kind: tenderKindSchema,
  amount_minor: minorSchema,
  reference: textSchema(100).optional(),
});
export type Tender = z.infer<typeof tenderSchema>;

export type Settlement = {
  /** What cash rounding added to (or took from) the total. */
  rounding_minor: Minor;
  /** Total plus rounding: what had to be paid. */
  due_minor: Minor;
  /** Cash handed back. */
  change_minor: Minor;
};

export type SettlementError =
  | { code: 'underpaid'; missing_minor: Minor }
  | { code: 'change_without_cash'; excess_minor: Minor }
  | { code: 'tender_against_total' };

type Given = Pick<Tender, 'kind' | 'amount_minor'>;

/**
 * Checks that the tenders pay the total, and finds the cash rounding and the change.
 *
 * Only the part that is left to cash is rounded, to the location's smallest cash step (1 where there is none).
 * For a sale, cash may exceed what is due and change is given; other means may not. A refund or a negative
 * total is paid out exactly. A total of 0 needs no tender.
 */
export function settle(
  total: Minor,
  tenders: readonly Given[],
  cashStep: number,
): Result<Settlement, SettlementError> {
  const direction = total < 0 ? -1 : 1;
  if (tenders.some((tender) => tender.amount_minor * direction < 0))
    return fail({ code: 'tender_against_total' });
  const cash = tenders.filter((tender) => tender.kind === 'cash');
  const other = sum(tenders.filter((tender) => tender.kind !== 'cash'));
  const rest = total - other;
  if (rest * direction < 0) return fail({ code: 'change_without_cash', excess_minor: minor(Math.abs(rest)) });
  const cashDue = cash.length > 0 ? roundToStep(rest, cashStep) : rest;
  const over = (sum(cash) - cashDue) * direction;
  if (over < 0) return fail({ code: 'underpaid', missing_minor: minor(-over) });
  if (over > 0 && direction < 0) return fail({ code: 'tender_against_total' });
  return ok({
    rounding_minor: minor(cashDue - rest),
    due_minor: minor(total + (cashDue - rest)),
    change_minor: minor(over),
  });
}

/** What the customer still has to give (or get) in cash for a total, after the given tenders. */
export function cashDue(total: Minor, tenders: readonly Given[], cashStep: number): Minor {
  const others = sum(tenders.filter((tender) => tender.kind !== 'cash'));
  const cash = sum(tenders.filter((tender) => tender.kind === 'cash'));
  return minor(roundToStep(total - others, cashStep) - cash);
}

/**
 * The amounts worth a button when `due` is paid in cash: exact first, then what the next notes and their
 * common combinations come to. Ascending, without repetition, at most six.
 */
export function quickCash(due: Minor, notes: readonly number[]): Minor[] {
  if (due <= 0) return [];
  const choices = new Set<number>([due]);
  for (const note of notes) choices.add(Math.ceil(due / note) * note);
  return [...choices]
    .sort((left, right) => left - right)
    .slice(0, 6)
    .map(minor);
}

const roundToStep = (amount: number, step: number): number => multiplyDivide(amount, 1, step) * step;

const sum = (tenders: readonly Given[]): number => exactSum(tenders.map((tender) => tender.amount_minor));
