import { v7 as uuid } from 'uuid';
import type { z } from 'zod';
import type { TokenReply, tokenRequestSchema } from '#shared/contract/office/auth.ts';
import { type CompanyId, companyIdSchema, type UserId, userIdSchema } from '#shared/ids.ts';
import { atTheGate, type Db, inCompany, rows } from '../db.ts';
import { Refusal } from '../problem.ts';
import type { Origin } from './actor.ts';
import { refresh } from './refresh.ts';
import { DECOY_HASH, secretHolds } from './secret-hash.ts';
import { beginSession } from './sessions.ts';
import { countTry, forgetTries } from './throttle.ts';

type Request = z.output<typeof tokenRequestSchema>;
type PasswordRequest = Exclude<Request, { grant_type: 'refresh_token' }>;

/** `POST /token`: a session for a password, or the next tokens of a session. */
export const token = (db: Db, secret: Uint8Array, request: Request, origin: Origin): Promise<TokenReply> =>
  request.grant_type === 'refresh_token'
    ? refresh(db, secret, request.refresh_token)
    : signIn(db, secret, request, origin);

/**
 * Signs somebody in with address and password. Whatever is wrong, the same statements run, exactly one password is
 * verified, and the answer is the same.
 * @throws 401 `sign_in_refused`, 429 `too_many_attempts`
 */
async function signIn(
  db: Db,
  secret: Uint8Array,
  { username, password, client_id }: PasswordRequest,
  origin: Origin,
): Promise<TokenReply> {
  const tried = { address: username.trim().toLowerCase(), ip: origin.ip };
  await countTry(db, tried);
  const person = await whoseAddress(db, tried.address, client_id);
  const kept = await inCompany(db, person.company_id, async (tx) => {
    const [row] = await rows<{ password_hash: string | null }>(
      tx,
      'select password_hash from app_user where company_id = $1 and user_id = $2',
      [tx.company_id, person.user_id],
    );
    return row?.password_hash ?? null;
  });
  const holds = await secretHolds(kept ?? DECOY_HASH, password);
  if (kept === null || !holds) throw refused();
  const reply = await inCompany(db, person.company_id, (tx) =>
    beginSession(tx, secret, { user_id: person.user_id, password_hash: kept }, origin),
  );
  if (reply === null) throw refused();
  await forgetTries(db, tried);
  return reply;
}

const refused = () =>
  new Refusal(
    401,
    'sign_in_refused',
    'Address or password are wrong; or the address is known in several companies, and client_id must say in which.',
  );

type Person = { readonly company_id: CompanyId; readonly user_id: UserId };

/** The one active person with this address; where there is none or several, somebody who does not exist. */
async function whoseAddress(db: Db, address: string, company: CompanyId | undefined): Promise<Person> {
  const found = await atTheGate(db, async (client) => {
    const known = await client.query<{ company_id: string; user_id: string }>(
      `select company_id, user_id from app_user
       where email = $1 and status = 'ACTIVE' and ($2::uuid is null or company_id = $2) limit 2`,
      [address, company ?? null],
    );
    return known.rows;
  });
  const [person, another] = found;
  const one = person && !another ? person : { company_id: uuid(), user_id: uuid() };
  return { company_id: companyIdSchema.parse(one.company_id), user_id: userIdSchema.parse(one.user_id) };
}
