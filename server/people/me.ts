import type { Me } from '#shared/contract/office/auth.ts';
import { rows, type Tx } from '../db.ts';
import type { Actor } from './actor.ts';
import { readUser } from './read-user.ts';

/** Who is signed in, and what they may do. */
export async function readMe(tx: Tx, actor: Actor): Promise<Me> {
  const user = await readUser(tx, actor.user_id);
  const [company] = await rows<{ name: string }>(tx, 'select name from company where company_id = $1', [
    tx.company_id,
  ]);
  if (!company) throw new Error('the company of somebody who is signed in is gone');
  return {
    user,
    company: { company_id: tx.company_id, name: company.name },
    permissions: [...actor.permissions].sort(),
    session_id: actor.session_id,
  };
}
