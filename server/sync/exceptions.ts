import { z } from 'zod';
import type { TerminalId } from '#shared/ids.ts';
import { kindOfTrouble, type TroubleCode } from '#shared/sync/exception.ts';
import { envelopeSchema } from '#shared/sync/operation.ts';
import { type OperationFacts, readFacts } from '#shared/sync/operation-facts.ts';
import { type Column, unnest } from '../columns.ts';
import { rows, type Tx } from '../db.ts';
import type { Received } from './received.ts';

/** Why somebody must look at an operation: it was flagged, or set aside. */
export type Trouble = { readonly seq: number; readonly code: TroubleCode; readonly detail: string };

/** An operation that was read as far as it can be, for what lists show of it. */
export type Shown = Pick<Received, 'seq' | 'content'>;

/** What of an envelope can be read, whatever is wrong with the rest of it. */
const loose = <Field extends z.ZodType>(field: Field) => field.nullable().catch(null).default(null);
const { op_id, user_id, approver_id, occurred_at, location_id, kind } = envelopeSchema.shape;
const looseSchema = z.object({
  op_id: loose(op_id),
  kind: loose(kind),
  user_id: loose(user_id),
  approver_id: loose(approver_id.unwrap()),
  // PostgreSQL has no year 0.
  occurred_at: loose(occurred_at.refine((at) => !at.startsWith('0000'))),
  location_id: loose(location_id.unwrap()),
});

type Raised = Trouble & Partial<z.infer<typeof looseSchema>> & { readonly facts: OperationFacts | null };

const COLUMNS: Readonly<Record<string, Column<Raised>>> = {
  seq: { type: 'bigint', of: (raised) => raised.seq },
  kind: { type: 'text', of: (raised) => kindOfTrouble(raised.code) },
  code: { type: 'text', of: (raised) => raised.code },
  detail: { type: 'text', of: (raised) => raised.detail },
  op_id: { type: 'uuid', of: (raised) => raised.op_id },
  operation_kind: { type: 'text', of: (raised) => raised.kind },
  user_id: { type: 'uuid', of: (raised) => raised.user_id },
  approver_id: { type: 'uuid', of: (raised) => raised.approver_id },
  occurred_at: { type: 'timestamptz', of: (raised) => storableInstant(raised.occurred_at) },
  receipt_number: { type: 'text', of: ({ facts }) => facts?.receipt_number },
  amount_minor: { type: 'bigint', of: ({ facts }) => facts?.amounts[0]?.minor },
  currency: { type: 'text', of: ({ facts }) => facts?.currency },
};

/**
 * Raises what was found about operations of a terminal, for somebody to look at.
 * @param operations those that are at hand, in any order: what lists show is taken from them
 */
export async function raiseExceptions(
  tx: Tx,
  terminal: { readonly terminal_id: TerminalId; readonly epoch: number },
  troubles: readonly Trouble[],
  operations: readonly Shown[] = [],
): Promise<void> {
  if (troubles.length === 0) return;
  const shown = new Map(operations.map((operation) => [operation.seq, operation]));
  const raised = troubles.map((trouble) => ({ ...trouble, ...readShown(shown.get(trouble.seq)) }));
  const place: Column<Raised> = { type: 'uuid', of: (one) => one.location_id };
  const given = unnest(raised, { ...COLUMNS, place }, 4);
  const names = Object.keys(COLUMNS).join(', ');
  await rows(
    tx,
    `insert into exception (company_id, terminal_id, epoch, location_id, ${names})
     select $1, $2, $3,
       coalesce((select location_id from location where company_id = $1 and location_id = given.place), t.location_id),
       ${Object.keys(COLUMNS)
         .map((name) => `given.${name}`)
         .join(', ')}
     from ${given.clause} join terminal t on t.company_id = $1 and t.terminal_id = $2
     order by given.seq`,
    [tx.company_id, terminal.terminal_id, terminal.epoch, ...given.values],
  );
}

function readShown(operation: Shown | undefined): Omit<Raised, keyof Trouble> {
  const raw = operation && parsed(operation.content);
  const envelope = looseSchema.safeParse(raw);
  return envelope.success ? { ...envelope.data, facts: readFacts(raw) } : { facts: null };
}

/** An instant that PostgreSQL can hold, which has no year 0; null for another. */
export const storableInstant = (instant: string | null | undefined): string | null =>
  instant && !instant.startsWith('0000') ? instant : null;

/** A content as it came; one that is nested too deep to be written has none. */
function parsed(content: string): unknown {
  return content === '' ? undefined : JSON.parse(content);
}
