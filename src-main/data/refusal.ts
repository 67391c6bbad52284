import { ORPCError } from '@orpc/server';
import type { Refusal } from '#shared/contract/till.ts';
import type { Permission } from '#shared/people/permission.ts';

/** Every reason for which the data process refuses a command. Screens and tests rely on these codes. */
export type RefusalCode =
  | 'already_enrolled'
  | 'amount_too_large'
  | 'approval_needed'
  | 'approval_not_enough'
  | 'cart_aborted'
  | 'cart_held'
  | 'cart_empty'
  | 'cart_open'
  | 'cart_unknown'
  | 'carts_open'
  | 'catalogue_incomplete'
  | 'change_without_cash'
  | 'copy_bad'
  | 'copy_unknown'
  | 'correction_unknown'
  | 'count_differs'
  | 'day_already_closed'
  | 'day_already_open'
  | 'day_not_open'
  | 'day_unknown'
  | 'discount_exceeds_amount'
  | 'disk_failed'
  | 'disk_full'
  | 'enrolment_failed'
  | 'id_reused'
  | 'item_inactive'
  | 'item_unknown'
  | 'ledger_damaged'
  | 'ledger_in_use'
  | 'ledger_too_new'
  | 'line_unknown'
  | 'negative_quantity'
  | 'not_damaged'
  | 'not_enrolled'
  | 'not_possible'
  | 'office_signed_out'
  | 'payment_type_unknown'
  | 'pin_locked'
  | 'pin_wrong'
  | 'recovery_busy'
  | 'refund_exceeds_original'
  | 'salvage_not_whole'
  | 'server_needed'
  | 'server_unreachable'
  | 'signed_out'
  | 'standstill'
  | 'tender_against_total'
  | 'terminal_revoked'
  | 'ticket_completed'
  | 'too_many_lines'
  | 'trouble_settled'
  | 'trouble_unknown'
  | 'underpaid';

/**
 * A business rule's no, to be thrown: it rolls the transaction back and reaches the screen as it is.
 * @param message tells the person at the till what to do, in one plain sentence or two
 * @param field the input that was wrong, where one was
 * @param permission what somebody's PIN could allow
 */
export const refused = (
  code: RefusalCode,
  message: string,
  field?: string,
  permission?: Permission,
): ORPCError<'REFUSED', Refusal> =>
  new ORPCError('REFUSED', {
    status: 422,
    message,
    data: {
      code,
      ...(field === undefined ? {} : { field }),
      ...(permission === undefined ? {} : { permission }),
    },
  });
