import { rows, type Tx } from '../db.ts';
import type { Applying, OperationOf } from '../sync/applying.ts';

/**
 * Flags means of payment and sales categories that the company does not have, each once until somebody has looked
 * at it: a till that was not told of a change sells on with the old code, ticket after ticket.
 */
export async function checkLookups(
  tx: Tx,
  applying: Applying,
  operations: readonly OperationOf<'ticket.completed'>[],
): Promise<void> {
  const payments = new Map<string, number>();
  const categories = new Map<string, number>();
  for (const { seq, body } of operations) {
    for (const { payment_type } of body.ticket.tenders) noteFirst(payments, payment_type, seq);
    for (const { category } of body.ticket.lines) noteFirst(categories, category, seq);
  }
  const unknown = await rows<{ kind: 'payment' | 'category'; code: string }>(
    tx,
    `select 'payment' as kind, code from unnest($2::text[]) as given (code)
     where not exists (select from payment_type p where p.company_id = $1 and p.code = given.code)
       and not exists (${RAISED} and e.code = 'unknown_payment_type')
     union all
     select 'category', code from unnest($3::text[]) as given (code)
     where not exists (select from sales_category c where c.company_id = $1 and c.code = given.code)
       and not exists (${RAISED} and e.code = 'unknown_category')`,
    [tx.company_id, [...payments.keys()], [...categories.keys()]],
  );
  for (const { kind, code } of unknown) {
    if (kind === 'payment') applying.flag(payments.get(code) ?? 0, 'unknown_payment_type', code);
    else applying.flag(categories.get(code) ?? 0, 'unknown_category', code);
  }
}

/** An exception about the code that nobody has looked at yet; by the index `exception_open`. */
const RAISED =
  'select from exception e where e.company_id = $1 and e.resolved_at is null and e.detail = given.code';

function noteFirst(places: Map<string, number>, code: string, seq: number): void {
  if (!places.has(code)) places.set(code, seq);
}
