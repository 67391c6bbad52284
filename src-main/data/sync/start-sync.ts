import type { SyncProblem, SyncStatus } from '#shared/contract/till.ts';
import { requireTerminal, terminalOf } from '../people/terminal.ts';
import { refused } from '../refusal.ts';
import type { Till } from '../till.ts';
import { hashUpTo } from './agree.ts';
import { backOff, LONGEST_ASKED_MS } from './back-off.ts';
import { type Bell, newBell } from './bell.ts';
import { ServerFault } from './central-call.ts';
import type { Comparison } from './compare-tables.ts';
import { newComparisons } from './comparisons.ts';
import { type Enrolment, enrol } from './enrol.ts';
import { enrolAgain } from './enrol-again.ts';
import { isDiskFull, newFetching } from './fetch-catalogue.ts';
import { type Link, newLink } from './link.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { newPruning } from './pruning.ts';
import { isRevocation, pullAll } from './pull.ts';
import { pullState } from './pull-state.ts';
import { pushAll } from './push.ts';
import { reportBranch } from './report-branch.ts';
import { halt, SyncStopped, standstillOf, toldBy } from './standstill.ts';
import { type SyncMonitor, syncStatus } from './status.ts';
import { syncPosition, unsentCount } from './sync-state.ts';
import { isStranger } from './unknown-operations.ts';

/** The sync of one till. It never stands in the way of a sale: all its waiting is its own. */
export type Sync = {
  status(): SyncStatus;
  /** Sends what waits and fetches what is new, now; settles when that is done or has failed. */
  run(): Promise<SyncStatus>;
  /** Compares the catalogue with the server's, now; one that differs is fetched anew before this settles. */
  compare(): Promise<{ outcome: Comparison; status: SyncStatus }>;
  enrol(asked: Enrolment): Promise<void>;
  /** Goes on with a manager's code, where this till may not go on as it is. */
  enrolAgain(code: string): Promise<void>;
  /** Tells that there may be something to send. */
  wake(): void;
  /** Ends every request and every wait. */
  stop(): Promise<void>;
};

/** How long the server may hold a pull until there is news, in s: the contract's largest. */
const LONG_POLL_S = 25;

/**
 * How long the server is not asked again, in ms, how far its backups cover what it acknowledged, while that is less: a
 * push tells no more than what was found when it was asked last. What is safe goes after 35 days.
 */
const ASK_SAFE_MS = 15 * 60_000;

/** Up or down: each has its own job, its own problem and its own waiting. */
type Way = 'push' | 'pull';

/**
 * Starts the sync of a till.
 * @param autosync also runs it in the background: operations go as they are made, changes come as they happen
 * @param catalogProblem what was wrong with the catalogue's file, to be shown until it is filled again
 */
export function startSync(
  till: Till,
  folder: string,
  { autosync, catalogProblem }: { autosync: boolean; catalogProblem: string | null },
): Sync {
  const ending = new AbortController();
  const { signal } = ending;
  const monitor: SyncMonitor = { push: null, pull: null, catalog: catalogProblem, active: 0, fetch: null };
  const fetching = newFetching(folder, (progress) => {
    monitor.fetch = progress;
    if (progress) begun.resolve();
  });
  /** Settles when a whole catalogue begins to come, which takes long. */
  let begun = Promise.withResolvers<void>();
  /** There is something to do. */
  const work: Record<Way, Bell> = { push: newBell(), pull: newBell() };
  /** The server answered the other way, so it is worth trying at once. */
  const retry: Record<Way, Bell> = { push: newBell(), pull: newBell() };
  let link: Link | null = null;
  const linked = (): Link => {
    link ??= newLink(till, folder, requireTerminal(till), signal);
    return link;
  };

  /** A failure, or that the till stands still, where it tells of another copy. */
  function heard(error: unknown): unknown {
    const told = toldBy(error);
    // To one out of service the feed does not tell that the server was restored, so it asks.
    if (link && (told || isRevocation(error))) link.next = null;
    return told ? halt(till, told) : error;
  }

  /** Runs a job and keeps what went wrong with it for the screen. */
  async function watched(way: Way, job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      const cause = heard(error);
      if (!signal.aborted) monitor[way] = problemOf(till, cause);
      throw cause;
    } finally {
      if (link?.next === null) work.push.ring();
    }
    const other = way === 'push' ? 'pull' : 'push';
    if (monitor[way] !== null || monitor[other]?.kind === 'unreachable') retry[other].nudge();
    monitor[way] = null;
    if (way === 'pull' && !pullState(till.catalog).refilling) monitor.catalog = null;
  }

  async function active(job: () => Promise<void>): Promise<void> {
    monitor.active += 1;
    try {
      await job();
    } finally {
      monitor.active -= 1;
    }
  }

  /** Sends what waits; a till that stands still tells why instead, and sees whether it may go on. */
  async function deliver(): Promise<void> {
    const here = linked();
    if (standstillOf(till.ledger)) {
      await reportBranch(till, here);
      here.next = null;
    }
    try {
      await pushAll(till, here);
    } catch (error) {
      const cause = heard(error);
      if (cause instanceof SyncStopped) await reportBranch(till, here);
      throw cause;
    }
  }

  /** Fetches what is new, and hears whether the server stands where it stood. */
  async function fetchNews(wait_s?: number): Promise<void> {
    const here = linked();
    await pullAll(till, here, fetching, wait_s);
    const { acked_seq, safe_seq, verdict_changes } = syncPosition(till.ledger);
    const { told } = here;
    if (safe_seq < acked_seq && till.clock.monotonicMs() - here.agreed_ms >= ASK_SAFE_MS) here.next = null;
    const isElsewhere =
      told &&
      (told.acked_seq !== acked_seq ||
        told.verdict_changes !== verdict_changes ||
        (told.last_hash !== undefined && told.last_hash !== hashUpTo(till, acked_seq)));
    if (isElsewhere) here.next = null;
  }

  const push = oneAtATime(() => active(() => watched('push', deliver)));
  const pull = oneAtATime(() => active(() => watched('pull', fetchNews)));
  const waitForNews = () => watched('pull', () => fetchNews(LONG_POLL_S));

  /** Tries with growing waits until the job is done. A sale does not shorten them; a stopped sync only waits. */
  async function untilDone(way: Way, job: () => Promise<void>): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        return await job();
      } catch (error) {
        const asked = Math.min(error instanceof ServerFault ? error.retry_after_ms : 0, LONGEST_ASKED_MS);
        // For as long as the server asked it is left alone, whatever else it answers.
        await newBell().sleep(asked, signal);
        await retry[way].sleep(Math.max(0, backOff(failures) - asked), signal);
      }
    }
  }

  const prune = newPruning(till, signal);
  const comparisons = newComparisons(till, linked, pull, () => {
    monitor.catalog = DIFFERED;
  });

  /** Whether there is something to send, or the server is to be asked where it stands. */
  function isPushDue(): boolean {
    if (terminalOf(till) === null) return false;
    return unsentCount(till.ledger) > 0 || (link?.next ?? null) === null;
  }

  async function pushForEver(): Promise<void> {
    while (!signal.aborted) {
      if (isPushDue()) await untilDone('push', push);
      else await work.push.sleep(Number.POSITIVE_INFINITY, signal);
    }
  }

  async function pullForEver(): Promise<void> {
    let current = false;
    while (!signal.aborted) {
      if (terminalOf(till) === null) {
        await work.pull.sleep(Number.POSITIVE_INFINITY, signal);
      } else {
        // After a failure it asks without waiting, so that it is known at once that the server is back.
        await untilDone('pull', () => (current && monitor.pull === null ? waitForNews() : pull()));
        current = true;
        await comparisons.whenDue();
        await prune();
      }
    }
  }

  const loops = autosync ? [pushForEver(), pullForEver()] : [];
  return {
    status: () => syncStatus(till, monitor),
    run: async () => {
      // Whoever asks wants to know: the server is asked where it stands, also where nothing waits.
      linked().next = null;
      await Promise.allSettled([push(), pull()]);
      return syncStatus(till, monitor);
    },
    compare: async () => {
      requireTerminal(till);
      let outcome: Comparison = 'not_now';
      await active(() =>
        watched('pull', async () => {
          outcome = await comparisons.now();
        }),
      ).catch(() => {});
      return { outcome, status: syncStatus(till, monitor) };
    },
    enrol: async (asked) => {
      await enrol(till, folder, asked, signal);
      work.push.ring();
      // People must be known before anybody can sign in. What fails here stands in the status and is tried again; what
      // takes long goes on behind the answer, and the screen shows how far it is.
      begun = Promise.withResolvers<void>();
      await Promise.race([Promise.allSettled([pull()]), begun.promise]);
      work.pull.ring();
    },
    enrolAgain: async (code) => {
      if (!syncStatus(till, monitor).may_enrol_again) {
        throw refused('already_enrolled', 'This till is enrolled and needs no code.');
      }
      await enrolAgain(till, folder, linked(), code);
      link = null;
      monitor.push = null;
      monitor.pull = null;
      for (const way of ['push', 'pull'] as const) {
        work[way].ring();
        retry[way].nudge();
      }
    },
    wake: () => work.push.ring(),
    stop: async () => {
      ending.abort();
      await Promise.allSettled(loops);
    },
  };
}

const REVOKED =
  'The office took this till out of service. What was done here is still sent; nothing new comes.';

const OUTDATED =
  'The server has a newer version than this till, which hears of no new prices and people until it is updated. Selling goes on, and what was done is sent.';

const DIFFERED =
  'The list of items was not what the server has, and is being fetched again. Sales made here are not affected.';
const DISK_FULL = 'The disk of this till is full, so nothing new can be fetched. Free some space.';
const UNFORESEEN = 'Synchronising failed for a reason that was written to the log. Selling goes on.';
const STRANGER =
  'The server does not know this till: it was put back to a moment before the till was enrolled. A manager must make a code with which this till is enrolled again.';

/** What went wrong, for the person at the till. What nobody foresaw is logged as it is. */
function problemOf(till: Till, error: unknown): SyncProblem {
  if (isRevocation(error)) return { kind: 'revoked', message: REVOKED };
  if (error instanceof ServerFault && error.problem?.code === 'terminal_too_old') {
    return { kind: 'outdated', message: OUTDATED };
  }
  if (isStranger(error)) return { kind: 'stopped', message: STRANGER };
  if (error instanceof ServerFault) return { kind: error.kind, message: error.message };
  if (error instanceof SyncStopped) return { kind: 'stopped', message: error.message };
  till.log.error({ err: error }, 'sync failed');
  return { kind: 'fault', message: isDiskFull(error) ? DISK_FULL : UNFORESEEN };
}
