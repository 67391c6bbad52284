import { v7 as uuid } from 'uuid';
import { locationIdSchema } from '#shared/ids.ts';
import type { User } from '#shared/people/user.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import type { TestCentral } from './central.ts';
import { type Office, officeOf } from './office.ts';
import { addColleague, type Colleague } from './people.ts';
import type { TestServer } from './server.ts';
import { queryAs } from './shop.ts';
import type { Answer } from './wire-terminal.ts';

export const USERS = '/api/v1/users';

/** A company of a test's own, with its administrator at work. */
export type Staff = {
  readonly company: SeededCompany;
  readonly admin: Office;
  readonly query: <Row extends Record<string, unknown>>(sql: string) => Promise<Row[]>;
  readonly colleague: (about: Parameters<typeof addColleague>[3]) => Promise<Colleague>;
  /** A person as the administrator, or somebody else, sees them. */
  readonly read: (id: string, office?: Office) => Promise<User>;
  /** A change by the administrator from the version that there is. */
  readonly change: (id: string, body: object) => Promise<Answer>;
  /** Another location of the company. */
  readonly addLocation: () => Promise<string>;
};

export async function openStaff(central: TestCentral, { url }: TestServer): Promise<Staff> {
  const company = await central.addCompany();
  const admin = await officeOf(url, company);
  const query: Staff['query'] = (sql) => queryAs(central, company.company_id, sql);
  const read: Staff['read'] = async (id, office = admin) =>
    (await office.get(`${USERS}/${id}`)).body as unknown as User;
  return {
    company,
    admin,
    query,
    colleague: (about) => addColleague(central, url, company, about),
    read,
    change: async (id, body) => admin.patch(`${USERS}/${id}`, (await read(id)).version, body),
    addLocation: async () => {
      const id = locationIdSchema.parse(uuid());
      await query(
        `insert into location (company_id, location_id, code, kind, name, currency, zone, denominations,
           prices_include_tax, tax_rounding)
         select company_id, '${id}', 'L' || (select count(*) from location), 'warehouse', name, currency, zone,
           denominations, prices_include_tax, tax_rounding from location limit 1`,
      );
      return id;
    },
  };
}

/** Somebody to be added, who unlocks tills. */
export const cashier = (about: Record<string, unknown> = {}) => ({
  ...{ user_id: uuid(), name: 'Lena Fischer', roles: ['CASHIER'], scope: { kind: 'company' }, pin: '2580' },
  ...about,
});

/** A refusal that says nothing. */
export const FORBIDDEN = { status: 403, body: { code: 'forbidden', detail: 'You may not do this.' } };
/** A refusal that names one field. */
export const wrong = (path: string) => ({
  status: 422,
  body: { code: 'invalid_input', errors: [{ path }] },
});
