import { z } from 'zod';
import { adjustmentIdSchema, decisionIdSchema, opIdSchema, ticketIdSchema } from '../ids.ts';
import { personSchema } from '../people/person.ts';
import { instantSchema } from '../sales/zone.ts';
import { correctedBySchema, noteSchema } from '../sync/decision.ts';
import {
  deskActionSchema,
  troubleCodeSchema,
  troubleKindSchema,
  troubleSubjectSchema,
} from '../sync/exception.ts';
import { operationFactsSchema } from '../sync/operation-facts.ts';

/** What was decided at this terminal, by whom. */
const decidedHereSchema = z.strictObject({
  decision_id: decisionIdSchema,
  action: z.enum(['accepted', 'corrected']),
  decided_at: instantSchema,
  user: personSchema,
  approver: personSchema.nullable(),
  note: z.string(),
  /** What makes up for it, and its receipt where it is a ticket. */
  corrected_by: correctedBySchema.nullable(),
  /** Whether the server has it. */
  sent: z.boolean(),
});

/**
 * A trouble of this terminal, out of its own ledger and what the server said: the same with and without a line. One
 * for each code; an operation may have several.
 */
export const deskItemSchema = z.strictObject({
  /** `open`: to be decided. `settled`: decided here. What the office settled is no longer listed. */
  state: z.enum(['open', 'settled']),
  seq: z.int().min(1),
  /** Null where the operation is so old that it is no longer kept here: then only the office can decide. */
  op_id: opIdSchema.nullable(),
  kind: troubleKindSchema,
  code: troubleCodeSchema,
  about: troubleSubjectSchema,
  /** A plain sentence for people. */
  cause: z.string(),
  advice: z.string(),
  /** What the server noted about what it set aside. */
  detail: z.string().nullable(),
  /** What can be done about it here. Applying again is for the office. */
  actions: z.array(deskActionSchema.extract(['accept', 'correct'])),
  occurred_at: instantSchema.nullable(),
  operation_kind: z.string().nullable(),
  user: personSchema.nullable(),
  approver: personSchema.nullable(),
  facts: operationFactsSchema.nullable(),
  decision: decidedHereSchema.nullable(),
});
export type DeskItem = z.infer<typeof deskItemSchema>;

export const deskQuerySchema = z.strictObject({ state: deskItemSchema.shape.state.default('open') });

/** Minted by the caller, so that a call whose answer was lost can be made again. */
const decided = {
  decision_id: decisionIdSchema,
  op_id: opIdSchema,
  code: troubleCodeSchema,
  note: noteSchema,
};

export const acceptTroubleSchema = z.strictObject(decided);

/** A correction that was made on this terminal before: a ticket (a refund, a new sale), or a correction of stock. */
export const correctTroubleSchema = z.strictObject({
  ...decided,
  by: z.union([
    z.strictObject({ ticket_id: ticketIdSchema }),
    z.strictObject({ adjustment_id: adjustmentIdSchema }),
  ]),
});

export const decidedSchema = z.strictObject({ decided: z.literal(true) });
