import type { CompanyId } from '#shared/ids.ts';
import { Refusal } from './problem.ts';

/** Work for companies, each in its turn. */
export type Turns = {
  /**
   * Does something for a company once there is a place for it.
   * @param gone aborts when nobody waits for the outcome any more: what has not begun then never does
   * @throws 429 `too_many_requests` where too much of this company waits already, or has waited for too long
   */
  readonly take: <Outcome>(
    companyId: CompanyId,
    work: () => Promise<Outcome>,
    gone?: AbortSignal,
  ) => Promise<Outcome>;
};

type TurnLimits = {
  /** So much is worked on at once: as many as there are connections to the database. */
  readonly places: number;
  /** So much of one company waits at most. */
  readonly waiting: number;
  /** For so long (ms). */
  readonly patience_ms?: number;
};

/** Places that one company leaves to the others, so that nobody need wait until something of it has ended. */
const SPARE = 2;
/** Shorter than any deadline of a till, so that it hears that it is too much instead of nothing at all. */
const PATIENCE_MS = 10_000;

/**
 * Shares this server among the companies that want it now. A company that is alone has all of it but a few places;
 * where several wait, each has one turn after the other, however much of one of them waits. Nothing is counted over
 * time, so nobody is slowed down who takes nothing from anybody.
 */
export function newTurns({ places, waiting: most, patience_ms = PATIENCE_MS }: TurnLimits): Turns {
  const share = Math.max(1, places - SPARE);
  let taken = 0;
  const working = new Map<CompanyId, number>();
  /** Who waits, by company. The company that comes next stands first. */
  const waiting = new Map<CompanyId, Set<() => void>>();

  const isFree = (companyId: CompanyId): boolean => taken < places && (working.get(companyId) ?? 0) < share;

  function begin(companyId: CompanyId): void {
    taken += 1;
    working.set(companyId, (working.get(companyId) ?? 0) + 1);
  }

  function end(companyId: CompanyId): void {
    taken -= 1;
    const left = (working.get(companyId) ?? 0) - 1;
    if (left > 0) working.set(companyId, left);
    else working.delete(companyId);
    handOn();
  }

  /** Gives free places to those who wait. A company that got one stands last. */
  function handOn(): void {
    for (const [companyId, waiters] of waiting) {
      if (!isFree(companyId)) continue;
      waiting.delete(companyId);
      const [first] = waiters;
      if (!first) continue;
      waiters.delete(first);
      if (waiters.size > 0) waiting.set(companyId, waiters);
      begin(companyId);
      first();
    }
  }

  const wait = (companyId: CompanyId, gone: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const waiters = waiting.get(companyId) ?? new Set();
      if (waiters.size >= most || gone?.aborted) return reject(tooMany(patience_ms));
      const giveUp = () => {
        clearTimeout(timer);
        waiters.delete(goOn);
        if (waiters.size === 0) waiting.delete(companyId);
        reject(tooMany(patience_ms));
      };
      const timer = setTimeout(giveUp, patience_ms);
      const goOn = () => {
        clearTimeout(timer);
        gone?.removeEventListener('abort', giveUp);
        resolve();
      };
      gone?.addEventListener('abort', giveUp, { once: true });
      waiters.add(goOn);
      waiting.set(companyId, waiters);
    });

  return {
    take: async (companyId, work, gone) => {
      if (isFree(companyId) && !waiting.has(companyId)) begin(companyId);
      else await wait(companyId, gone);
      try {
        return await work();
      } finally {
        end(companyId);
      }
    },
  };
}

/** Those who are sent away come back at different moments, and not before what waits now has had its turn. */
const tooMany = (patience_ms: number) =>
  new Refusal(
    429,
    'too_many_requests',
    'More requests of your company wait here than can be taken at the moment. Nothing is lost; come again.',
    { retry_after_s: Math.ceil((patience_ms / 1000) * (1 + Math.random())) },
  );
