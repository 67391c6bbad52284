import { central } from '#shared/contract/central.ts';
import { nowOf } from '../clock.ts';
import { markInService, markRevoked } from '../people/terminal.ts';
import type { Till } from '../till.ts';
import { applyPage, type Page, pageSchema } from './apply-page.ts';
import { callCentral, ServerFault } from './central-call.ts';
import { type Link, withToken } from './link.ts';
import { pullState } from './pull-state.ts';

/** Rows per page: applied in about 20 ms, during which a scan waits. */
const ROWS = 2000;
/** One page, in ms, beside what the server was asked to wait. */
const DEADLINE_MS = 30_000;

/**
 * Fetches pages until the server has no more. The next page is asked for before the one at hand is applied.
 * @param wait_s how long the server may hold its first answer until something changes
 * @throws ServerFault
 */
export async function pullAll(till: Till, link: Link, wait_s = 0): Promise<void> {
  let after = pullState(till.catalog).cursor;
  let page: Page | null = await firstPage(till, link, after, wait_s);
  while (page) {
    const here: Page = page;
    const [next, taken]: [Page | null, boolean] = await Promise.all([
      here.more ? fetchPage(link, here.cursor, 0) : null,
      applySoon(till, here, after),
    ]);
    // Somebody else's page came first; theirs is as good, and they go on from it.
    if (!taken) return;
    after = here.cursor;
    page = next;
  }
}

/** The first page also tells whether this terminal is in service. */
async function firstPage(till: Till, link: Link, after: string | null, wait_s: number): Promise<Page> {
  try {
    const page = await fetchPage(link, after, wait_s);
    markInService(till.ledger);
    return page;
  } catch (error) {
    if (isRevocation(error)) markRevoked(till.ledger, nowOf(till.clock));
    throw error;
  }
}

/** Whether the server says that this terminal was taken out of service. */
export const isRevocation = (error: unknown): boolean =>
  error instanceof ServerFault && error.problem?.code === 'terminal_revoked';

/** Applies a page once the request for the next one is on its way. */
async function applySoon(till: Till, page: Page, after: string | null): Promise<boolean> {
  await new Promise(setImmediate);
  return applyPage(till.catalog, page, after, nowOf(till.clock));
}

const fetchPage = (link: Link, cursor: string | null, wait_s: number): Promise<Page> =>
  withToken(link, (headers) =>
    callCentral(
      central.sync.pull,
      {
        server_url: link.terminal.server_url,
        headers,
        query: { limit: String(ROWS), wait_s: String(wait_s), ...(cursor === null ? {} : { cursor }) },
        deadline_ms: DEADLINE_MS + wait_s * 1000,
        signal: link.signal,
      },
      pageSchema,
    ),
  );
