import { z } from 'zod';
import { decisionIdSchema, opIdSchema, terminalIdSchema } from '../ids.ts';
import { placeCodeSchema } from '../people/location.ts';
import { personSchema } from '../people/person.ts';
import { nameSchema } from '../text.ts';
import { troubleCodeSchema } from './exception.ts';

/** Why somebody decided as they did, for whoever asks later. */
export const noteSchema = nameSchema(500);

const about = {
  decision_id: decisionIdSchema,
  /** The operation that was flagged or set aside, and for what. */
  op_id: opIdSchema,
  code: troubleCodeSchema,
  note: noteSchema,
};

/** `exception.accepted`: somebody looked at it, and it stays as it is. */
export const exceptionAcceptedSchema = z.strictObject(about);

/** `exception.corrected`: another operation makes up for it; its receipt number, where it is a ticket. */
export const exceptionCorrectedSchema = z.strictObject({
  ...about,
  by_op_id: opIdSchema,
  by_receipt_number: nameSchema(50).optional(),
});

const decisionActionSchema = z.enum(['accepted', 'corrected', 'replayed', 'reopened']);
export type DecisionAction = z.infer<typeof decisionActionSchema>;

export const correctedBySchema = z.strictObject({
  op_id: opIdSchema.nullable(),
  receipt_number: z.string().nullable(),
});

/** What somebody decided about a flagged or quarantined operation: written once, never changed. */
export const decisionSchema = z.strictObject({
  decision_id: decisionIdSchema,
  action: decisionActionSchema,
  /** Whether nothing is left to do after it: a replay that came to nothing leaves everything as it was. */
  settles: z.boolean(),
  /** By the clock of where it was decided. */
  decided_at: z.iso.datetime(),
  /** Null for a command on the server itself. */
  user: personSchema.nullable(),
  approver: personSchema.nullable(),
  /** Where it was decided; null: in the office. */
  terminal: z.strictObject({ terminal_id: terminalIdSchema, code: placeCodeSchema }).nullable(),
  note: z.string(),
  /** What makes up for it: an operation, its receipt where it is a ticket, or both. */
  corrected_by: correctedBySchema.nullable(),
});
export type Decision = z.infer<typeof decisionSchema>;
