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
export type ExceptionAccepted = z.infer<typeof exceptionAcceptedSchema>;

/** `exception.corrected`: `by_op_id` makes up for it. */
export const exceptionCorrectedSchema = z.strictObject({ ...about, by_op_id: opIdSchema });
export type ExceptionCorrected = z.infer<typeof exceptionCorrectedSchema>;

export const decisionActionSchema = z.enum(['accepted', 'corrected', 'replayed', 'reopened']);
export type DecisionAction = z.infer<typeof decisionActionSchema>;

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
  /** The operation that makes up for it, and its receipt where it is a ticket. */
  corrected_by: z.strictObject({ op_id: opIdSchema, receipt_number: z.string().nullable() }).nullable(),
});
export type Decision = z.infer<typeof decisionSchema>;
