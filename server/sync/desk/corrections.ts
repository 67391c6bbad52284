import type { z } from 'zod';
import type { exceptionsContract } from '#shared/contract/office/exceptions.ts';
import type { OpId } from '#shared/ids.ts';
import { rows, type Tx } from '../../db.ts';
import { unknownReference } from '../../master-data/write-rows.ts';
import { is, where } from '../../page.ts';
import type { Actor } from '../../people/actor.ts';
import { placesOf } from '../../people/places.ts';
import { invalidField } from '../../problem.ts';

type Named = z.output<NonNullable<(typeof exceptionsContract.correct)['~orpc']['inputSchema']>>['body']['by'];

/** What makes up for something, as a decision keeps it. */
export type Correction = { readonly by_op_id: OpId | null; readonly by_receipt_number: string | null };

/**
 * The operation or the ticket that is named as a correction, which the company must have.
 * @param corrected the operation that is made up for: not by itself
 * @throws 422 `unknown_reference`, `invalid_input`
 */
export async function findCorrection(
  tx: Tx,
  actor: Actor,
  by: Named,
  corrected: OpId | null,
): Promise<Correction> {
  if ('receipt_number' in by) {
    if (!(await hasTicket(tx, actor, by.receipt_number))) throw unknownReference('by.receipt_number');
    return { by_op_id: null, by_receipt_number: by.receipt_number };
  }
  if (by.op_id === corrected) throw invalidField('by.op_id', 'cannot make up for itself');
  const [taken] = await rows(
    tx,
    `select from operation_seen s join journal j using (company_id, terminal_id, epoch, seq)
     where s.company_id = $1 and s.op_id = $2 and j.verdict <> 'quarantined'`,
    [tx.company_id, by.op_id],
  );
  if (!taken) throw unknownReference('by.op_id');
  return { by_op_id: by.op_id, by_receipt_number: null };
}

/** As `receiptNumber` writes it: series and number, whatever stands before them. */
const IN_SERIES = /-([A-Z])-(\d{6,15})$/;

/**
 * Whether there is such a ticket where the actor sees. By the index `ticket_by_number`, for each terminal: a copy's
 * tickets keep the receipt numbers of the terminal that it was.
 */
async function hasTicket(tx: Tx, actor: Actor, receiptNumber: string): Promise<boolean> {
  const [, series, number] = IN_SERIES.exec(receiptNumber) ?? [];
  if (series === undefined || number === undefined) return false;
  const places = placesOf(actor, 'k.location_id');
  const { clause, values } = where([
    is('t.company_id', tx.company_id),
    is('k.series', series),
    is('k.number', Number(number)),
    is('k.receipt_number', receiptNumber),
    ...(places ? [places] : []),
  ]);
  const found = await rows(
    tx,
    `select from terminal t join ticket k on k.company_id = t.company_id and k.terminal_id = t.terminal_id
     ${clause} limit 1`,
    values,
  );
  return found.length > 0;
}
