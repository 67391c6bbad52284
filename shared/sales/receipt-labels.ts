import { formatDecimal } from '../decimal.ts';
import type { TaxRate } from './tax.ts';
import type { PaymentType } from './tender.ts';

/** How a tax rate is called on paper: `VAT 20 %`, `NYC 8.875 %`. */
export const taxLabel = (rate: TaxRate): string =>
  `${rate.code} ${formatDecimal(rate.rate_ppm, 4).replace(/\.?0+$/, '')} %`;

/** How a means of payment is called on paper: by its name, or by its code where the name is not known here. */
export const paymentLabel = (code: string, types: readonly PaymentType[]): string =>
  types.find((type) => type.code === code)?.name ?? code;
