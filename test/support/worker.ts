import pg from 'pg';
import { pino } from 'pino';
import { startWork, type Worker } from '../../server/jobs/work.ts';
import type { Post } from '../../server/mail/post.ts';
import { smtpPost } from '../../server/mail/smtp-post.ts';
import type { TestCentral } from './central.ts';
import type { Mailbox } from './mailbox.ts';

/** Who the mails of the tests come from. */
export const MAIL_FROM = 'no-reply@tilldock.example';

/**
 * A worker of the queue in this process, handing mails to a mail server of the tests.
 * @param log gets every line of its log
 */
export const testWorker = (
  central: TestCentral,
  to: Mailbox | Post,
  log: (line: string) => void = () => {},
): Promise<Worker> =>
  startWork({
    db: central.db,
    post: typeof to === 'function' ? to : smtpPost(to.url, MAIL_FROM),
    log: pino({ level: 'trace' }, { write: log }),
  });

/** Lets what is queued from now on be tried again after a second, and a worker be missed after some. */
export async function hastenQueue(central: TestCentral, retries = 5): Promise<void> {
  const owner = new pg.Client({ connectionString: central.ownerUrl });
  await owner.connect();
  try {
    await owner.query(
      'update pgboss.queue set retry_delay = 1, retry_backoff = false, retry_limit = $1, heartbeat_seconds = 4',
      [retries],
    );
  } finally {
    await owner.end();
  }
}
