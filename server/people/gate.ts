import { atTheGate, type Db } from '../db.ts';

/** Every company's locations by their codes: for commands that run before a company is chosen. */
export const listLocations = (db: Db): Promise<{ company_id: string; location_id: string; code: string }[]> =>
  atTheGate(db, async (client) => {
    const found = await client.query<{ company_id: string; location_id: string; code: string }>(
      'select company_id, location_id, code from location order by code',
    );
    return found.rows;
  });
