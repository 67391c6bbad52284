import { Badge } from '../../part/badge.tsx';
import { deskText } from './text.ts';

/** Whether the server has what was decided here. */
export const SentBadge = ({ isSent }: { isSent: boolean }) => (
  <Badge tone={isSent ? 'ok' : 'info'}>{isSent ? deskText.sent : deskText.notSent}</Badge>
);
