import { z } from 'zod';
import { officeSessionIdSchema, userIdSchema } from '../ids.ts';

/** Access tokens live so long; the session behind them until its refresh tokens end. */
export const ACCESS_SECONDS = 15 * 60;

/** A session ends so long after its last refresh. */
export const SESSION_DAYS = 30;

/** A sign-in with a password, from its first token until it is revoked or has not been refreshed for 30 days. */
export const officeSessionSchema = z.strictObject({
  session_id: officeSessionIdSchema,
  user_id: userIdSchema,
  user_name: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  /** Where it was begun: the address, and what the program called itself. */
  ip: z.string(),
  user_agent: z.string(),
  /** Whether this is the session that asks. */
  current: z.boolean(),
});
export type OfficeSession = z.infer<typeof officeSessionSchema>;
