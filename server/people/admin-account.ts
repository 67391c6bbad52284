import { v7 as uuid } from 'uuid';
import { type CompanyId, type UserId, userIdSchema } from '#shared/ids.ts';
import { ADMIN } from '#shared/people/role.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { insertUser } from './change-user.ts';
import { hashSecret } from './secret-hash.ts';
import { endSessions } from './sessions.ts';
import { forgetTries } from './throttle.ts';

/** Somebody with an address and a password of their own. */
export type Account = { readonly name: string; readonly email: string; readonly password: string };

/** Whether the company has somebody with this address. */
export const isKnown = (db: Db, company: CompanyId, email: string): Promise<boolean> =>
  inCompany(db, company, async (tx) => (await whoHas(tx, email)) !== undefined);

/** Adds an administrator to a company; by command on the server only, past invitations and mail. */
export async function addAdmin(
  db: Db,
  company: CompanyId,
  { name, email, password }: Account,
): Promise<UserId> {
  const user_id = userIdSchema.parse(uuid());
  const password_hash = await hashSecret(password);
  await inCompany(db, company, (tx) =>
    insertUser(tx, null, {
      ...{ user_id, name, email, password_hash, pin_hash: null, status: 'ACTIVE' },
      ...{ roles: [ADMIN], scope: { kind: 'company' } },
    }),
  );
  return user_id;
}

/** Sets a password by command, for whom no mail reaches; ends all sessions. False where nobody active has the address. */
export async function replacePassword(
  db: Db,
  company: CompanyId,
  { email, password }: Omit<Account, 'name'>,
): Promise<boolean> {
  const password_hash = await hashSecret(password);
  const person = await inCompany(db, company, async (tx) => {
    const found = await whoHas(tx, email);
    if (found?.status !== 'ACTIVE') return null;
    await rows(tx, 'update app_user set password_hash = $3 where company_id = $1 and user_id = $2', [
      tx.company_id,
      found.user_id,
      password_hash,
    ]);
    await endSessions(tx, [found.user_id], 'password_reset');
    await audit(tx, null, { action: 'user.password_reset', entity: 'user', key: found.user_id });
    return found;
  });
  if (person) await forgetTries(db, { address: email, ip: '' });
  return person !== null;
}

async function whoHas(tx: Tx, email: string): Promise<{ user_id: UserId; status: string } | undefined> {
  const [row] = await rows<{ user_id: string; status: string }>(
    tx,
    'select user_id, status from app_user where company_id = $1 and email = $2 for update',
    [tx.company_id, email],
  );
  return row && { user_id: userIdSchema.parse(row.user_id), status: row.status };
}
