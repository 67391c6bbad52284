import { v7 as uuid } from 'uuid';
import type { TokenReply } from '#shared/contract/office/auth.ts';
import { type OfficeSessionId, officeSessionIdSchema, type UserId } from '#shared/ids.ts';
import { ACCESS_SECONDS, SESSION_DAYS } from '#shared/people/session.ts';
import { rows, type Tx } from '../db.ts';
import { issueAccessToken } from './access-token.ts';
import type { Origin } from './actor.ts';
import { makeRefreshToken } from './refresh-token.ts';

/** Why a session ended, as it is kept. */
export type Ending =
  | 'logout'
  | 'revoked'
  | 'refresh_reused'
  | 'password_changed'
  | 'password_reset'
  | 'roles_changed'
  | 'role_changed'
  | 'disabled';

/**
 * Begins a session for a person whose password was found right. Null when person or password are no longer what they
 * were then: the row is locked, so that a change and a sign-in at the same moment never both succeed.
 */
export async function beginSession(
  tx: Tx,
  secret: Uint8Array,
  person: { readonly user_id: UserId; readonly password_hash: string },
  origin: Origin,
): Promise<TokenReply | null> {
  await forgetOldSessions(tx);
  const sessionId = officeSessionIdSchema.parse(uuid());
  const begun = await rows(
    tx,
    `insert into office_session (company_id, session_id, user_id, expires_at, ip, user_agent)
     select company_id, $2, user_id, now() + $5 * interval '1 day', $6, $7 from app_user
     where company_id = $1 and user_id = $3 and status = 'ACTIVE' and password_hash = $4
     for share
     returning session_id`,
    [
      tx.company_id,
      sessionId,
      person.user_id,
      person.password_hash,
      SESSION_DAYS,
      origin.ip,
      origin.user_agent,
    ],
  );
  return begun.length === 0
    ? null
    : issueTokens(tx, secret, { user_id: person.user_id, session_id: sessionId });
}

/** The next pair of tokens of a session; the refresh token is kept as a hash. */
export async function issueTokens(
  tx: Tx,
  secret: Uint8Array,
  session: { readonly user_id: UserId; readonly session_id: OfficeSessionId },
): Promise<TokenReply> {
  const refresh = makeRefreshToken(tx.company_id, session.session_id);
  await rows(tx, 'insert into refresh_token (company_id, token_hash, session_id) values ($1, $2, $3)', [
    tx.company_id,
    refresh.hash,
    session.session_id,
  ]);
  return {
    access_token: await issueAccessToken(secret, { company_id: tx.company_id, ...session }),
    token_type: 'bearer',
    expires_in: ACCESS_SECONDS,
    refresh_token: refresh.text,
  };
}

/** Ends one session; how many that were: 1, or 0 where it had ended before. */
export const endSession = (tx: Tx, sessionId: OfficeSessionId, because: Ending): Promise<number> =>
  end(tx, because, 'session_id = $3', [sessionId]);

/** Ends all sessions of people, but for one that is to stay; how many there were. */
export const endSessions = (
  tx: Tx,
  userIds: readonly UserId[],
  because: Ending,
  except: OfficeSessionId | null = null,
): Promise<number> =>
  end(tx, because, 'user_id = any($3) and session_id is distinct from $4', [userIds, except]);

/** Sessions and used tokens are kept so long after their end, for whoever looks into what happened. */
const KEPT = "interval '90 days'";
/** Each sign-in takes at most so many out; it makes one of each, and a session a token every quarter of an hour. */
const SWEEP = { sessions: 10, tokens: 500 } as const;

/** Forgets what ended long ago. A refresh token that is forgotten opens nothing, as one that never was. */
async function forgetOldSessions(tx: Tx): Promise<void> {
  await rows(
    tx,
    `with old as (
       select session_id from office_session
       where company_id = $1 and least(revoked_at, expires_at) < now() - ${KEPT}
       limit ${SWEEP.sessions} for update skip locked),
     tokens as (delete from refresh_token where company_id = $1 and session_id in (select session_id from old))
     delete from office_session where company_id = $1 and session_id in (select session_id from old)`,
    [tx.company_id],
  );
  await rows(
    tx,
    `delete from refresh_token where company_id = $1 and token_hash in (
       select token_hash from refresh_token where company_id = $1 and used_at < now() - ${KEPT}
       limit ${SWEEP.tokens} for update skip locked)`,
    [tx.company_id],
  );
}

async function end(tx: Tx, because: Ending, which: string, values: readonly unknown[]): Promise<number> {
  const ended = await rows(
    tx,
    `update office_session set revoked_at = now(), revoked_because = $2
     where company_id = $1 and ${which} and revoked_at is null and expires_at > now()
     returning session_id`,
    [tx.company_id, because, ...values],
  );
  return ended.length;
}
