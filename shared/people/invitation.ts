import { z } from 'zod';
import { invitationIdSchema, userIdSchema } from '../ids.ts';
import { nameSchema } from '../text.ts';

/** An invitation can be accepted for so long. */
export const INVITATION_HOURS = 72;

export const invitationStatusSchema = z.enum(['PENDING', 'ACCEPTED', 'EXPIRED', 'REVOKED']);

/**
 * What became of the mail: it waits to be sent (again: then with the reason why the last try failed), was taken by the
 * mail server, or was given up.
 */
const mailStateSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting'), reason: z.string().optional() }),
  z.strictObject({ state: z.literal('sent'), at: z.iso.datetime() }),
  z.strictObject({ state: z.literal('failed'), at: z.iso.datetime(), reason: z.string() }),
]);

/** One person's way in: at most one is pending for an address. Its secret is in the mail and nowhere else. */
export const invitationSchema = z.strictObject({
  invitation_id: invitationIdSchema,
  user_id: userIdSchema,
  email: z.string(),
  name: nameSchema(100),
  status: invitationStatusSchema,
  invited_by: userIdSchema,
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  mail: mailStateSchema,
});
export type Invitation = z.infer<typeof invitationSchema>;

/** The secret of an invitation or of a password reset, as it stands in the mail. */
export const mailedTokenSchema = z
  .string()
  .transform((token) => token.trim())
  .pipe(z.string().regex(/^[A-Za-z0-9_-]{20,200}$/, { error: 'must be the code from the mail' }));
