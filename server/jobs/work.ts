import type { FastifyBaseLogger } from 'fastify';
import type { JobWithMetadata } from 'pg-boss';
import type { Db } from '../db.ts';
import type { Post } from '../mail/post.ts';
import { mailInvitation } from '../people/mail-invitation.ts';
import { mailPasswordReset } from '../people/mail-password-reset.ts';
import { bossOn } from './boss.ts';
import { startHeartbeat } from './heartbeat.ts';
import { MAIL_QUEUE, type MailJob, mailJobSchema, type Outcome, type Try } from './mail-queue.ts';
import { startMonthKeeper } from './month-keeper.ts';

type Tools = {
  readonly db: Db;
  readonly post: Post;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
};

/** So many mails are under way at once, in each process. */
const AT_ONCE = 4;
/** How often the queue is looked at. */
const LOOK_SECONDS = 2;
/** When a process ends, a mail that is under way has so long; then another worker sends it again. */
const PATIENCE_MS = 8_000;

export type Worker = { readonly stop: () => Promise<void> };

/**
 * Works the queue of jobs until it is stopped, and keeps the journal's months made ahead. Any number of processes may: each job is one worker's at a time, and
 * the job of one that dies goes to another.
 */
export async function startWork({ db, post, log }: Tools): Promise<Worker> {
  const months = startMonthKeeper(db, {
    tell: (made) => log.info({ made }, 'partitions of the journal were made'),
    fail: (err) => log.error({ err }, 'the months of the journal could not be made'),
  });
  const boss = bossOn(db);
  boss.on('error', (err) => log.error({ err }, 'the queue of jobs cannot be worked'));
  boss.on('warning', ({ message }) => log.warn(message));
  await boss.start();
  const heartbeat = await startHeartbeat(db, (err) => log.error({ err }, 'the heartbeat was not written'));
  const careful: Post = async (letter) => {
    try {
      return await post(letter);
    } catch (err) {
      log.error({ err }, 'a mail could not be handed over');
      return { state: 'delayed', reason: 'The mail could not be handed over.' };
    }
  };
  const work = async ([job]: JobWithMetadata<MailJob>[]) => {
    if (!job) return;
    await tryMail({ db, post: careful, log }, job);
    await heartbeat.worked();
  };
  const options = {
    pollingIntervalSeconds: LOOK_SECONDS,
    localConcurrency: AT_ONCE,
    includeMetadata: true,
  } as const;
  await boss.work<MailJob, void, typeof options>(MAIL_QUEUE, options, work);
  log.info({ worker_id: heartbeat.worker_id }, 'working the queue of jobs');
  return {
    stop: async () => {
      await boss.stop({ timeout: PATIENCE_MS, close: false });
      await Promise.all([heartbeat.stop(), months.stop()]);
    },
  };
}

/** Fails in the same words whatever the cause: those are kept with the job, and the cause may name somebody. */
async function tryMail({ db, post, log }: Tools, job: JobWithMetadata<MailJob>): Promise<void> {
  const about = { job_id: job.id, retry: job.retryCount, job: job.data };
  const outcome = await mail(db, post, job).catch((err: unknown) => {
    log.error({ ...about, err }, 'a mail could not be worked on');
    throw new Error('could not be worked on; the log says why');
  });
  log[outcome === 'delayed' || outcome === 'refused' ? 'warn' : 'info'](about, `mail: ${outcome}`);
  if (outcome === 'delayed') throw new Error('delayed');
}

async function mail(db: Db, post: Post, job: JobWithMetadata<MailJob>): Promise<Outcome> {
  const data = mailJobSchema.parse(job.data);
  const attempt: Try = { job_id: job.id, is_last: job.retryCount >= job.retryLimit };
  switch (data.kind) {
    case 'invitation':
      return mailInvitation(db, post, attempt, data);
    case 'password_reset':
      return mailPasswordReset(db, post, attempt, data);
  }
}
