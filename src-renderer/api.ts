import { createORPCClient, type InferClientOutputs, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { type Refusal, refusalSchema, type tillContract } from '#shared/contract/till.ts';
import { type CallContext, replaceableLink } from './link.ts';
import { forgetOfficeSession, officeHandle } from './office/session-store.ts';
import { forgetSession, useSession } from './people/session-store.ts';
import { enterConnection } from './sync/connection-store.ts';

/** The one link below every call; `shell-line.ts` and `socket-line.ts` put lines under it. */
export const tillLink = replaceableLink();

/**
 * The data process, as the typed contract describes it. Refusals are thrown; `explain` puts them into words. One
 * that says the session has ended also locks the screen, or shuts the office; one that says the ledger is damaged shows
 * what can be done about it.
 */
export const till: ContractRouterClient<typeof tillContract, CallContext> = createORPCClient({
  call: async (path, input, options) => {
    try {
      return await tillLink.call(path, input, options);
    } catch (error) {
      const code = refusalCode(error);
      if (code === 'signed_out' && error instanceof Error) forgetSession(error.message);
      if (code === 'office_signed_out') forgetOfficeSession('ended');
      if (code === 'ledger_damaged') enterConnection({ state: 'recovery' });
      throw error;
    }
  },
});

/** What the calls answer with, by their names. */
export type Answers = InferClientOutputs<typeof till>;

/** The headers of every call: the sessions of whoever has unlocked the till, and of whoever is in the office. */
export const callHeaders = (): Record<string, string> => {
  const { session } = useSession.getState();
  const office = officeHandle();
  return {
    ...(session === null ? {} : { 'x-session': session.session }),
    ...(office === null ? {} : { 'x-office': office }),
  };
};

/** A business rule's no, or null where the error is something else. */
export function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof ORPCError)) return null;
  return refusalSchema.safeParse(error.data).data ?? null;
}

/** The code of a business rule's no, or null where the error is something else. */
export const refusalCode = (error: unknown): string | null => refusalOf(error)?.code ?? null;
