import { anyone, member } from '../access.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { invite, resendInvitation, revokeInvitation } from './invitations.ts';
import { resetPassword, sendPasswordReset } from './password-reset.ts';
import { listInvitations } from './read-invitation.ts';

export const invitationRoutes = {
  list: member.invitations.list.handler(({ input, context: { tx, actor } }) =>
    listInvitations(tx, actor, input),
  ),
  create: member.invitations.create.handler(({ input, context: { tx, actor } }) => invite(tx, actor, input)),
  resend: member.invitations.resend.handler(({ input, context: { tx, actor } }) =>
    resendInvitation(tx, actor, input.invitation_id),
  ),
  revoke: member.invitations.revoke.handler(({ input, context: { tx, actor } }) =>
    revokeInvitation(tx, actor, input.invitation_id),
  ),
};

/** What somebody does with the code from a mail. */
export const mailedCodeRoutes = {
  acceptInvitation: anyone.auth.acceptInvitation.handler(({ input, context: { db, origin } }) =>
    acceptInvitation(db, input, origin),
  ),
  resetPassword: anyone.auth.resetPassword.handler(({ input, context: { db, origin } }) =>
    resetPassword(db, input, origin),
  ),
};

/** `POST /api/v1/users/{user_id}/password-reset`. */
export const sendPasswordResetRoute = member.users.sendPasswordReset.handler(
  async ({ input, context: { tx, actor } }) => {
    await sendPasswordReset(tx, actor, input.user_id);
    return { accepted: true } as const;
  },
);
