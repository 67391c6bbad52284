import type { CompanyId, UserId } from '#shared/ids.ts';
import { inCompany, rows } from '../../server/db.ts';
import { makeEnrolmentCode } from '../../server/people/enrolment.ts';
import type { CompanySeed, SeededCompany } from '../../server/people/seed.ts';
import type { TestCentral } from './central.ts';
import type { TestServer } from './server.ts';
import { type Shift, shift } from './tickets.ts';
import { type WireTerminal, wireTerminal } from './wire-terminal.ts';

/** A company of a test's own with one terminal: people have one open day each, so tests must not share them. */
export type TestShop = {
  readonly company: SeededCompany;
  /** The manager, who makes the operations. */
  readonly user: UserId;
  readonly terminal: WireTerminal;
  readonly day: Shift;
  /** Another terminal at the same location. */
  readonly addTerminal: () => Promise<WireTerminal>;
  readonly query: <Row extends Record<string, unknown>>(sql: string) => Promise<Row[]>;
  readonly tickets: () => Promise<number>;
  /** What was raised so far, in order. */
  readonly exceptions: () => Promise<{ seq: number; code: string }[]>;
};

export async function testShop(
  central: TestCentral,
  server: TestServer,
  seed?: CompanySeed,
): Promise<TestShop> {
  const company = await central.addCompany(seed);
  const user = person(company, 'MANAGER');
  const addTerminal = async () => wireTerminal(server.url, await enrolmentCode(central, company), user);
  const terminal = await addTerminal();
  const query = <Row extends Record<string, unknown>>(sql: string) =>
    queryAs<Row>(central, company.company_id, sql);
  return {
    company,
    user,
    terminal,
    day: shift(terminal.enrolment, user),
    addTerminal,
    query,
    tickets: async () => (await query('select ticket_id from ticket')).length,
    exceptions: () => query("select seq, code from exception where kind = 'flagged' order by seq, code"),
  };
}

/** The person of a company who has a role. */
export function person(company: SeededCompany, role: string): UserId {
  const found = company.people.find((entry) => entry.role === role);
  if (!found) throw new Error(`nobody is ${role}`);
  return found.user_id;
}

export const enrolmentCode = (central: TestCentral, company: SeededCompany): Promise<string> =>
  inCompany(central.db, company.company_id, (tx) => makeEnrolmentCode(tx, company.location_id));

/** Rows as the server of one company sees them. */
export const queryAs = <Row extends Record<string, unknown>>(
  central: TestCentral,
  company: CompanyId,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> => inCompany(central.db, company, (tx) => rows<Row>(tx, sql, values));
