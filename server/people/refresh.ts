import type { TokenReply } from '#shared/contract/office/auth.ts';
import { userIdSchema } from '#shared/ids.ts';
import { SESSION_DAYS } from '#shared/people/session.ts';
import { type Db, inCompany, rows, type Tx } from '../db.ts';
import { audit } from '../ops/audit.ts';
import { notSignedIn } from './access-token.ts';
import { type RefreshToken, readRefreshToken } from './refresh-token.ts';
import { endSession, issueTokens } from './sessions.ts';

/**
 * Exchanges a refresh token for the next pair. A token that comes a second time was stolen, or its thief's: the
 * session ends for both.
 * @throws 401 `unauthorised`, whatever was wrong
 */
export async function refresh(db: Db, secret: Uint8Array, text: string): Promise<TokenReply> {
  const given = readRefreshToken(text);
  if (!given) throw notSignedIn();
  const reply = await inCompany(db, given.company_id, (tx) => rotate(tx, secret, given));
  // Thrown here and not inside, where it would undo the end of the session.
  if (reply === null) throw notSignedIn();
  return reply;
}

async function rotate(tx: Tx, secret: Uint8Array, given: RefreshToken): Promise<TokenReply | null> {
  const [session] = await rows<{ user_id: string; used: boolean }>(
    tx,
    `select s.user_id, t.used_at is not null as used
     from refresh_token t
     join office_session s on s.company_id = t.company_id and s.session_id = t.session_id
     join app_user u on u.company_id = s.company_id and u.user_id = s.user_id
     where t.company_id = $1 and t.token_hash = $2 and s.session_id = $3
       and s.revoked_at is null and s.expires_at > now() and u.status = 'ACTIVE'
     for update of s, t`,
    [tx.company_id, given.hash, given.session_id],
  );
  if (!session) return null;
  if (session.used) {
    await endSession(tx, given.session_id, 'refresh_reused');
    await audit(tx, null, { action: 'session.refresh_reused', entity: 'session', key: given.session_id });
    return null;
  }
  await rows(tx, 'update refresh_token set used_at = now() where company_id = $1 and token_hash = $2', [
    tx.company_id,
    given.hash,
  ]);
  await rows(
    tx,
    `update office_session set last_used_at = now(), expires_at = now() + $3 * interval '1 day'
     where company_id = $1 and session_id = $2`,
    [tx.company_id, given.session_id, SESSION_DAYS],
  );
  return issueTokens(tx, secret, {
    user_id: userIdSchema.parse(session.user_id),
    session_id: given.session_id,
  });
}
