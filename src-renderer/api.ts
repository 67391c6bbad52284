import { createORPCClient, type InferClientOutputs } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { tillContract } from '#shared/contract/till.ts';
import { replaceableLink } from './link.ts';
import { useSession } from './people/session-store.ts';

/** The one link below every call; `shell-line.ts` and `socket-line.ts` put lines under it. */
export const tillLink = replaceableLink();

/** The data process, as the typed contract describes it. Refusals are thrown; `explain` puts them into words. */
export const till: ContractRouterClient<typeof tillContract> = createORPCClient(tillLink);

/** What the calls answer with, by their names. */
export type Answers = InferClientOutputs<typeof till>;

/** The headers of every call: the session of whoever is signed in. */
export const callHeaders = (): Record<string, string> => {
  const { session } = useSession.getState();
  return session === null ? {} : { 'x-session': session.session };
};
