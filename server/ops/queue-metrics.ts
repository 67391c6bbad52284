import { setTimeout } from 'node:timers/promises';
import { Gauge, Registry } from 'prom-client';
import type { Db } from '../db.ts';
import { measureQueue } from '../jobs/measure.ts';

/** A database that answers later has other troubles; what else is measured must not wait for it. */
const PATIENCE_MS = 2_000;

/** How the queue of jobs is, as metrics: asked of the database each time, and nothing where it does not answer. */
export function queueMetrics(db: Db): () => Promise<string> {
  const registry = new Registry();
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const workers = gauge('tilldock_workers', 'Workers of the queue that were heard of within a minute');
  const heard = gauge('tilldock_worker_heard_seconds', 'Since any worker of the queue was heard of');
  const waiting = gauge('tilldock_mails_waiting', 'Mails that wait for a worker or for their next try');
  const oldest = gauge('tilldock_mail_oldest_seconds', 'Since the oldest mail that waits was asked for');
  return async () => {
    const asked = measureQueue(db).catch(() => undefined);
    const state = await Promise.race([asked, setTimeout(PATIENCE_MS, undefined, { ref: false })]);
    if (!state) return '';
    workers.set(state.workers);
    heard.set(state.last_heard_s ?? Number.NaN);
    waiting.set(state.waiting);
    oldest.set(state.oldest_s);
    return registry.metrics();
  };
}
