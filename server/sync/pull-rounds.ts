import type { CompanyId } from '#shared/ids.ts';
import type { Db } from '../db.ts';
import type { TerminalIdentity } from '../people/terminal-token.ts';
import { Refusal } from '../problem.ts';
import type { Turns } from '../turns.ts';
import { type PullAnswer, type PullQuery, pullTogether } from './pull.ts';

/** Answers terminals that wait for news, those of a company together. */
export type PullRounds = {
  readonly ask: (identity: TerminalIdentity, query: PullQuery) => Promise<PullAnswer>;
};

type Waiter = {
  readonly identity: TerminalIdentity;
  readonly query: PullQuery;
  readonly resolve: (answer: PullAnswer) => void;
  readonly reject: (error: unknown) => void;
};

/** Answers of one round at most. Each round has a turn of its company, which may have many pushes that wait for theirs. */
const AT_ONCE = 1000;

/**
 * A price wakes every terminal of a company in the same moment, and all of them want the same page. Whoever asks while a
 * round is under way is in the next one: the more ask, the less each costs (docs/scaling.md), and however many there are,
 * they use one connection to the database.
 */
export function newPullRounds(db: Db, turns: Turns): PullRounds {
  const waiting = new Map<CompanyId, Waiter[]>();

  async function workOff(companyId: CompanyId, waiters: Waiter[]): Promise<void> {
    while (waiters.length > 0) {
      const here = waiters.splice(0, AT_ONCE);
      try {
        const answers = await turns.take(companyId, () => pullTogether(db, companyId, here));
        waiters.unshift(...here.splice(answers.length));
        settle(here, answers);
      } catch (error) {
        for (const { reject } of here) reject(error);
      }
    }
    waiting.delete(companyId);
  }

  return {
    ask: (identity, query) =>
      new Promise((resolve, reject) => {
        const waiter = { identity, query, resolve, reject };
        const others = waiting.get(identity.company_id);
        if (others) {
          others.push(waiter);
          return;
        }
        const first = [waiter];
        waiting.set(identity.company_id, first);
        // Those whose requests came with the same breath of the network are of the same round.
        setImmediate(() => workOff(identity.company_id, first));
      }),
  };
}

function settle(waiters: readonly Waiter[], answers: readonly (PullAnswer | Refusal)[]): void {
  for (const [place, { resolve, reject }] of waiters.entries()) {
    const answer = answers[place];
    if (answer === undefined || answer instanceof Refusal) reject(answer);
    else resolve(answer);
  }
}
