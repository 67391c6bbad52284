import pg from 'pg';
import { realWait } from './platform.ts';

/** What became of a statement. */
export type Settled = { readonly rows: pg.QueryResult } | { readonly error: Error };

/** A statement that PostgreSQL works on. */
export type UnderWay = {
  readonly client: pg.Client;
  readonly outcome: Promise<Settled>;
  settled: Settled | null;
  /** Called once it is done, after it had to wait. */
  readonly goOn: (settled: Settled) => void;
};

/**
 * Who waits for whose lock. PostgreSQL decides that, and how long it takes to say so is nobody's to decide: each time
 * a transaction ends, everybody who waits is looked at until it is known whether they still do.
 */
export type Locks = {
  /** Waits until the statement is done; false where it waits for somebody's lock. It then goes on by itself. */
  readonly doneOrWaits: (statement: UnderWay) => Promise<boolean>;
  /** A transaction has ended, somewhere. */
  readonly released: () => Promise<void>;
  /** Ends the statements of these connections that wait. */
  readonly cancel: (clients: ReadonlySet<pg.Client>) => Promise<UnderWay[]>;
  readonly close: () => Promise<void>;
};

/** A statement that takes longer than so many ms of real time is looked at: it may wait for a lock. */
const LOOK_AFTER_MS = 4;

export async function watchLocks(url: string): Promise<Locks> {
  const witness = new pg.Client({ connectionString: url });
  await witness.connect();
  let waiting: UnderWay[] = [];

  async function isDone(statement: UnderWay): Promise<boolean> {
    for (;;) {
      await Promise.race([statement.outcome, realWait(LOOK_AFTER_MS)]);
      if (statement.settled) return true;
      const { rows } = await witness.query<{ waits: boolean }>(
        'select cardinality(pg_blocking_pids($1)) > 0 as waits',
        [pidOf(statement.client)],
      );
      if (rows[0]?.waits) return false;
    }
  }

  /** In the order in which they came. */
  async function released(): Promise<void> {
    const looked = waiting;
    waiting = [];
    for (const statement of looked) {
      if (!(await isDone(statement))) waiting.push(statement);
      else if (statement.settled) statement.goOn(statement.settled);
    }
  }

  /** Where all wait for each other, PostgreSQL ends one of them after a second: the one that waited first. */
  async function breakDeadlock(): Promise<void> {
    const { rows } = await witness.query<{ free: boolean }>(
      'select not pg_blocking_pids(pid) && $1::int[] as free from unnest($1::int[]) as pid',
      [waiting.map(({ client }) => pidOf(client))],
    );
    if (rows.some((row) => row.free)) return;
    await Promise.race(waiting.map(({ outcome }) => outcome));
    await released();
  }

  return {
    released,
    doneOrWaits: async (statement) => {
      if (await isDone(statement)) return true;
      waiting.push(statement);
      await breakDeadlock();
      return false;
    },
    cancel: async (clients) => {
      const cancelled = waiting.filter(({ client }) => clients.has(client));
      waiting = waiting.filter(({ client }) => !clients.has(client));
      for (const { client, outcome } of cancelled) {
        await witness.query('select pg_cancel_backend($1)', [pidOf(client)]);
        await outcome;
      }
      return cancelled;
    },
    close: () => witness.end(),
  };
}

/** pg keeps the backend's number for itself. */
const pidOf = (client: pg.Client): number => (client as unknown as { processID: number }).processID;
