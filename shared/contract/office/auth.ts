import { z } from 'zod';
import { companyIdSchema, officeSessionIdSchema } from '../../ids.ts';
import { mailedTokenSchema } from '../../people/invitation.ts';
import { permissionSchema } from '../../people/permission.ts';
import { newPasswordSchema, newPinSchema, userSchema } from '../../people/user.ts';
import { nameSchema, textSchema } from '../../text.ts';
import { route } from '../access.ts';
import { ifMatchSchema } from '../list.ts';

const tags = ['sign-in'];

/** A password as it is tried: any text, since it is only compared. */
const triedPasswordSchema = textSchema(1000);

/** OAuth 2 (RFC 6749): the password form, and the exchange of a refresh token. Sent as a form, or as JSON. */
export const tokenRequestSchema = z.discriminatedUnion('grant_type', [
  z.strictObject({
    /** The password form is meant where nothing is said. */
    grant_type: z.literal('password').optional(),
    /** The e-mail address. */
    username: textSchema(254),
    password: triedPasswordSchema,
    /** The company, where the address is known in several. */
    client_id: companyIdSchema.optional(),
    /** Taken for the sake of OAuth clients that always send it; only the empty scope is known. */
    scope: z.literal('').optional(),
  }),
  z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: textSchema(500) }),
]);

const tokenReplySchema = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('bearer'),
  expires_in: z.int().describe('seconds'),
  /** Good once: each refresh gives a new one, and using one twice ends the session. */
  refresh_token: z.string(),
});
export type TokenReply = z.infer<typeof tokenReplySchema>;

/** Who is signed in, and what they may do here. */
export const meSchema = z.strictObject({
  user: userSchema,
  company: z.strictObject({ company_id: companyIdSchema, name: z.string() }),
  permissions: z.array(permissionSchema),
  session_id: officeSessionIdSchema,
});
export type Me = z.infer<typeof meSchema>;

/** What whoever was invited says to come in. */
export const acceptInvitationSchema = z.strictObject({
  token: mailedTokenSchema,
  password: newPasswordSchema,
  /** How the person wants to be called; as invited where absent. */
  name: nameSchema(100).optional(),
  pin: newPinSchema.optional(),
});

export const resetPasswordSchema = z.strictObject({ token: mailedTokenSchema, password: newPasswordSchema });

/** Whom a code from a mail was for: what to sign in with. */
export const mailedToSchema = z.strictObject({ email: z.string(), company_id: companyIdSchema });

const done = z.strictObject({ done: z.literal(true) });

/** `POST /token`; the rest of the sign-in routes are `auth`. */
export const token = route
  .route({ method: 'POST', path: '/token', tags, summary: 'Sign in with a password, or refresh' })
  .meta({ needs: 'nothing' })
  .input(tokenRequestSchema)
  .output(tokenReplySchema);

export const auth = {
  logout: route
    .route({ method: 'POST', path: '/api/v1/auth/logout', tags, summary: 'End this session' })
    .output(done),
  logoutAll: route
    .route({ method: 'POST', path: '/api/v1/auth/logout-all', tags, summary: 'End all sessions of mine' })
    .output(done),
  acceptInvitation: route
    .route({
      method: 'POST',
      path: '/api/v1/auth/accept-invitation',
      tags,
      summary: 'Accept an invitation with the code from the mail',
    })
    .meta({ needs: 'nothing' })
    .input(acceptInvitationSchema)
    .output(mailedToSchema),
  resetPassword: route
    .route({
      method: 'POST',
      path: '/api/v1/auth/reset-password',
      tags,
      summary: 'Set a new password with the code from the mail',
      description: 'Ends all sessions of the person.',
    })
    .meta({ needs: 'nothing' })
    .input(resetPasswordSchema)
    .output(mailedToSchema),
  me: route.route({ method: 'GET', path: '/api/v1/me', tags, summary: 'Who is signed in' }).output(meSchema),
  changeMe: route
    .route({
      method: 'PATCH',
      path: '/api/v1/me',
      tags,
      summary: 'Change my name or PIN',
      inputStructure: 'detailed',
    })
    .input(
      z.object({
        headers: ifMatchSchema,
        body: z.strictObject({ name: nameSchema(100).optional(), pin: newPinSchema.optional() }),
      }),
    )
    .output(meSchema),
  changePassword: route
    .route({
      method: 'POST',
      path: '/api/v1/me/password',
      tags,
      summary: 'Change my password',
      description: 'Ends all other sessions of mine.',
    })
    .input(z.strictObject({ current_password: triedPasswordSchema, password: newPasswordSchema }))
    .output(done),
};
