import { type Db, withoutCompany } from '../db.ts';
import { BOSS_SCHEMA } from './boss.ts';
import { MAIL_QUEUE } from './mail-queue.ts';

/** How the queue of jobs is, for all servers and workers of the database together. */
export type QueueState = {
  /** Workers that were heard of within the last minute. */
  readonly workers: number;
  /** Seconds since any worker was heard of; undefined where none was for a day. */
  readonly last_heard_s: number | undefined;
  /** Mails that wait for a worker or for their next try. */
  readonly waiting: number;
  /** Seconds since the oldest of them was asked for. */
  readonly oldest_s: number;
};

export const measureQueue = (db: Db): Promise<QueueState> =>
  withoutCompany(db, async (client) => {
    const found = await client.query<{
      workers: number;
      last_heard_s: number | null;
      waiting: number;
      oldest_s: number | null;
    }>(
      `select
         (select count(*) from worker_heartbeat where last_at > now() - interval '1 minute') as workers,
         (select extract(epoch from now() - max(last_at))::float8 from worker_heartbeat) as last_heard_s,
         count(*) as waiting, extract(epoch from now() - min(created_on))::float8 as oldest_s
       from ${BOSS_SCHEMA}.job_common where name = $1 and state < 'active'`,
      [MAIL_QUEUE],
    );
    const [row] = found.rows;
    return {
      workers: row?.workers ?? 0,
      last_heard_s: row?.last_heard_s ?? undefined,
      waiting: row?.waiting ?? 0,
      oldest_s: row?.oldest_s ?? 0,
    };
  });
