import type { TenderKind } from '#shared/sales/tender.ts';
import type { IconName } from '../part/icon.tsx';

/** The icon of each kind of payment. */
export const meansIcons: Record<TenderKind, IconName> = {
  cash: 'cash',
  card: 'card',
  voucher: 'receipt',
  account: 'book',
};
