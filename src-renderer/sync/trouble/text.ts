import type { DecisionAction } from '#shared/sync/decision.ts';
import type { TroubleCode, TroubleKind } from '#shared/sync/exception.ts';
import type { OperationKind } from '#shared/sync/operation.ts';
import type { OperationFacts } from '#shared/sync/operation-facts.ts';

/** What every trouble is called, in a few words; `CAUSES` has the sentences. */
const titles: Readonly<Record<TroubleCode, string>> = {
  ticket_sums_differ: 'Figures do not add up',
  ticket_chain_broken: 'Does not follow the ticket before',
  receipt_number_gap: 'Receipt number left out',
  receipt_number_repeated: 'Receipt number used twice',
  unknown_day: 'Sales day not known',
  day_already_closed: 'After the day was closed',
  second_open_day: 'Two days open at once',
  z_differs: 'Z report differs',
  unknown_user: 'Person not known',
  user_disabled: 'Person was disabled',
  not_permitted: 'Was not permitted',
  unknown_variant: 'Goods not in the catalogue',
  unknown_payment_type: 'Payment type not known',
  unknown_category: 'Sales category not known',
  unknown_location: 'Location not known',
  terminal_revoked: 'Till was out of service',
  clock_offset: 'Clock was wrong',
  terminal_forked: 'Two copies differ',
  terminal_cloned: 'Another copy went on',
  terminal_restored: 'Put back from an old copy',
  told_by_copy: 'Only a copy had it',
  unknown_exception: 'Decision about nothing',
  unknown_correction: 'Correction never came',
  malformed: 'Could not be read',
  unknown_kind: 'Kind not known',
  hash_mismatch: 'Changed after it was recorded',
  chain_broken: 'Does not follow what was before',
  wrong_terminal: 'Names another till',
  wrong_seq: 'Stands at another place',
  duplicate_op_id: 'Number taken in before',
  duplicate_fact: 'Reported before',
  depends_on_quarantined: 'Waits for its sales day',
  not_applicable: 'Could not be booked',
};

const operations: Readonly<Record<OperationKind, string>> = {
  'day.opened': 'Opening of the day',
  'day.closed': 'Closing of the day',
  'ticket.completed': 'Ticket',
  'ticket.aborted': 'Ticket given up',
  'stock.adjusted': 'Correction of stock',
  'exception.accepted': 'Decision',
  'exception.corrected': 'Decision',
  'clock.jumped': 'Jump of the clock',
};

const amounts: Readonly<Record<OperationFacts['amounts'][number]['of'], string>> = {
  total: 'Total',
  net: 'Net',
  tax: 'Tax',
  discount: 'Discount',
  rounding: 'Rounding',
  change: 'Change',
  float: 'Float',
  expected: 'Expected in the drawer',
  counted: 'Counted',
  difference: 'Over or short',
};

const kinds: Readonly<Record<TroubleKind, string>> = { flagged: 'Counts', quarantined: 'Set aside' };

const decisions: Readonly<Record<DecisionAction, string>> = {
  accepted: 'Accepted',
  corrected: 'Corrected',
  replayed: 'Applied again',
  reopened: 'Opened again',
};

/** The words for troubles that the till and the office share. */
export const troubleText = {
  titles,
  operations,
  amounts,
  kinds,
  decisions,
  kindHints: {
    flagged: 'It counts.',
    quarantined: 'It is kept, and does not count.',
  } satisfies Readonly<Record<TroubleKind, string>>,
  countsSince: 'It counts since it was applied again.',
  entry: 'Entry',
  stillAside: 'Applied again, still set aside',
  // values
  values: 'What it says',
  valuesNone: 'It cannot be read here, or says nothing of goods or money.',
  goods: 'Goods',
  quantity: 'Quantity',
  amount: 'Amount',
  paidBy: (type: string) => `Paid by ${type}`,
  reason: 'Reason or note',
  businessDate: 'Business day',
  // decisions
  decided: 'Decided so far',
  by: (who: string, where: string) => `${who}, ${where}`,
  withApproval: (who: string) => `approved by ${who}`,
  inOffice: 'in the office',
  atTill: (code: string) => `at till ${code}`,
  server: 'A command on the server',
  someone: 'Not known',
  correctedBy: (what: string) => `Made up for by ${what}`,
  noReceipt: 'an entry without a receipt',
  dash: '–',
} as const;
