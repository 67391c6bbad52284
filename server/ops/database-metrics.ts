import { setTimeout } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';
import type { Db } from '../db.ts';
import { measureQueue } from '../jobs/measure.ts';
import { readJournalOutlook } from '../sync/journal-months.ts';
import { measureUnsafe, type Safe } from '../sync/safe.ts';

/** A database that answers later has other troubles; what else is measured must not wait for it. */
const PATIENCE_MS = 2_000;

/**
 * What is the same for all servers, as metrics: the queue of jobs, the journal's months, and what the archive or the
 * replicas lack where operations are safe only there. Asked of the database each time, and nothing where it does not answer.
 */
export function databaseMetrics(db: Db, safe: Safe): () => Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const workers = gauge('tilldock_workers', 'Workers of the queue that were heard of within a minute');
  const heard = gauge('tilldock_worker_heard_seconds', 'Since any worker of the queue was heard of');
  const waiting = gauge('tilldock_mails_waiting', 'Mails that wait for a worker or for their next try');
  const oldest = gauge('tilldock_mail_oldest_seconds', 'Since the oldest mail that waits was asked for');
  const months = gauge(
    'tilldock_journal_months_ahead',
    'Months of the journal that are made before they begin',
  );
  const rest = gauge('tilldock_journal_rest_rows', 'Rows of the journal that no month took');
  const unsafe =
    safe === 'committed'
      ? undefined
      : gauge('tilldock_unsafe_wal_bytes', 'WAL that the archive or the replicas lack');
  return async () => {
    const measured = unsafe && measureUnsafe(db, safe);
    const asked = Promise.all([measureQueue(db), readJournalOutlook(db), measured]).catch(() => undefined);
    const answer = await Promise.race([asked, setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    if (!answer) return '';
    const [queue, outlook, bytes] = answer;
    workers.set(queue.workers);
    heard.set(queue.last_heard_s ?? Number.NaN);
    waiting.set(queue.waiting);
    oldest.set(queue.oldest_s);
    months.set(outlook.months_ahead);
    rest.set(outlook.rest_rows);
    unsafe?.set(bytes ?? Number.NaN);
    return registry.metrics();
  };
}
