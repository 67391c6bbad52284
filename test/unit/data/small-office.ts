import { setTimeout as wait } from 'node:timers/promises';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { onTestFinished } from 'vitest';
import { tokenRequestSchema } from '#shared/contract/office/auth.ts';

/** What goes wrong with one request, once it is its turn. */
type Fault =
  | 'drop before'
  | 'drop after'
  | 'captive portal'
  | 'half an answer'
  | 'silence'
  | { status: number; code: string; retry_after?: number; detail?: string };

/** The routes of the back office that the tests call. */
type Route = 'token' | 'me' | 'logout' | 'departments';

/**
 * A back office that signs anybody in, over a real socket: its tokens are rotated as strictly as the real one's, and
 * it fails where it is told to.
 */
export type SmallOffice = {
  readonly url: string;
  readonly seen: Map<Route, number>;
  /** Faults that wait for requests to a route, in order. */
  readonly faults: Map<Route, Fault[]>;
  /** Every token that was ever given out: none of them may be seen anywhere else. */
  readonly given: string[];
  /** How many sessions still hold. */
  readonly open: () => number;
  /** Makes the access tokens that were given out so far useless. */
  expireAccess(): void;
  /** Ends every session. */
  revokeAll(): void;
};

export async function startSmallOffice(): Promise<SmallOffice> {
  const app = fastify({ forceCloseConnections: true });
  const ending = new AbortController();
  const access = new Map<string, string>();
  /** Session by refresh token; a token that was used stays, to be recognised. */
  const refresh = new Map<string, { session: string; used: boolean }>();
  const sessions = new Set<string>();
  const office: Omit<SmallOffice, 'url'> = {
    seen: new Map(),
    faults: new Map(),
    given: [],
    open: () => sessions.size,
    expireAccess: () => access.clear(),
    revokeAll: () => sessions.clear(),
  };
  const problem = (reply: FastifyReply, status: number, code: string, detail = `Refused: ${code}.`) =>
    reply.code(status).send({ type: 'about:blank', title: code, status, code, detail });
  /** Does what a fault does in place of an answer; false where the answer itself goes wrong. */
  const isInTheWay = async (fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<boolean> => {
    if (fault === 'drop before') request.raw.socket.destroy();
    else if (fault === 'silence') await wait(60_000, undefined, { signal: ending.signal });
    else if (fault === 'captive portal') reply.type('text/html').send('<html>Please sign in</html>');
    else if (typeof fault === 'object') {
      if (fault.retry_after !== undefined) reply.header('retry-after', fault.retry_after);
      problem(reply, fault.status, fault.code, fault.detail);
    } else return false;
    return true;
  };
  const issue = (session: string) => {
    const tokens = { access_token: `access-${uuidv7()}`, refresh_token: `refresh-${uuidv7()}` };
    access.set(tokens.access_token, session);
    refresh.set(tokens.refresh_token, { session, used: false });
    office.given.push(tokens.access_token, tokens.refresh_token);
    return { ...tokens, token_type: 'bearer', expires_in: 900 };
  };
  const route = (
    name: Route,
    method: 'GET' | 'POST',
    url: string,
    answer: (session: string, body: unknown, reply: FastifyReply) => unknown,
  ) =>
    app.route({
      method,
      url,
      handler: async (request, reply) => {
        office.seen.set(name, (office.seen.get(name) ?? 0) + 1);
        const fault = office.faults.get(name)?.shift();
        if (fault && (await isInTheWay(fault, request, reply))) return reply;
        const session = access.get((request.headers.authorization ?? '').replace('Bearer ', ''));
        if (name !== 'token' && (session === undefined || !sessions.has(session))) {
          return problem(reply, 401, 'unauthorised');
        }
        const body = await answer(session ?? '', request.body, reply);
        if (fault === 'drop after') return request.raw.socket.destroy();
        if (fault === 'half an answer') {
          return reply.type('application/json').send(JSON.stringify(body).slice(0, 20));
        }
        return body;
      },
    });

  route('token', 'POST', '/token', (_session, body, reply) => {
    const asked = tokenRequestSchema.parse(body);
    if (asked.grant_type !== 'refresh_token') {
      const session = uuidv7();
      sessions.add(session);
      return issue(session);
    }
    const known = refresh.get(asked.refresh_token);
    if (!known || known.used || !sessions.has(known.session)) {
      if (known) sessions.delete(known.session);
      return problem(reply, 401, 'unauthorised');
    }
    known.used = true;
    return issue(known.session);
  });
  route('me', 'GET', '/api/v1/me', (session) => ({
    user: {
      user_id: uuidv7(),
      name: 'Tomas Reyes',
      email: 'tomas@example.com',
      roles: ['ADMIN'],
      scope: { kind: 'company' },
      status: 'ACTIVE',
      has_pin: true,
      has_password: true,
      created_at: '2026-03-01T09:00:00Z',
      version: 1,
    },
    company: { company_id: uuidv7(), name: 'Corner Shop Ltd' },
    permissions: [],
    session_id: session,
  }));
  route('logout', 'POST', '/api/v1/auth/logout', (session) => {
    sessions.delete(session);
    return { done: true };
  });
  route('departments', 'GET', '/api/v1/departments', () => ({ items: [], total_count: 0 }));

  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    ending.abort();
    return app.close();
  });
  return { ...office, url };
}
