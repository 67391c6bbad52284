import type { OfficeTerminal } from '#shared/people/terminal.ts';
import { Badge } from '../../part/badge.tsx';
import { displayCount } from '../../part/money.ts';
import { placesText } from './text.ts';

const tones = { active: 'ok', frozen: 'warn', revoked: 'danger' } as const;

/** Whether a terminal may do its work. */
export const TerminalState = ({ state }: { state: OfficeTerminal['state'] }) => (
  <Badge tone={tones[state]}>{placesText.states[state]}</Badge>
);

/** A clock that is off by less does no harm, in ms. */
const tolerable = 2_000;

/** How a terminal's clock stood when it was last seen. */
export function clockText(offset: number | null): string {
  if (offset === null) return placesText.unknown;
  if (Math.abs(offset) < tolerable) return placesText.clockRight;
  return placesText.clockOff(displayCount(Math.round(Math.abs(offset) / 1000)), offset > 0);
}
