import type { z } from 'zod';
import type { officeContract } from '#shared/contract/office.ts';
import type { AuditEntry } from '#shared/people/audit.ts';
import type { Tx } from '../db.ts';
import { type Condition, contains, is, readPage } from '../page.ts';
import type { Actor } from '../people/actor.ts';

type Query = z.output<NonNullable<(typeof officeContract.audit.list)['~orpc']['inputSchema']>>;
type Row = Omit<AuditEntry, 'at'> & { readonly at: Date };

/** The administrative changes of the company; one's own alone for whoever does not see all of it. */
export async function listAudit(
  tx: Tx,
  actor: Actor,
  query: Query,
): Promise<{ items: AuditEntry[]; total_count: number }> {
  const page = await readPage<Row>(
    tx,
    {
      columns: `a.entry_id, a.at, a.user_id, u.name as user_name, a.session_id, a.action, a.entity, a.key, a.before,
        a.after, a.ip, a.request_id`,
      from: 'audit_entry a left join app_user u using (company_id, user_id)',
      where: [is('a.company_id', tx.company_id), ...seen(actor), ...narrowed(query)],
      sort: 'a.at',
      thenBy: `a.entry_id ${query.order}`,
    },
    query,
  );
  return { ...page, items: page.items.map((row) => ({ ...row, at: row.at.toISOString() })) };
}

const seen = (actor: Actor): Condition[] =>
  actor.scope.kind === 'company' ? [] : [is('a.user_id', actor.user_id)];

const narrowed = ({ text, user_id, entity, key, from, to }: Query): Condition[] => [
  ...(text === undefined ? [] : [contains(['a.action', 'a.key', 'u.name'], text)]),
  ...(user_id === undefined ? [] : [is('a.user_id', user_id)]),
  ...(entity === undefined ? [] : [is('a.entity', entity)]),
  ...(key === undefined ? [] : [is('a.key', key)]),
  ...(from === undefined ? [] : [{ sql: (place: string) => `a.at >= ${place}`, value: from }]),
  ...(to === undefined ? [] : [{ sql: (place: string) => `a.at < ${place}`, value: to }]),
];
