import type { KeyObject } from 'node:crypto';
import { central } from '#shared/contract/central.ts';
import { challengeText } from '#shared/people/challenge.ts';
import type { FeedPage } from '#shared/sync/feed.ts';
import { PUSH_LIMIT } from '#shared/sync/push.ts';
import { requireTerminal, type Terminal } from '../people/terminal.ts';
import type { Till } from '../till.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { deviceKey, signText } from './device-key.ts';
import { SyncStopped } from './standstill.ts';
import { syncPosition } from './sync-state.ts';

/** An enrolled terminal's connection with its server. The token lives in memory only. */
export type Link = {
  readonly terminal: Pick<Terminal, 'terminal_id' | 'server_url' | 'epoch'>;
  readonly key: KeyObject;
  readonly signal: AbortSignal;
  token: string | null;
  /** The public key that snapshots are signed with, as it came with the token; null from a server that makes none. */
  snapshot_key: string | null;
  /** Operations per push at present: it grows while pushes succeed and is halved when one fails. */
  batch: number;
  /** The next operation to send, once both sides have agreed where they stand. */
  next: number | null;
  /** When both agreed last, by the steady clock. */
  agreed_ms: number;
  /** Where the server stands with this terminal, as the last page of the feed said. */
  told: FeedPage['terminal'] | null;
  /** What only this copy knows was handed in. */
  isReported: boolean;
};

/** For the calls that answer with a few bytes, in ms. */
export const SHORT_DEADLINE_MS = 15_000;

export const newLink = (till: Till, folder: string, terminal: Terminal, signal: AbortSignal): Link => ({
  terminal,
  key: deviceKey(folder, syncPosition(till.ledger).key_file),
  signal,
  token: null,
  snapshot_key: null,
  batch: PUSH_LIMIT.operations,
  next: null,
  agreed_ms: Number.NEGATIVE_INFINITY,
  told: null,
  isReported: false,
});

/**
 * Runs `work` as one commit on the ledger with what the server told over this link.
 * @throws SyncStopped where the till has become another terminal meanwhile: it was told to the one before
 */
export const commitTold = <Outcome>(till: Till, link: Link, work: () => Outcome): Outcome =>
  till.ledger
    .transaction(() => {
      const { terminal_id, epoch } = requireTerminal(till);
      if (terminal_id !== link.terminal.terminal_id || epoch !== link.terminal.epoch) {
        throw new SyncStopped('This till was enrolled again meanwhile.');
      }
      return work();
    })
    .immediate();

/** Makes a call with the terminal's token. One that has expired is replaced, once. @throws ServerFault */
export async function withToken<Outcome>(
  link: Link,
  call: (headers: { authorization: string }) => Promise<Outcome>,
): Promise<Outcome> {
  const used = link.token ?? (await newToken(link));
  try {
    return await call({ authorization: `Bearer ${used}` });
  } catch (error) {
    if (!(error instanceof ServerFault) || error.status !== 401) throw error;
    if (link.token === used) link.token = null;
    return await call({ authorization: `Bearer ${link.token ?? (await newToken(link))}` });
  }
}

async function newToken(link: Link): Promise<string> {
  const { server_url, terminal_id } = link.terminal;
  const options = { server_url, deadline_ms: SHORT_DEADLINE_MS, signal: link.signal };
  const { challenge } = await callCentral(central.terminals.challenge, {
    ...options,
    body: JSON.stringify({ terminal_id }),
  });
  const { access_token, snapshot_key } = await callCentral(central.terminals.token, {
    ...options,
    body: JSON.stringify({ challenge, signature: signText(link.key, challengeText(challenge)) }),
  });
  link.token = access_token;
  link.snapshot_key = snapshot_key ?? null;
  return access_token;
}
