import { randomBytes } from 'node:crypto';
import type { AnyContractProcedure, AnySchema, InferSchemaOutput } from '@orpc/contract';
import { central } from '#shared/contract/central.ts';
import type { Me } from '#shared/contract/office/auth.ts';
import { officeContract } from '#shared/contract/office.ts';
import { terminalOf } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import { callCentral, type Procedure, ServerFault } from '../sync/central-call.ts';
import { SHORT_DEADLINE_MS } from '../sync/link.ts';
import { sha256 } from '../sync/sha256.ts';
import type { Till } from '../till.ts';
import { officeRefusal, officeSignedOut } from './office-refusal.ts';
import { newOfficeSession, type OfficeSession, withAccess } from './office-session.ts';
import { requestOf } from './request-of.ts';

/**
 * The back office as this process keeps it for its screens. Tokens live in its memory alone: a screen knows its
 * session by a random handle, and a restart of the process ends them all.
 */
export type Office = {
  /** @throws REFUSED with the server's reason, `server_unreachable`, `server_needed` */
  signIn(asked: {
    username: string;
    password: string;
    server_url?: string | undefined;
  }): Promise<{ office_session: string; me: Me }>;
  /** A call of the office's contract, in somebody's session. @throws also REFUSED `office_signed_out` */
  call(handle: string | null, procedure: AnyContractProcedure, input: unknown): Promise<unknown>;
  /** A call that nobody needs to be signed in for. */
  callAsStranger<Output extends AnySchema>(
    procedure: Procedure<Output>,
    input: unknown,
    server_url: string | undefined,
  ): Promise<InferSchemaOutput<Output>>;
  /** Forgets a session at once; the server is told in the background. */
  signOut(handle: string | null): void;
  /** Ends every session, and waits for the server to hear of it, but not for long. */
  close(): Promise<void>;
};

/** A session that nobody has used for so long is over, in ms. */
const IDLE_MS = 15 * 60_000;
/** How often idle sessions are looked for, in ms: they end on the server too, not only when somebody comes back. */
const SWEEP_MS = 60_000;
/** How long the end of the process waits for the server, in ms. */
const FAREWELL_MS = 2000;

/** @param app_version told to the server, so that people recognise their sessions */
export function openOffice(till: Till, app_version: string): Office {
  /** By the SHA-256 of their handles. */
  const sessions = new Map<string, OfficeSession>();
  const ending = new AbortController();
  const farewells = new Set<Promise<void>>();
  const common = { deadline_ms: SHORT_DEADLINE_MS, signal: ending.signal };

  /** Tells the server that a session is over, in the background. */
  const bidFarewell = (session: OfficeSession): void => {
    const farewell = withAccess(session, till.clock, common, (headers) =>
      callCentral(officeContract.auth.logout, { ...common, server_url: session.server_url, headers }),
    ).then(
      () => {},
      (error: unknown) => {
        const why = error instanceof ServerFault ? (error.problem?.code ?? error.kind) : String(error);
        till.log.info({ why }, 'the server was not told of the end of an office session');
      },
    );
    farewells.add(farewell);
    farewell.finally(() => farewells.delete(farewell));
  };
  const end = (key: string): void => {
    const session = sessions.get(key);
    if (session && sessions.delete(key)) bidFarewell(session);
  };
  const sweep = (): void => {
    for (const [key, session] of sessions) if (session.idleMs(till.clock) >= IDLE_MS) end(key);
  };
  const sweeping = setInterval(sweep, SWEEP_MS);
  sweeping.unref();

  /** The server that this terminal belongs to, else the one that the person named. */
  const serverOf = (named: string | undefined): string => {
    const server_url = terminalOf(till)?.server_url ?? named;
    if (server_url !== undefined) return server_url;
    throw refused(
      'server_needed',
      'This till is not enrolled. Enter the address of the server.',
      'server_url',
    );
  };

  const userAgent = (): string => {
    const code = terminalOf(till)?.terminal_code;
    return `Tilldock/${app_version}${code === undefined ? '' : ` (till ${code})`}`;
  };

  return {
    signIn: async ({ username, password, server_url: named }) => {
      const server_url = serverOf(named);
      const company_id = terminalOf(till)?.location.company_id;
      try {
        const tokens = await callCentral(central.token, {
          ...common,
          server_url,
          headers: { 'user-agent': userAgent() },
          body: JSON.stringify({
            grant_type: 'password',
            username,
            password,
            ...(company_id === undefined ? {} : { client_id: company_id }),
          }),
        });
        const session = newOfficeSession(server_url, tokens, till.clock);
        const me = await withAccess(session, till.clock, common, (headers) =>
          callCentral(officeContract.auth.me, { ...common, server_url, headers }),
        ).catch((error: unknown) => {
          bidFarewell(session);
          throw error;
        });
        const office_session = randomBytes(32).toString('base64url');
        sessions.set(sha256(office_session), session);
        return { office_session, me };
      } catch (error) {
        throw officeRefusal(error, server_url);
      }
    },
    call: async (handle, procedure, input) => {
      sweep();
      const key = handle === null ? '' : sha256(handle);
      const session = sessions.get(key);
      if (!session) throw officeSignedOut();
      session.use(till.clock);
      try {
        const { headers: asked, ...request } = requestOf(procedure, input);
        return await withAccess(session, till.clock, common, (headers) =>
          callCentral(procedure, {
            ...common,
            ...request,
            server_url: session.server_url,
            headers: { ...asked, ...headers },
          }),
        );
      } catch (error) {
        if (!session.isOver) throw officeRefusal(error, session.server_url);
        sessions.delete(key);
        throw officeSignedOut();
      }
    },
    callAsStranger: async (procedure, input, named) => {
      const server_url = serverOf(named);
      try {
        return await callCentral(procedure, { ...common, ...requestOf(procedure, input), server_url });
      } catch (error) {
        throw officeRefusal(error, server_url);
      }
    },
    signOut: (handle) => {
      if (handle !== null) end(sha256(handle));
    },
    close: async () => {
      clearInterval(sweeping);
      for (const key of sessions.keys()) end(key);
      const patience = setTimeout(() => ending.abort(), FAREWELL_MS);
      await Promise.all(farewells);
      clearTimeout(patience);
      ending.abort();
    },
  };
}
