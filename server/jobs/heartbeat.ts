import { v7 as uuid } from 'uuid';
import { type Db, withoutCompany } from '../db.ts';

/** A worker says so often that it is there. */
const BEAT_MS = 10_000;
/** Rows of workers that were lost are kept so long. */
const MEMORY = "interval '1 day'";

/** The row by which others see that this process works. */
export type Heartbeat = {
  readonly worker_id: string;
  /** Notes that a job was worked on. */
  readonly worked: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** Begins to beat, and sweeps away what lost workers left. @param fail is told of a beat that did not get through */
export async function startHeartbeat(db: Db, fail: (error: unknown) => void): Promise<Heartbeat> {
  const workerId = uuid();
  const run = (sql: string, values: unknown[] = [workerId]) =>
    withoutCompany(db, (client) => client.query(sql, values));
  await run(`delete from worker_heartbeat where last_at < now() - ${MEMORY}`, []);
  await run('insert into worker_heartbeat (worker_id) values ($1)');
  const timer = setInterval(() => {
    run('update worker_heartbeat set last_at = now() where worker_id = $1').catch(fail);
  }, BEAT_MS);
  return {
    worker_id: workerId,
    worked: () =>
      run('update worker_heartbeat set last_at = now(), last_job_at = now() where worker_id = $1').then(
        nothing,
        fail,
      ),
    stop: () => {
      clearInterval(timer);
      return run('delete from worker_heartbeat where worker_id = $1').then(nothing, fail);
    },
  };
}

const nothing = () => {};
