import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { Refusal } from '../problem.ts';

/** Behind one balancer there may be a newer server; after so many seconds it is worth asking again. */
const ASK_AGAIN_S = 30;

/**
 * Tells a terminal only what it understands. Nothing but pulling is ever refused for its version: what happened on it is
 * taken from every one.
 * @param known the shape of rows that it knows; a terminal that does not say takes what comes
 * @throws 426 `terminal_too_old`; 409 `server_too_old`
 */
export function checkFeedSchema(known: number | undefined): void {
  if (known === undefined || known === FEED_SCHEMA) return;
  if (known < FEED_SCHEMA) {
    throw new Refusal(
      426,
      'terminal_too_old',
      'This version of the terminal would not understand what is new here. Update it; what it sends is still taken.',
    );
  }
  throw new Refusal(
    409,
    'server_too_old',
    'The server has an earlier version than this terminal and must be updated first.',
    { retry_after_s: ASK_AGAIN_S },
  );
}
