import { central } from '#shared/contract/central.ts';
import type { Till } from '../till.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { type Link, SHORT_DEADLINE_MS, withToken } from './link.ts';
import { idsUpTo, lastSeq } from './operation-store.ts';

/** Operations asked about at once: as many as the contract takes. */
const PAGE = 1000;

/**
 * The first operation of this ledger that the server never got; one behind the last where it has them all. Asked by
 * their ids, which stay the same in whatever life of the server and under whatever name they are sent. From the last
 * one back: what the server lacks is the end of a history.
 * @throws ServerFault
 */
export async function firstUnknown(till: Till, link: Link): Promise<number> {
  let first = lastSeq(till.ledger) + 1;
  for (let page = idsUpTo(till.ledger, first - 1, PAGE); page.length > 0; ) {
    const op_ids = page.map(({ op_id }) => op_id);
    const { unknown } = await withToken(link, (headers) =>
      callCentral(central.sync.known, {
        server_url: link.terminal.server_url,
        headers,
        body: JSON.stringify({ op_ids: [...new Set(op_ids)] }),
        deadline_ms: SHORT_DEADLINE_MS,
        signal: link.signal,
      }),
    );
    const lacking = new Set<string>(unknown);
    const oldest = page.findLast(({ op_id }) => lacking.has(op_id));
    if (!oldest) break;
    first = oldest.seq;
    page = idsUpTo(till.ledger, (page.at(-1)?.seq ?? 1) - 1, PAGE);
  }
  return first;
}

/** Whether the server does not know this terminal at all: it was put back to a moment before the enrolment. */
export const isStranger = (error: unknown): boolean => error instanceof ServerFault && error.status === 401;
