import { rows, type Tx } from '../db.ts';
import type { Flag, OperationOf } from '../sync/applying.ts';
import { SETTLED } from '../sync/desk/settled.ts';

/**
 * Flags means of payment and sales categories that the company does not have, each once until somebody has looked
 * at it: a till that was not told of a change sells on with the old code, ticket after ticket.
 */
export async function findUnknownLookups(
  tx: Tx,
  operations: readonly OperationOf<'ticket.completed'>[],
): Promise<Flag[]> {
  const payments = new Map<string, number>();
  const categories = new Map<string, number>();
  for (const { seq, body } of operations) {
    for (const { payment_type } of body.ticket.tenders) noteFirst(payments, payment_type, seq);
    for (const { category } of body.ticket.lines) noteFirst(categories, category, seq);
  }
  const known = await rows<{ kind: Kind; code: string }>(
    tx,
    `select 'unknown_payment_type' as kind, code from payment_type where company_id = $1 and code = any($2::text[])
     union all
     select 'unknown_category', code from sales_category where company_id = $1 and code = any($3::text[])`,
    [tx.company_id, [...payments.keys()], [...categories.keys()]],
  );
  if (known.length === payments.size + categories.size) return [];
  for (const { kind, code } of known) {
    (kind === 'unknown_payment_type' ? payments : categories).delete(code);
  }
  return [
    ...(await unknownOnes(tx, 'unknown_payment_type', payments)),
    ...(await unknownOnes(tx, 'unknown_category', categories)),
  ];
}

type Kind = 'unknown_payment_type' | 'unknown_category';

/** What is left, except where an exception about it is open already; by the index `exception_of_lookup`. */
async function unknownOnes(tx: Tx, kind: Kind, places: ReadonlyMap<string, number>): Promise<Flag[]> {
  const open = await rows<{ detail: string }>(
    tx,
    `select e.detail from exception e
     where e.company_id = $1 and e.code = $2 and e.detail = any($3::text[])
       and e.code in ('unknown_payment_type', 'unknown_category') and not ${SETTLED}`,
    [tx.company_id, kind, [...places.keys()]],
  );
  const raised = new Set(open.map((row) => row.detail));
  return [...places]
    .filter(([code]) => !raised.has(code))
    .map(([code, seq]) => ({ seq, code: kind, detail: code }));
}

function noteFirst(places: Map<string, number>, code: string, seq: number): void {
  if (!places.has(code)) places.set(code, seq);
}
