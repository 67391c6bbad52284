import type { Location } from '../people/location.ts';
import type { ZReport } from './day.ts';
import { formatMoney } from './money.ts';
import { paymentLabel, taxLabel } from './receipt-labels.ts';
import { heading, pair, type ReceiptRow, RULE, triple, words } from './receipt-rows.ts';
import type { PaymentType } from './tender.ts';
import { localTime } from './zone.ts';

/** What the paper of a closing says besides its report. */
export type ZReceiptContext = {
  readonly location: Pick<Location, 'company_name' | 'name' | 'zone'>;
  readonly terminal_name: string;
  readonly opened_by_name: string;
  readonly closed_by_name: string;
  readonly payment_types: readonly PaymentType[];
};

/** A Z report as a receipt: the closing of one sales day, for the drawer's envelope and the bookkeeper. */
export function zReceiptOf(z: ZReport, context: ZReceiptContext): ReceiptRow[] {
  const money = (amount: number) => formatMoney(amount, z.currency);
  return [
    heading(context.location.company_name, 'large'),
    heading(context.location.name),
    heading(`Z REPORT ${z.z_number}`, 'large'),
    RULE,
    ...headRows(z, context),
    RULE,
    ...saleRows(z, money),
    ...tenderRows(z, context.payment_types, money),
    ...taxRows(z, money),
    RULE,
    ...drawerRows(z, money),
    RULE,
    pair(`Grand total ${z.currency}`, money(z.perpetual_minor), 'strong'),
    pair('Not yet sent', String(z.unsent)),
  ];
}

type Money = (amount: number) => string;

function headRows(z: ZReport, context: ZReceiptContext): ReceiptRow[] {
  const { zone } = context.location;
  const { first_number, last_number } = z.sums;
  return [
    pair('Business date', z.business_date, 'strong'),
    pair('Till', context.terminal_name),
    pair('Opened', localTime(z.opened_at, zone)),
    words(`  ${context.opened_by_name}`),
    pair('Closed', localTime(z.closed_at, zone)),
    words(`  ${context.closed_by_name}`),
    pair('Tickets', first_number === null ? 'none' : `${first_number} – ${last_number ?? first_number}`),
  ];
}

const saleRows = ({ sums, currency }: ZReport, money: Money): ReceiptRow[] => [
  pair('Sales', String(sums.sales)),
  pair('Refunds', String(sums.refunds)),
  pair('Lines', String(sums.lines)),
  pair('Aborted', String(sums.aborted)),
  pair('Gross', money(sums.gross_minor)),
  pair('Discounts', money(sums.discount_minor)),
  pair('Net', money(sums.net_minor)),
  pair('Tax', money(sums.tax_minor)),
  pair(`TOTAL ${currency}`, money(sums.total_minor), 'large'),
  pair('of which refunded', money(sums.refunded_minor)),
  pair('Rounding', money(sums.rounding_minor)),
];

const tenderRows = ({ sums }: ZReport, types: readonly PaymentType[], money: Money): ReceiptRow[] => [
  RULE,
  triple('Paid by', 'Count', 'Amount', 'strong'),
  ...sums.tenders.map((tender) =>
    triple(paymentLabel(tender.payment_type, types), String(tender.count), money(tender.amount_minor)),
  ),
];

const taxRows = ({ sums }: ZReport, money: Money): ReceiptRow[] => [
  RULE,
  triple('Tax', 'Net', 'Tax', 'strong'),
  ...sums.taxes.map((tax) => triple(taxLabel(tax), money(tax.net_minor), money(tax.tax_minor))),
];

const drawerRows = ({ drawer }: ZReport, money: Money): ReceiptRow[] => [
  pair('Float', money(drawer.float_minor)),
  pair('Cash taken', money(drawer.cash_minor)),
  pair('Expected', money(drawer.expected_minor)),
  pair('Counted', money(drawer.counted_minor), 'strong'),
  pair(overShort(drawer.over_short_minor), money(Math.abs(drawer.over_short_minor)), 'strong'),
];

const overShort = (difference: number): string =>
  difference === 0 ? 'Difference' : difference > 0 ? 'OVER' : 'SHORT';
