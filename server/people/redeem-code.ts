import { v7 as uuid } from 'uuid';
import { companyIdSchema } from '#shared/ids.ts';
import { type Db, inCompany, type Tx } from '../db.ts';
import { makeMailedToken, readMailedToken } from './mailed-token.ts';
import { DECOY_HASH, secretHolds } from './secret-hash.ts';

/** So long the same code and password get the same answer again: the first one may have been lost on its way. */
export const REPEATABLE = "interval '15 minutes'";

/** What a code was good for. */
export type Redeemed<Person> =
  | { readonly state: 'now'; readonly person: Person }
  /** It was used a moment ago; who knows the password that was set then is told again. */
  | { readonly state: 'before'; readonly person: Person; readonly password_hash: string }
  | { readonly state: 'refused' };

/**
 * Whom the code of a mail lets in, or null. `work` redeems it in the company that the code names. Whatever is wrong
 * with a code, the same statements run and one more password is compared; what is no code at all is looked for too.
 */
export async function redeemCode<Person>(
  db: Db,
  given: { readonly token: string; readonly password: string },
  work: (tx: Tx, hash: Buffer) => Promise<Redeemed<Person>>,
): Promise<Person | null> {
  const token = readMailedToken(given.token) ?? makeMailedToken(companyIdSchema.parse(uuid()));
  const redeemed = await inCompany(db, token.company_id, (tx) => work(tx, token.hash));
  if (redeemed.state === 'now') return redeemed.person;
  const kept = redeemed.state === 'before' ? redeemed.password_hash : DECOY_HASH;
  const holds = await secretHolds(kept, given.password);
  return holds && redeemed.state === 'before' ? redeemed.person : null;
}
