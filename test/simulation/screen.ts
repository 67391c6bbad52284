import { ORPCError } from '@orpc/server';
import type { Database } from 'better-sqlite3';
import type { Random } from '../../demo/random.ts';
import { between } from './chance.ts';
import type { Find } from './invariants/names.ts';
import { newWatch } from './invariants/positions.ts';
import { type Actor, newActor, type Schedule } from './schedule.ts';
import type { Run, SimTill } from './till.ts';

/** What a till said to a call: done, or refused with a code. */
export type Answered<Value> = { ok: true; value: Value } | { ok: false; code: string };

/** A screen in front of a till, and the hands before it. */
export type Screen = {
  /** One call over the contract. Where no answer comes, the same call is made again once the till is back. */
  readonly call: <Value>(
    what: string,
    make: (client: Run['client']) => Promise<Value>,
  ) => Promise<Answered<Value>>;
  readonly pause: (ms: number) => Promise<void>;
  /** How quickly this person is, from here on. */
  readonly setPace: (random: Random) => void;
  /** Looks how far the till knows that the centre has its operations. */
  readonly look: () => void;
  /** Lets go of where the till was. */
  readonly forget: () => void;
};

type Setting = {
  readonly till: SimTill;
  readonly schedule: Schedule;
  readonly tell: (what: string) => void;
  readonly find: Find;
};

export function newScreen({ till, schedule, tell, find }: Setting): Screen {
  const person: Actor = newActor(`cashier of ${till.name}`);
  const positions = newWatch(till.name, find);
  let random: Random = Math.random;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      schedule.after(ms, person, () => resolve());
    });

  /** Makes the call in the name of the till's process, which may end before it answers. */
  function ask<Value>(run: Run, what: string, make: () => Promise<Value>): Promise<Answered<Value>> {
    return new Promise((resolve) => {
      schedule.after(between(random, 1, 40), run.actor, () => {
        const before = run.disk.isArmed() ? contentOf(run.files.ledger) : null;
        make().then(
          (value) => {
            positions.look(run);
            resolve({ ok: true, value });
          },
          (error: unknown) => {
            if (!run.actor.alive) return;
            const code = codeOf(error);
            if (code === null) find('unforeseen', `${till.name} ${what}: ${String(error)}`);
            else if (before !== null && before !== contentOf(run.files.ledger)) {
              find('refusals', `${till.name} ${what}: ${code}, and the ledger is another`);
            }
            resolve({ ok: false, code: code ?? 'failed' });
          },
        );
      });
    });
  }

  return {
    pause,
    look: () => {
      const run = till.run();
      if (run) positions.look(run);
    },
    forget: positions.forget,
    setPace: (next) => {
      random = next;
    },
    call: async (what, make) => {
      for (;;) {
        const run = till.run();
        if (!run) {
          await pause(100);
          continue;
        }
        const outcome = await Promise.race([
          run.died.then(() => null),
          ask(run, what, () => make(run.client)),
        ]);
        tell(`${till.name} ${what}: ${outcome === null ? 'no answer' : outcome.ok ? 'done' : outcome.code}`);
        if (outcome) return outcome;
      }
    },
  };
}

const codeOf = (error: unknown): string | null =>
  error instanceof ORPCError && error.code === 'REFUSED' ? (error.data as { code: string }).code : null;

/** Everything in a ledger that a command may change, as one text. */
const contentOf = (ledger: Database): string =>
  JSON.stringify(
    ['operation', 'cart', 'cart_line', 'day', 'ticket', 'stock_move', 'stock_level', 'adjustment'].map(
      (table) => ledger.prepare(`SELECT * FROM ${table}`).raw().all(),
    ),
  );
