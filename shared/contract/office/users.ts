import { z } from 'zod';
import { invitationIdSchema, locationIdSchema, officeSessionIdSchema, userIdSchema } from '../../ids.ts';
import { invitationSchema, invitationStatusSchema } from '../../people/invitation.ts';
import { permissionSchema } from '../../people/permission.ts';
import { roleSchema } from '../../people/role.ts';
import { officeSessionSchema } from '../../people/session.ts';
import {
  emailSchema,
  newPinSchema,
  userFieldsSchema,
  userSchema,
  userStatusSchema,
} from '../../people/user.ts';
import { codeSchema } from '../../text.ts';
import { route } from '../access.ts';
import { ifMatchSchema, listOf, listQuery } from '../list.ts';

const users = ['users'];
const invitationTags = ['invitations'];
const sessionTags = ['sessions'];

const one = z.strictObject({ user_id: userIdSchema });
const oneInvitation = z.strictObject({ invitation_id: invitationIdSchema });
const revoked = z.strictObject({ revoked: z.int().min(0).describe('how many sessions ended') });

export const usersContract = {
  list: route
    .route({ method: 'GET', path: '/api/v1/users', tags: users, summary: 'People of the company' })
    .meta({ needs: 'user.view' })
    .input(
      listQuery(['name', 'email', 'status', 'created_at']).extend({
        status: userStatusSchema.optional(),
        role: codeSchema.optional(),
        location_id: locationIdSchema.optional(),
      }),
    )
    .output(listOf(userSchema)),
  get: route
    .route({ method: 'GET', path: '/api/v1/users/{user_id}', tags: users, summary: 'One person' })
    .meta({ needs: 'user.view' })
    .input(one)
    .output(userSchema),
  create: route
    .route({
      method: 'POST',
      path: '/api/v1/users',
      tags: users,
      summary: 'Add a person who unlocks tills',
      description:
        'Active at once, with a PIN and without an address; people who sign in to the office are invited. The id is ' +
        'minted by the caller: sending the same again gives the same answer.',
      successStatus: 201,
    })
    .meta({ needs: 'user.manage' })
    .input(userFieldsSchema.extend({ user_id: userIdSchema, pin: newPinSchema }))
    .output(userSchema),
  change: route
    .route({
      method: 'PATCH',
      path: '/api/v1/users/{user_id}',
      tags: users,
      summary: 'Change a person',
      description: 'Other roles or another scope end all sessions of the person.',
      inputStructure: 'detailed',
    })
    .meta({ needs: 'user.manage' })
    .input(
      z.object({
        params: one,
        headers: ifMatchSchema,
        body: userFieldsSchema.partial().extend({ pin: newPinSchema.optional() }),
      }),
    )
    .output(userSchema),
  disable: route
    .route({
      method: 'POST',
      path: '/api/v1/users/{user_id}/disable',
      tags: users,
      summary: 'Lock a person out',
      description: 'Ends all sessions; tills learn of it at their next pull. The last administrator stays.',
    })
    .meta({ needs: 'user.manage' })
    .input(one)
    .output(userSchema),
  enable: route
    .route({
      method: 'POST',
      path: '/api/v1/users/{user_id}/enable',
      tags: users,
      summary: 'Let a disabled person in again',
    })
    .meta({ needs: 'user.manage' })
    .input(one)
    .output(userSchema),
  sendPasswordReset: route
    .route({
      method: 'POST',
      path: '/api/v1/users/{user_id}/password-reset',
      tags: users,
      summary: 'Mail a person a code for a new password',
      description: 'Ends all sessions of the person at once; the code is good for one hour.',
      successStatus: 202,
    })
    .meta({ needs: 'user.manage' })
    .input(one)
    .output(z.strictObject({ accepted: z.literal(true) })),
};

export const invitationsContract = {
  list: route
    .route({ method: 'GET', path: '/api/v1/invitations', tags: invitationTags, summary: 'Invitations' })
    .meta({ needs: 'user.invite' })
    .input(
      listQuery(['created_at', 'email', 'status', 'expires_at']).extend({
        status: invitationStatusSchema.optional(),
      }),
    )
    .output(listOf(invitationSchema)),
  create: route
    .route({
      method: 'POST',
      path: '/api/v1/invitations',
      tags: invitationTags,
      summary: 'Invite a person',
      description:
        'Answers before the mail is sent. Good for 72 hours, one pending invitation for an address. The ids are ' +
        'minted by the caller: sending the same again gives the same answer.',
      successStatus: 201,
    })
    .meta({ needs: 'user.invite' })
    .input(
      userFieldsSchema.extend({
        invitation_id: invitationIdSchema,
        user_id: userIdSchema,
        email: emailSchema,
      }),
    )
    .output(invitationSchema),
  resend: route
    .route({
      method: 'POST',
      path: '/api/v1/invitations/{invitation_id}/resend',
      tags: invitationTags,
      summary: 'Mail an invitation again, with a new code and another 72 hours',
      successStatus: 202,
    })
    .meta({ needs: 'user.invite' })
    .input(oneInvitation)
    .output(invitationSchema),
  revoke: route
    .route({
      method: 'POST',
      path: '/api/v1/invitations/{invitation_id}/revoke',
      tags: invitationTags,
      summary: 'Withdraw an invitation',
    })
    .meta({ needs: 'user.invite' })
    .input(oneInvitation)
    .output(invitationSchema),
};

export const rolesContract = {
  list: route
    .route({ method: 'GET', path: '/api/v1/roles', tags: ['roles'], summary: 'Roles and what each may do' })
    .output(z.strictObject({ items: z.array(roleSchema) })),
  change: route
    .route({
      method: 'PUT',
      path: '/api/v1/roles/{code}/permissions',
      tags: ['roles'],
      summary: 'Change what a role may do',
      description:
        'Ends the sessions of everybody who has the role. The administrator’s role stays as it is.',
      inputStructure: 'detailed',
    })
    .meta({ needs: 'user.manage' })
    .input(
      z.object({
        params: z.strictObject({ code: codeSchema }),
        headers: ifMatchSchema,
        body: z.strictObject({ permissions: z.array(permissionSchema).max(100) }),
      }),
    )
    .output(roleSchema),
};

export const sessionsContract = {
  list: route
    .route({
      method: 'GET',
      path: '/api/v1/sessions',
      tags: sessionTags,
      summary: 'Active sessions: everybody’s for those who manage people, otherwise one’s own',
    })
    .input(
      listQuery(['last_used_at', 'created_at', 'user_name']).extend({ user_id: userIdSchema.optional() }),
    )
    .output(listOf(officeSessionSchema)),
  revoke: route
    .route({
      method: 'POST',
      path: '/api/v1/sessions/{session_id}/revoke',
      tags: sessionTags,
      summary: 'End a session: any one for those who manage people, otherwise one’s own',
    })
    .input(z.strictObject({ session_id: officeSessionIdSchema }))
    .output(revoked),
  revokeOfUser: route
    .route({
      method: 'POST',
      path: '/api/v1/users/{user_id}/sessions/revoke',
      tags: sessionTags,
      summary: 'End all sessions of a person',
    })
    .meta({ needs: 'user.manage' })
    .input(one)
    .output(revoked),
  revokeAll: route
    .route({
      method: 'POST',
      path: '/api/v1/users/sessions/revoke-all',
      tags: sessionTags,
      summary: 'End all sessions of the company, one’s own too',
    })
    .meta({ needs: 'user.manage' })
    .output(revoked),
};
