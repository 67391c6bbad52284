import { zoneSchema } from '#shared/sales/zone.ts';
import type { Choice } from '../../part/choice-list.tsx';

/** The time zones of the world as this machine knows them, and `kept`, where it is not among them. */
export function zoneChoices(kept: string): Choice[] {
  const known = Intl.supportedValuesOf('timeZone').filter((zone) => zoneSchema.safeParse(zone).success);
  const zones = kept === '' || known.includes(kept) ? known : [kept, ...known];
  return zones.map((zone) => [zone, zone.replaceAll('_', ' ')]);
}
