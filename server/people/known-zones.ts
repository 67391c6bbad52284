import { zoneSchema } from '#shared/sales/zone.ts';
import { atTheGate, type Db } from '../db.ts';

/** A location's time zone is none that this program knows; its days would begin at the wrong hour. */
export class UnknownZones extends Error {}

/** Refuses to start while the database has locations whose time zone this runtime does not know. @throws UnknownZones */
export async function requireKnownZones(db: Db): Promise<void> {
  const places = await atTheGate(db, async (client) => {
    const found = await client.query<{ code: string; zone: string }>(
      'select code, zone from location order by code',
    );
    return found.rows;
  });
  const unknown = places.filter(({ zone }) => !zoneSchema.safeParse(zone).success);
  if (unknown.length === 0) return;
  const named = unknown.map(({ code, zone }) => `location ${code} has ${zone}`).join(', ');
  throw new UnknownZones(`There are time zones that this program does not know: ${named}.`);
}
