import pg from 'pg';
import { v7 as uuid } from 'uuid';
import {
  type CompanyId,
  companyIdSchema,
  type LocationId,
  locationIdSchema,
  type UserId,
  userIdSchema,
} from '#shared/ids.ts';
import { type Location, locationSchema } from '#shared/people/location.ts';
import { PERMISSIONS } from '#shared/people/permission.ts';
import { ROLES, type RoleCode } from '#shared/people/role.ts';
import { emailSchema, newPasswordSchema, pinSchema } from '#shared/people/user.ts';
import type { CompanyCurrency } from '#shared/sales/currency.ts';
import type { TaxClass } from '#shared/sales/tax.ts';
import type { PaymentType } from '#shared/sales/tender.ts';
import { nameSchema } from '#shared/text.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { writeUser } from './change-user.ts';
import { hashSecret } from './secret-hash.ts';
import { insertMissingRoles } from './seed-roles.ts';

/** A first person: unlocks tills with a PIN, and signs in to the office with an address and a password. */
type PersonSeed = {
  readonly name: string;
  readonly role: RoleCode;
  readonly pin?: string;
  readonly office?: { readonly email: string; readonly password: string };
};

/** A company to be made, with its people and what its tills need before the first sale. */
export type CompanySeed = {
  readonly name: string;
  readonly location: Omit<Location, 'company_id' | 'company_name' | 'location_id'>;
  /** The location's currency, and others that money is counted in. */
  readonly currencies: readonly CompanyCurrency[];
  readonly people: readonly PersonSeed[];
  readonly tax_classes: readonly TaxClass[];
  readonly payment_types: readonly PaymentType[];
};

export type SeededCompany = {
  readonly company_id: CompanyId;
  readonly location_id: LocationId;
  readonly people: readonly { readonly user_id: UserId; readonly name: string; readonly role: string }[];
};

/**
 * Writes the permission codes that all companies share, as the owner. Run by command, never at start-up;
 * harmless when repeated.
 */
export async function seedPermissions(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('insert into permission select unnest($1::text[]) on conflict do nothing', [
      [...PERMISSIONS],
    ]);
  } finally {
    await client.end();
  }
}

/** Makes a company with one location, the roles and its first people. */
export async function createCompany(db: Db, seed: CompanySeed): Promise<SeededCompany> {
  const companyId = companyIdSchema.parse(uuid());
  const locationId = locationIdSchema.parse(uuid());
  const location = locationSchema.parse({
    ...seed.location,
    company_id: companyId,
    company_name: seed.name,
    location_id: locationId,
  });
  return inCompany(db, companyId, async (tx) => {
    await rows(tx, 'insert into company (company_id, name) values ($1, $2)', [companyId, seed.name]);
    await insertCurrencies(tx, seed.currencies);
    await insertLocation(tx, location);
    await insertMissingRoles(tx);
    await insertLookups(tx, seed);
    const people = [];
    for (const person of seed.people) people.push(await insertPerson(tx, person, locationId));
    await audit(tx, null, {
      ...{ action: 'company.created', entity: 'company', key: companyId },
      after: { name: seed.name },
    });
    return { company_id: companyId, location_id: locationId, people };
  });
}

const insertCurrencies = (tx: Tx, currencies: CompanySeed['currencies']): Promise<unknown> =>
  rows(
    tx,
    `insert into company_currency (company_id, code, name) select $1, * from unnest($2::text[], $3::text[])`,
    [tx.company_id, currencies.map(({ code }) => code), currencies.map(({ name }) => name)],
  );

const insertLocation = (tx: Tx, location: Location): Promise<unknown> =>
  rows(
    tx,
    `insert into location (company_id, location_id, code, kind, name, currency, zone, day_change_hour, cash_step_minor,
       denominations, prices_include_tax, tax_rounding)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      tx.company_id,
      location.location_id,
      location.code,
      location.kind,
      location.name,
      location.currency,
      location.zone,
      location.day_change_hour,
      location.cash_step_minor,
      location.denominations,
      location.prices_include_tax,
      location.tax_rounding,
    ],
  );

async function insertLookups(tx: Tx, seed: CompanySeed): Promise<void> {
  for (const { code, name, rates } of seed.tax_classes) {
    await rows(tx, 'insert into tax_class (company_id, code, name, rates) values ($1, $2, $3, $4)', [
      tx.company_id,
      code,
      name,
      JSON.stringify(rates),
    ]);
  }
  for (const { code, name, kind } of seed.payment_types) {
    await rows(tx, 'insert into payment_type (company_id, code, name, kind) values ($1, $2, $3, $4)', [
      tx.company_id,
      code,
      name,
      kind,
    ]);
  }
}

async function insertPerson(
  tx: Tx,
  { name, role, pin, office }: PersonSeed,
  locationId: LocationId,
): Promise<SeededCompany['people'][number]> {
  const userId = userIdSchema.parse(uuid());
  const [pinHash, passwordHash] = await Promise.all([
    pin === undefined ? null : hashSecret(pinSchema.parse(pin)),
    office === undefined ? null : hashSecret(newPasswordSchema.parse(office.password)),
  ]);
  await writeUser(tx, {
    user_id: userId,
    name: nameSchema(100).parse(name),
    email: office === undefined ? null : emailSchema.parse(office.email),
    status: 'ACTIVE',
    pin_hash: pinHash,
    password_hash: passwordHash,
    roles: [role],
    scope: (ROLES[role].scopes as readonly string[]).includes('company')
      ? { kind: 'company' }
      : { kind: 'locations', location_ids: [locationId] },
  });
  return { user_id: userId, name, role };
}
