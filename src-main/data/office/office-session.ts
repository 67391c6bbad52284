import { central } from '#shared/contract/central.ts';
import type { TokenReply } from '#shared/contract/office/auth.ts';
import type { Clock } from '../clock.ts';
import { type CallOptions, callCentral, ServerFault } from '../sync/central-call.ts';

type Tokens = { access: string; refresh: string /** By the clock that never jumps, in ms. */; until: number };

/** Somebody's sign-in at the server, in memory. */
export type OfficeSession = {
  readonly server_url: string;
  tokens: Tokens;
  refreshing: Promise<void> | null;
  /** The server takes its refresh token no more. */
  isOver: boolean;
  /** Somebody works with it now. */
  use(clock: Clock): void;
  /** How long nobody has. */
  idleMs(clock: Clock): number;
};

/** An access token is replaced when it has less than this to live, in ms. */
const SPARE_MS = 30_000;

export function newOfficeSession(server_url: string, reply: TokenReply, clock: Clock): OfficeSession {
  let used = { monotonic: 0, wall: 0 };
  const use = (now: Clock): void => {
    used = { monotonic: now.monotonicMs(), wall: now.wallMs() };
  };
  use(clock);
  return {
    server_url,
    tokens: tokensOf(reply, clock),
    refreshing: null,
    isOver: false,
    use,
    // A machine that slept has let only the wall clock go on; one whose clock was set back, only the other.
    idleMs: (now) => Math.max(now.monotonicMs() - used.monotonic, now.wallMs() - used.wall),
  };
}

/**
 * Makes a call with the session's access token. One that has expired, or that the server takes no more, is replaced
 * once; calls at the same time share that.
 * @throws ServerFault; `isOver` then says whether the session ended
 */
export async function withAccess<Outcome>(
  session: OfficeSession,
  clock: Clock,
  common: Pick<CallOptions, 'deadline_ms' | 'signal'>,
  call: (headers: { authorization: string }) => Promise<Outcome>,
): Promise<Outcome> {
  const refresh = (used: Tokens): Promise<void> | null => {
    if (session.tokens === used) session.refreshing ??= replaceTokens(session, clock, common);
    return session.refreshing;
  };
  if (session.tokens.until - clock.monotonicMs() < SPARE_MS) await refresh(session.tokens);
  const used = session.tokens;
  try {
    return await call({ authorization: `Bearer ${used.access}` });
  } catch (error) {
    if (!isUnauthorised(error)) throw error;
    await refresh(used);
  }
  try {
    return await call({ authorization: `Bearer ${session.tokens.access}` });
  } catch (error) {
    if (isUnauthorised(error)) session.isOver = true;
    throw error;
  }
}

async function replaceTokens(
  session: OfficeSession,
  clock: Clock,
  common: Pick<CallOptions, 'deadline_ms' | 'signal'>,
): Promise<void> {
  try {
    const reply = await callCentral(central.token, {
      ...common,
      server_url: session.server_url,
      body: JSON.stringify({ grant_type: 'refresh_token', refresh_token: session.tokens.refresh }),
    });
    session.tokens = tokensOf(reply, clock);
  } catch (error) {
    if (isUnauthorised(error)) session.isOver = true;
    throw error;
  } finally {
    session.refreshing = null;
  }
}

/** The server's word for a token that it does not take; other 401s (a wrong password) are about something else. */
const isUnauthorised = (error: unknown): boolean =>
  error instanceof ServerFault && error.problem?.code === 'unauthorised';

const tokensOf = (reply: TokenReply, clock: Clock): Tokens => ({
  access: reply.access_token,
  refresh: reply.refresh_token,
  until: clock.monotonicMs() + reply.expires_in * 1000,
});
