import { PgBoss, type Db as Statements } from 'pg-boss';
import { type Db, type Tx, withoutCompany } from '../db.ts';

/** The schema of pg-boss, which is its own: it makes and migrates it, as the owner. */
export const BOSS_SCHEMA = 'pgboss';

/**
 * What no instance of ours does beside its work: schedules are not used, and what needs the owner (migrating,
 * rebuilding indexes) is done when the server starts.
 */
const IDLE = {
  schema: BOSS_SCHEMA,
  schedule: false,
  migrate: false,
  reindex: false,
  monitorVacuum: false,
} as const;

/** pg-boss for one statement inside a transaction: what it does is done when the transaction is committed. */
export const bossIn = (tx: Tx): PgBoss =>
  new PgBoss({
    ...IDLE,
    supervise: false,
    db: { executeSql: (sql, values) => tx.client.query(sql, values) },
  });

/**
 * pg-boss for a process that works the queue. Every `WATCH_SECONDS` it looks for jobs whose worker was lost. Each of
 * its statements is a transaction of the server's role, on the server's own pool.
 */
export const bossOn = (db: Db): PgBoss =>
  new PgBoss({
    ...IDLE,
    supervise: true,
    superviseIntervalSeconds: WATCH_SECONDS,
    monitorIntervalSeconds: WATCH_SECONDS,
    // Jobs that wait for other jobs are not used.
    flowIntervalSeconds: 3600,
    db: asServer(db),
  });

const WATCH_SECONDS = 10;

const asServer = (db: Db): Statements => ({
  executeSql: (sql, values) => withoutCompany(db, (client) => client.query(sql, values)),
});
