import { central } from '#shared/contract/central.ts';
import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { type Page, pageSchema } from './apply-page.ts';
import { callCentral } from './central-call.ts';
import { type Link, withToken } from './link.ts';

/** Rows per page: applied in about 20 ms, during which a scan waits. */
const ROWS = 2000;
/** One page, in ms, beside what the server was asked to wait. */
const DEADLINE_MS = 30_000;

/**
 * Asks for the changes after a cursor; null for a first pull.
 * @param wait_s how long the server may hold its answer until something changes
 * @throws ServerFault
 */
export const fetchPage = (link: Link, cursor: string | null, wait_s: number): Promise<Page> =>
  withToken(link, (headers) =>
    callCentral(
      central.sync.pull,
      {
        server_url: link.terminal.server_url,
        headers,
        query: {
          feed_schema: String(FEED_SCHEMA),
          limit: String(ROWS),
          wait_s: String(wait_s),
          ...(cursor === null ? {} : { cursor }),
        },
        deadline_ms: DEADLINE_MS + wait_s * 1000,
        signal: link.signal,
      },
      pageSchema,
    ),
  );
