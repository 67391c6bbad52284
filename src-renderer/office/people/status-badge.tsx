import type { UserStatus } from '#shared/people/user.ts';
import { Badge } from '../../part/badge.tsx';
import { staffText } from './text.ts';

const tones = { INVITED: 'info', ACTIVE: 'ok', DISABLED: 'danger' } as const;

/** Whether somebody can come in. */
export const StatusBadge = ({ status }: { status: UserStatus }) => (
  <Badge tone={tones[status]}>{staffText.statuses[status]}</Badge>
);
