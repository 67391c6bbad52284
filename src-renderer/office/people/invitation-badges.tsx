import type { Invitation } from '#shared/people/invitation.ts';
import { Badge } from '../../part/badge.tsx';
import { staffText } from './text.ts';

const statusTones = { PENDING: 'info', ACCEPTED: 'ok', EXPIRED: 'warn', REVOKED: 'calm' } as const;
const mailTones = { waiting: 'calm', sent: 'ok', failed: 'danger' } as const;

/** What became of an invitation. */
export const InvitationBadge = ({ status }: { status: Invitation['status'] }) => (
  <Badge tone={statusTones[status]}>{staffText.invitationStatuses[status]}</Badge>
);

/** What became of its mail. */
export const MailBadge = ({ mail }: { mail: Invitation['mail'] }) => (
  <Badge tone={mailTones[mail.state]}>{staffText.mails[mail.state]}</Badge>
);
