import pg from 'pg';
import type { Db } from '../../server/db.ts';
import { realWait } from './platform.ts';
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

type Settled = { readonly rows: pg.QueryResult } | { readonly error: Error };
type Waiting = {
  readonly lease: Lease;
  readonly text: string;
  readonly outcome: Promise<Settled>;
  settled: Settled | null;
  readonly finish: (settled: Settled) => void;
};
type Lease = { readonly real: pg.Client; lost: Error | null; released: boolean };

const STATES = {
  'serialization failure': ['40001', 'could not serialize access due to concurrent update'],
  deadlock: ['40P01', 'deadlock detected'],
  'too busy': ['53300', 'too many connections'],
} as const;

/** A statement that takes longer than so many ms of real time is looked at: it may wait for a lock. */
const LOOK_AFTER_MS = 4;
/** How long the program waits for a connection, as `openPool` says. */
const CONNECT_MS = 10_000;

export async function scriptedPool(url: string, size: number, name: string): Promise<ScriptedPool> {
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  const free: pg.Client[] = [];
  for (let index = 0; index < size; index += 1) free.push(await connect());
  const witness = await connect();
  const actor = newActor(name);
  const leases = new Set<Lease>();
  const queue: ((client: pg.Client) => void)[] = [];
  let blocked: Waiting[] = [];
  let script: StatementScript | null = null;

  async function waitsForLock(lease: Lease): Promise<boolean> {
    const { rows } = await witness.query('select cardinality(pg_blocking_pids($1)) > 0 as waits', [
      pidOf(lease),
    ]);
    return rows[0]?.waits === true;
  }

  /** Waits until the statement is done, or is known to wait for a lock. */
  async function doneOrBlocked(waiting: Waiting): Promise<boolean> {
    for (;;) {
      await Promise.race([waiting.outcome, realWait(LOOK_AFTER_MS)]);
      if (waiting.settled) return true;
      if (await waitsForLock(waiting.lease)) return false;
    }
  }

  /** What became of those who waited, now that locks were given back. In the order in which they came. */
  async function lookAtBlocked(): Promise<void> {
    const looked = blocked;
    blocked = [];
    for (const waiting of looked) {
      if (!(await doneOrBlocked(waiting))) blocked.push(waiting);
      else finishSoon(waiting);
    }
  }

  /** Where all wait for each other, PostgreSQL ends one of them, after a second: the one that waited first. */
  async function breakDeadlock(): Promise<void> {
    const pids = blocked.map(({ lease }) => pidOf(lease));
    const { rows } = await witness.query<{ free: boolean }>(
      'select not pg_blocking_pids(pid) && $1::int[] as free from unnest($1::int[]) as pid',
      [pids],
    );
    if (rows.length === 0 || rows.some((row) => row.free)) return;
    script?.tell(`${name} is in a deadlock`);
    await Promise.race(blocked.map(({ outcome }) => outcome));
    await lookAtBlocked();
  }

  function finishSoon({ finish, settled, text }: Waiting): void {
    if (!settled || !script) return;
    script.tell(`${name} goes on: ${shorten(text)}`);
    script.schedule.after(0, actor, () => finish(settled));
  }

  function begin(
    lease: Lease,
    text: string,
    values: unknown[] | undefined,
    finish: Waiting['finish'],
  ): Waiting {
    const outcome: Promise<Settled> = lease.real.query(text, values).then(
      (rows) => ({ rows }),
      (error: Error) => ({ error }),
    );
    const waiting: Waiting = { lease, text, outcome, settled: null, finish };
    outcome.then((settled) => {
      waiting.settled = settled;
    });
    return waiting;
  }

  async function run(lease: Lease, text: string, values: unknown[] | undefined, finish: Waiting['finish']) {
    if (!script || lease.lost) return finish({ error: lease.lost ?? lostConnection() });
    const fault = script.fault(text);
    if (fault) script.tell(`${name} meets ${fault} at ${shorten(text)}`);
    if (fault === 'lost before') return lose(lease, finish);
    if (fault && fault !== 'lost after') {
      const [code, message] = STATES[fault];
      return finish({ error: Object.assign(new pg.DatabaseError(message, 0, 'error'), { code }) });
    }
    const waiting = begin(lease, text, values, finish);
    if (!(await doneOrBlocked(waiting))) {
      script.tell(`${name} waits: ${shorten(text)}`);
      blocked.push(waiting);
      return breakDeadlock();
    }
    if (fault === 'lost after') await lose(lease, finish);
    else if (waiting.settled) finish(waiting.settled);
    if (/^(commit|rollback)/.test(text)) await lookAtBlocked();
  }

  /** Ends a connection: the database takes back what was not committed. */
  async function lose(lease: Lease, finish: Waiting['finish'] = () => {}): Promise<void> {
    lease.lost = lostConnection();
    await lease.real.query('rollback');
    finish({ error: lease.lost });
    await lookAtBlocked();
  }

  async function cancelBlocked(): Promise<Waiting[]> {
    const cancelled = blocked.splice(0);
    for (const { lease, outcome } of cancelled) {
      await witness.query('select pg_cancel_backend($1)', [pidOf(lease)]);
      await outcome;
    }
    return cancelled;
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
    const lease: Lease = { real, lost: null, released: false };
    leases.add(lease);
    const query = (text: string, values?: unknown[]): Promise<pg.QueryResult> =>
      script
        ? new Promise((resolve, reject) => {
            const finish = (settled: Settled) =>
              'rows' in settled ? resolve(settled.rows) : reject(settled.error);
            script?.schedule.after(script.takes(), actor, () => run(lease, text, values, finish));
          })
        : real.query(text, values);
    return { query, release: () => giveBack(lease) } as unknown as pg.PoolClient;
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

  return {
    db: { connect: borrow, options: { connectionString: url } } as unknown as Db,
    actor,
    play: (next) => {
      script = next;
    },
    reset: async () => {
      await cancelBlocked();
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
        const lease: Lease = { real: client, lost: null, released: false };
        leases.add(lease);
        script?.schedule.after(ms, actor, () => giveBack(lease));
      }
    },
    crash: async () => {
      for (const waiting of await cancelBlocked()) {
        waiting.lease.lost = lostConnection();
        waiting.finish({ error: waiting.lease.lost });
      }
      for (const lease of leases) await lose(lease);
    },
    close: async () => {
      await Promise.all(
        [...free, ...[...leases].map((lease) => lease.real), witness].map((one) => one.end()),
      );
    },
  };
}

/** pg keeps the backend's number for itself. */
const pidOf = ({ real }: Lease): number => (real as unknown as { processID: number }).processID;

const lostConnection = () => new Error('Connection terminated unexpectedly');

const shorten = (text: string): string => text.trim().split(/\s+/).slice(0, 3).join(' ');
