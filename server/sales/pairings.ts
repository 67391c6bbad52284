import type { z } from 'zod';
import type { categorySchema } from '#shared/catalogue/item.ts';
import type { PaymentType } from '#shared/sales/tender.ts';
import { SALES_CATEGORY } from '../catalogue/lookups.ts';
import type { Tx } from '../db.ts';
import { type Kind, unversioned } from '../master-data/kind.ts';
import { findRow } from '../master-data/read-rows.ts';
import { type Condition, contains, is, type Listed, type PageAsked, readPage } from '../page.ts';
import type { Actor } from '../people/actor.ts';
import { placesOf } from '../people/places.ts';
import { Refusal } from '../problem.ts';
import { PAYMENT_TYPE } from './lookups.ts';

type Query = PageAsked & { readonly code: string; readonly text?: string | undefined };

type Line = {
  readonly ticket_id: string;
  readonly line_id: string;
  readonly receipt_number: string;
  readonly business_date: string;
  readonly name: string;
  readonly quantity_milli: number;
  readonly net_minor: number;
  readonly currency: string;
};

type Tender = {
  readonly ticket_id: string;
  readonly tender_no: number;
  readonly receipt_number: string;
  readonly business_date: string;
  readonly amount_minor: number;
  readonly currency: string;
};

type Paired<Fact, Name extends string, Lookup> = {
  items: (Fact & Readonly<Record<Name, Lookup | null>>)[];
  total_count: number;
};

/** What a fact's ticket says, looked up for the rows of the page alone. */
const ofTicket = (column: string, facts: string) =>
  `(select t.${column} from ticket t where t.company_id = ${facts}.company_id and t.ticket_id = ${facts}.ticket_id)`;

/**
 * The line items sold under a category, each with that category: the other side of a line item's own. Read from
 * the index `line_of_category`.
 */
export async function linesOfCategory(
  tx: Tx,
  actor: Actor,
  query: Query,
): Promise<Paired<Line, 'sales_category', z.infer<typeof categorySchema>>> {
  const receipt = ofTicket('receipt_number', 'ticket_line');
  const page = await readPage<Line>(
    tx,
    {
      columns: `ticket_id, line_id, ${receipt} as receipt_number, business_date, name, quantity_milli, net_minor,
        ${ofTicket('currency', 'ticket_line')} as currency`,
      from: 'ticket_line',
      where: factsOf(tx, actor, is('category_code', query.code), ['name', 'sku', receipt], query),
      ...inOrder(query, 'line_no'),
    },
    query,
  );
  const category = await partner(tx, actor, SALES_CATEGORY, query.code, page.total_count);
  return { ...page, items: page.items.map((line) => ({ ...line, sales_category: category })) };
}

/**
 * The tenders taken as a payment type, each with that type: the other side of a tender's own. Read from the index
 * `tender_of_type`.
 */
export async function tendersOfType(
  tx: Tx,
  actor: Actor,
  query: Query,
): Promise<Paired<Tender, 'payment_type', PaymentType>> {
  const receipt = ofTicket('receipt_number', 'tender');
  const page = await readPage<Tender>(
    tx,
    {
      columns: `ticket_id, tender_no, ${receipt} as receipt_number, business_date, amount_minor,
        ${ofTicket('currency', 'tender')} as currency`,
      from: 'tender',
      where: factsOf(tx, actor, is('payment_type_code', query.code), ['reference', receipt], query),
      ...inOrder(query, 'tender_no'),
    },
    query,
  );
  const type = await partner(tx, actor, PAYMENT_TYPE, query.code, page.total_count);
  return { ...page, items: page.items.map((tender) => ({ ...tender, payment_type: type })) };
}

/** Facts with a code, where the person sees them. */
function factsOf(
  tx: Tx,
  actor: Actor,
  paired: Condition,
  searched: readonly string[],
  query: Query,
): Condition[] {
  const places = placesOf(actor);
  return [
    is('company_id', tx.company_id),
    paired,
    ...(places ? [places] : []),
    ...(query.text === undefined ? [] : [contains(searched, query.text)]),
  ];
}

/** As the index has them, from either end. */
const inOrder = ({ order }: Query, number: string): Pick<Listed, 'sort' | 'thenBy'> => ({
  sort: 'business_date',
  thenBy: `ticket_id ${order}, ${number} ${order}`,
});

/**
 * The lookup that facts name; null where the company does not have it, though facts name it.
 * @throws 404 `not_found` where there is neither
 */
async function partner<Row extends { readonly code: string }>(
  tx: Tx,
  actor: Actor,
  kind: Kind<Row, 'code'>,
  code: string,
  facts: number,
): Promise<Row | null> {
  const found = await findRow(tx, actor, kind, { code } as Pick<Row, 'code'>);
  if (found) return unversioned(found);
  if (facts === 0) throw new Refusal(404, 'not_found', `There is no such ${kind.one}.`);
  return null;
}
