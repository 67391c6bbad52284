import type { ReceiptContext } from '#shared/sales/receipt.ts';

/** The place where the test tickets were rung: a shop in London, with Cyrillic on its sign. */
export const somePlace: ReceiptContext = {
  location: { company_name: 'Ёлка & Sons', name: 'Market Street', zone: 'Europe/London' },
  terminal_name: 'Till 1',
  cashier_name: 'Zoë',
  payment_types: [
    { code: 'CASH', name: 'Cash', kind: 'cash' },
    { code: 'CARD', name: 'Debit card', kind: 'card' },
  ],
  ticket_hash: '9f86d081884c7d65'.repeat(4),
};
