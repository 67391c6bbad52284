import type { OfficeSessionId } from '#shared/ids.ts';
import { rows, type Tx } from '../db.ts';
import type { Actor } from '../people/actor.ts';

/** An administrative change: past tense with its area, and the row before and after, without secrets. */
export type Change = {
  readonly action: `${string}.${string}`;
  readonly entity: string;
  readonly key: string;
  readonly before?: object | null;
  readonly after?: object | null;
};

/** Who changed something. Without a session: with a code from a mail. */
export type Author = Pick<Actor, 'user_id' | 'origin'> & { readonly session_id: OfficeSessionId | null };

/** Records a change in the transaction that makes it. `actor` is null for the server itself: its commands and jobs. */
export const audit = (tx: Tx, actor: Author | null, change: Change): Promise<unknown> =>
  rows(
    tx,
    `insert into audit_entry (company_id, user_id, session_id, action, entity, key, before, after, ip, request_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tx.company_id,
      actor?.user_id ?? null,
      actor?.session_id ?? null,
      change.action,
      change.entity,
      change.key,
      change.before ? JSON.stringify(change.before) : null,
      change.after ? JSON.stringify(change.after) : null,
      actor?.origin.ip ?? null,
      actor?.origin.request_id ?? null,
    ],
  );
