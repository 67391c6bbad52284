import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Db } from '../../server/db.ts';
import type { Locks, Settled, UnderWay } from './locks.ts';
import { type Actor, newActor, type Schedule } from './schedule.ts';

/** What befalls a statement: an error that PostgreSQL gives, or a connection lost before or after it worked. */
export type StatementFault = 'serialization failure' | 'deadlock' | 'too busy' | 'lost before' | 'lost after';

/** What a history decides about the statements of a server. */
export type StatementScript = {
  readonly schedule: Schedule;
  /** How long (ms) the next statement takes. */
  readonly takes: () => number;
  readonly fault: (text: string) => StatementFault | null;
  readonly tell: (what: string) => void;
};

/**
 * A server's pool over real connections. In a history each statement is an event of its own, so that transactions
 * interleave as the seed says; where one waits for another's lock, the others go on.
 */
export type ScriptedPool = {
  readonly db: Db;
  readonly actor: Actor;
  readonly play: (script: StatementScript) => void;
  /** Takes every connection back, whoever has it: a history is over. */
  readonly reset: () => Promise<void>;
  /** Keeps all free connections busy for so many ms. */
  readonly occupy: (ms: number) => void;
  /** Loses every connection in use, as when the server's process ends. */
  readonly crash: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A connection that somebody has. */
type Lease = {
  readonly real: pg.Client;
  /** Statements that were given, the first of which is under way: a connection answers in the order it was asked. */
  readonly statements: Statement[];
  lost: Error | null;
  released: boolean;
};
type Finish = (settled: Settled) => void;
type Statement = { readonly text: string; readonly values: unknown[] | undefined; readonly finish: Finish };

const newLease = (real: pg.Client): Lease => ({ real, statements: [], lost: null, released: false });

const STATES = {
  'serialization failure': ['40001', 'could not serialize access due to concurrent update'],
  deadlock: ['40P01', 'deadlock detected'],
  'too busy': ['53300', 'too many connections'],
} as const;

/** How long the program waits for a connection, as `openPool` says. */
const CONNECT_MS = 10_000;

export async function scriptedPool(
  url: string,
  size: number,
  name: string,
  locks: Locks,
): Promise<ScriptedPool> {
  const free: pg.Client[] = [];
  for (let index = 0; index < size; index += 1) {
    free.push(await connect(url));
  }
  const actor = newActor(name);
  const leases = new Set<Lease>();
  const queue: ((client: pg.Client) => void)[] = [];
  let script: StatementScript | null = null;

  function begin(lease: Lease, text: string, values: unknown[] | undefined, finish: Finish): UnderWay {
    const outcome: Promise<Settled> = lease.real.query(planned(text, values)).then(
      (rows) => ({ rows }),
      (error: Error) => ({ error }),
    );
    const goOn = (settled: Settled) => {
      script?.tell(`${name} goes on: ${shorten(text)}`);
      script?.schedule.after(0, actor, () => finish(settled));
    };
    const statement: UnderWay = { client: lease.real, outcome, settled: null, goOn };
    outcome.then((settled) => {
      statement.settled = settled;
    });
    return statement;
  }

  async function run(lease: Lease, text: string, values: unknown[] | undefined, finish: Finish) {
    if (!script || lease.lost) return finish({ error: lease.lost ?? lostConnection() });
    const fault = script.fault(text);
    if (fault) script.tell(`${name} meets ${fault} at ${shorten(text)}`);
    if (fault === 'lost before') return lose(lease, finish);
    if (fault && fault !== 'lost after') {
      const [code, message] = STATES[fault];
      return finish({ error: Object.assign(new pg.DatabaseError(message, 0, 'error'), { code }) });
    }
    const statement = begin(lease, text, values, finish);
    if (!(await locks.doneOrWaits(statement))) {
      script.tell(`${name} waits: ${shorten(text)}`);
      return;
    }
    if (fault === 'lost after') await lose(lease, finish);
    else if (statement.settled) finish(statement.settled);
    if (/^(commit|rollback)/.test(text)) await locks.released();
  }

  /** Lets the first statement of a connection take its time, and then the one behind it. */
  function work(lease: Lease): void {
    const [statement] = lease.statements;
    if (!statement || !script) return;
    const finish: Finish = (settled) => {
      statement.finish(settled);
      lease.statements.shift();
      work(lease);
    };
    script.schedule.after(script.takes(), actor, () => run(lease, statement.text, statement.values, finish));
  }

  /** Ends a connection: the database takes back what was not committed. */
  async function lose(lease: Lease, finish: Finish = () => {}): Promise<void> {
    lease.lost = lostConnection();
    await lease.real.query('rollback');
    finish({ error: lease.lost });
    await locks.released();
  }

  const giveBack = (lease: Lease): void => {
    if (lease.released) return;
    lease.released = true;
    leases.delete(lease);
    const next = queue.shift();
    if (next) next(lease.real);
    else free.push(lease.real);
  };

  const lend = (real: pg.Client): pg.PoolClient => {
    const lease = newLease(real);
    leases.add(lease);
    const query = (text: string, values?: unknown[]): Promise<pg.QueryResult> =>
      script
        ? new Promise((resolve, reject) => {
            const finish: Finish = (settled) =>
              'rows' in settled ? resolve(settled.rows) : reject(settled.error);
            if (lease.statements.push({ text, values, finish }) === 1) work(lease);
          })
        : real.query(planned(text, values));
    /** A connection on which something went wrong is ended, and the database takes back what it has open. */
    const end = async (): Promise<void> => {
      if (lease.released) return;
      await real.query('rollback');
      giveBack(lease);
      await locks.released();
    };
    const release = (broken?: Error): void => {
      if (broken && script) script.schedule.after(0, actor, end);
      else giveBack(lease);
    };
    return { query, release } as unknown as pg.PoolClient;
  };

  const borrow = (): Promise<pg.PoolClient> =>
    new Promise((resolve, reject) => {
      const client = free.shift();
      if (client) return resolve(lend(client));
      const take = (given: pg.Client) => {
        forget?.();
        resolve(lend(given));
      };
      queue.push(take);
      const forget = script?.schedule.after(CONNECT_MS, actor, () => {
        queue.splice(queue.indexOf(take), 1);
        script?.tell(`${name} gets no connection`);
        reject(new Error('timeout exceeded when trying to connect'));
      });
    });

  const inUse = (): Set<pg.Client> => new Set([...leases].map(({ real }) => real));

  return {
    db: { connect: borrow, options: { connectionString: url } } as unknown as Db,
    actor,
    play: (next) => {
      script = next;
    },
    reset: async () => {
      await locks.cancel(inUse());
      script = null;
      queue.length = 0;
      for (const lease of leases) {
        await lease.real.query('rollback');
        lease.lost = lostConnection();
        giveBack(lease);
      }
    },
    occupy: (ms) => {
      for (const client of free.splice(0)) {
        const lease = newLease(client);
        leases.add(lease);
        script?.schedule.after(ms, actor, () => giveBack(lease));
      }
    },
    crash: async () => {
      for (const { goOn } of await locks.cancel(inUse())) goOn({ error: lostConnection() });
      for (const lease of leases) await lose(lease);
    },
    close: async () => {
      await Promise.all([...free, ...inUse()].map((client) => client.end()));
    },
  };
}

/** A connection that plans a statement once, whatever its values are: planning costs more than the few rows do. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set plan_cache_mode = force_generic_plan');
  return client;
}

/** A statement under a name of its own, by which the connection knows it the next time. */
export function planned(text: string, values: unknown[] | undefined): pg.QueryConfig {
  if (values === undefined) return { text };
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('hex').slice(0, 40);
    names.set(text, name);
  }
  return { name, text, values };
}
const names = new Map<string, string>();

const lostConnection = () => new Error('Connection terminated unexpectedly');

const shorten = (text: string): string => text.trim().split(/\s+/).slice(0, 3).join(' ');
