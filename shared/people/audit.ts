import { z } from 'zod';
import { officeSessionIdSchema, userIdSchema } from '../ids.ts';

/** One administrative change: who, what, from what to what, and from where. Written once, never changed. */
export const auditEntrySchema = z.strictObject({
  entry_id: z.int(),
  at: z.iso.datetime(),
  /** Null for changes by command on the server itself. */
  user_id: userIdSchema.nullable(),
  user_name: z.string().nullable(),
  session_id: officeSessionIdSchema.nullable(),
  /** Past tense, with its area: `user.disabled`, `location.changed`. */
  action: z.string(),
  entity: z.string(),
  key: z.string(),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  ip: z.string().nullable(),
  request_id: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
