import type { LocationId } from '#shared/ids.ts';
import { type Location, locationSchema } from '#shared/people/location.ts';
import { rows, type Tx } from '../db.ts';

/** A location with its rules. It must exist. */
export async function readLocation(tx: Tx, locationId: LocationId): Promise<Location> {
  const [row] = await rows(
    tx,
    `select company_id, (select name from company c where c.company_id = $1) as company_name, location_id, code, kind,
       name, currency, zone, day_change_hour, cash_step_minor, denominations, prices_include_tax, tax_rounding
     from location where company_id = $1 and location_id = $2`,
    [tx.company_id, locationId],
  );
  return locationSchema.parse(row);
}
