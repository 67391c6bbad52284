import { type CompanyId, companyIdSchema } from '#shared/ids.ts';
import { atTheGate, type Db } from '../db.ts';

/** Every company's locations by their codes: for commands that run before a company is chosen. */
export const listLocations = (db: Db): Promise<{ company_id: string; location_id: string; code: string }[]> =>
  atTheGate(db, async (client) => {
    const found = await client.query<{ company_id: string; location_id: string; code: string }>(
      'select company_id, location_id, code from location order by code',
    );
    return found.rows;
  });

/** Every company by its name, which several may share. */
export const listCompanies = (db: Db): Promise<{ company_id: CompanyId; name: string }[]> =>
  atTheGate(db, async (client) => {
    const found = await client.query<{ company_id: string; name: string }>(
      'select company_id, name from company order by name, company_id',
    );
    return found.rows.map((row) => ({ ...row, company_id: companyIdSchema.parse(row.company_id) }));
  });
