import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { companyIdSchema, invitationIdSchema, passwordResetIdSchema } from '#shared/ids.ts';
import type { Tx } from '../db.ts';
import { bossIn } from './boss.ts';

export const MAIL_QUEUE = 'mail';

/** What a mail is about: ids only. Address, names and code are looked up or made when the mail is. */
export const mailJobSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('invitation'),
    company_id: companyIdSchema,
    invitation_id: invitationIdSchema,
  }),
  z.strictObject({
    kind: z.literal('password_reset'),
    company_id: companyIdSchema,
    reset_id: passwordResetIdSchema,
  }),
]);
export type MailJob = z.infer<typeof mailJobSchema>;

/** One try at a job. */
export type Try = {
  readonly job_id: string;
  /** No other follows when this one fails. */
  readonly is_last: boolean;
};

/** What a try came to; `obsolete`: there was nothing to do any more. Only a delayed job is tried again. */
export type Outcome = 'sent' | 'refused' | 'delayed' | 'obsolete';

/**
 * How the queue treats a mail, in seconds: tried again after half a minute, then twice as late each time up to an
 * hour, for about half a day. A worker that is not heard of for 20 s is taken for dead, and its job goes to another.
 */
export const MAIL_QUEUE_OPTIONS = {
  retryLimit: 18,
  retryDelay: 30,
  retryBackoff: true,
  retryDelayMax: 3600,
  heartbeatSeconds: 20,
  expireInSeconds: 300,
  retentionSeconds: 4 * 86_400,
  deleteAfterSeconds: 4 * 86_400,
} as const;

/** A code for a new password is good for an hour only: its mail is given up after about half of that. */
const OWN_OPTIONS = { invitation: {}, password_reset: { retryLimit: 6 } } as const;

/**
 * Queues a mail in the transaction that makes what it is about: neither is ever there without the other.
 * @returns the id of the job
 */
export async function queueMail(tx: Tx, job: MailJob): Promise<string> {
  const id = uuid();
  const queued = await bossIn(tx).send(MAIL_QUEUE, job, { ...OWN_OPTIONS[job.kind], id });
  if (queued === null) throw new Error(`the mail job ${id} was not queued`);
  return id;
}
