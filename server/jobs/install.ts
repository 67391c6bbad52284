import type pg from 'pg';
import { PgBoss } from 'pg-boss';
import { BOSS_SCHEMA } from './boss.ts';
import { MAIL_QUEUE, MAIL_QUEUE_OPTIONS } from './mail-queue.ts';

/**
 * Makes the queue's schema or brings it to this program's version, and says how each queue treats its jobs. As the
 * owner, and one process at a time: the caller holds the lock of migrations.
 */
export async function installQueues(owner: pg.Client): Promise<void> {
  const boss = new PgBoss({
    schema: BOSS_SCHEMA,
    supervise: false,
    schedule: false,
    db: { executeSql: (sql, values) => owner.query(sql, values) },
  });
  const failures: Error[] = [];
  boss.on('error', (error) => failures.push(error));
  await boss.start();
  await boss.createQueue(MAIL_QUEUE, MAIL_QUEUE_OPTIONS);
  await boss.updateQueue(MAIL_QUEUE, MAIL_QUEUE_OPTIONS);
  await boss.stop({ graceful: false, close: false });
  if (failures.length > 0) throw new AggregateError(failures, 'the queue of jobs could not be prepared');
  await owner.query(GRANTS);
}

/** What sending and working need: the rows of jobs, and the stamps by which workers share the watch. */
const GRANTS = `
  revoke all on all tables in schema ${BOSS_SCHEMA} from tilldock_app;
  grant usage on schema ${BOSS_SCHEMA} to tilldock_app;
  grant select, insert, update, delete on ${BOSS_SCHEMA}.job, ${BOSS_SCHEMA}.job_common to tilldock_app;
  grant select, update on ${BOSS_SCHEMA}.queue, ${BOSS_SCHEMA}.version to tilldock_app;
  grant select, delete on ${BOSS_SCHEMA}.job_dependency to tilldock_app;
`;
