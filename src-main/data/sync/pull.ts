import { nowOf } from '../clock.ts';
import { markInService, markRevoked } from '../people/terminal.ts';
import type { Till } from '../till.ts';
import { applyPage, type Page } from './apply-page.ts';
import { ServerFault } from './central-call.ts';
import { type Fetching, fetchCatalogue } from './fetch-catalogue.ts';
import { fetchPage } from './fetch-page.ts';
import type { Link } from './link.ts';
import { pullState } from './pull-state.ts';

/**
 * Fetches what is new, until the server has no more. It also tells whether this terminal is in service.
 * @param wait_s how long the server may hold its first answer until something changes
 * @throws ServerFault
 */
export async function pullAll(till: Till, link: Link, fetching: Fetching, wait_s = 0): Promise<void> {
  try {
    const { after, page } = await begin(till, link, fetching, wait_s);
    await applyAll(till, link, after, page);
  } catch (error) {
    if (isRevocation(error)) markRevoked(till.ledger, nowOf(till.clock));
    throw error;
  }
}

/** Whether the server says that this terminal was taken out of service. */
export const isRevocation = (error: unknown): boolean =>
  error instanceof ServerFault && error.problem?.code === 'terminal_revoked';

/**
 * The first page, and the cursor that it was asked for with. Where everything is to be fetched anew, a ready file comes
 * before it, if there is one.
 */
async function begin(
  till: Till,
  link: Link,
  fetching: Fetching,
  wait_s: number,
): Promise<{ after: string | null; page: Page }> {
  if (pullState(till.catalog).cursor === null) await fetchCatalogue(till, link, fetching);
  const after = pullState(till.catalog).cursor;
  const page = await fetchPage(link, after, wait_s);
  markInService(till.ledger);
  // It may be another life of the server, which lacks what it acknowledged before: it is to be asked where it stands.
  if (page.reset) link.next = null;
  if (!page.reset || after === null) return { after, page };
  // An answer that waited long may be about a catalogue that has been replaced meanwhile.
  const isOld = pullState(till.catalog).cursor !== after;
  if (!isOld && !(await fetchCatalogue(till, link, fetching))) return { after, page };
  const renewed = pullState(till.catalog).cursor;
  return { after: renewed, page: await fetchPage(link, renewed, 0) };
}

/** Applies pages; the next one is asked for before the one at hand is applied. */
async function applyAll(till: Till, link: Link, from: string | null, first: Page): Promise<void> {
  let after = from;
  let page: Page | null = first;
  while (page) {
    const here: Page = page;
    link.told = here.terminal ?? null;
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

/** Applies a page once the request for the next one is on its way. */
async function applySoon(till: Till, page: Page, after: string | null): Promise<boolean> {
  await new Promise(setImmediate);
  return applyPage(till.catalog, page, after, nowOf(till.clock));
}
