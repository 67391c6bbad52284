import { v7 as uuid } from 'uuid';
import { type UserId, userIdSchema } from '#shared/ids.ts';
import type { User } from '#shared/people/user.ts';
import { inCompany } from '../../server/db.ts';
import { insertUser } from '../../server/people/change-user.ts';
import { hashSecret } from '../../server/people/secret-hash.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import type { TestCentral } from './central.ts';
import { type Office, signedIn } from './office.ts';

/** Somebody who can sign in to the office. */
export type Colleague = {
  readonly user_id: UserId;
  readonly email: string;
  /** A session of its own each time. */
  readonly signIn: () => Promise<Office>;
};

const PASSWORD = 'a long enough password';
let kept: Promise<string> | undefined;

/** Adds a person with an address and a password; an administrator unless something else is said. */
export async function addColleague(
  central: Pick<TestCentral, 'db'>,
  url: string,
  company: SeededCompany,
  about: Partial<Pick<User, 'name' | 'roles' | 'scope'>> = {},
): Promise<Colleague> {
  const user_id = userIdSchema.parse(uuid());
  const email = `${user_id}@shop.example`;
  kept ??= hashSecret(PASSWORD);
  const password_hash = await kept;
  await inCompany(central.db, company.company_id, (tx) =>
    insertUser(tx, null, {
      name: 'Noor Haddad',
      roles: ['ADMIN'],
      scope: { kind: 'company' },
      ...about,
      ...{ user_id, email, password_hash, status: 'ACTIVE', pin_hash: null },
    }),
  );
  return { user_id, email, signIn: () => signedIn(url, { username: email, password: PASSWORD }) };
}

/** The password of every colleague. */
export const colleaguePassword = PASSWORD;
