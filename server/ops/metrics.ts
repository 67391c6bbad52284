import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Verdict } from '#shared/sync/push.ts';
import type { Db } from '../db.ts';
import type { Safe } from '../sync/safe.ts';
import { databaseMetrics } from './database-metrics.ts';

/** Counts what sync does. */
export type SyncMetrics = { readonly pushed: (verdicts: readonly Verdict[]) => void };

/**
 * `/metrics` in Prometheus' text format: the process, requests by route and status, operations by verdict, the queue
 * of jobs, the months of the journal, what the archive or the replicas lack.
 */
export function addMetrics(app: FastifyInstance, db: Db, safe: Safe): SyncMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'tilldock_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30],
    registers: [registry],
  });
  const operations = new Counter({
    name: 'tilldock_operations_total',
    help: 'Operations taken from terminals',
    labelNames: ['verdict'],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
    };
    requests.observe(labels, reply.elapsedTime / 1000);
  });
  const ofDatabase = databaseMetrics(db, safe);
  app.get('/metrics', async (_request, reply) => {
    const [own, shared] = await Promise.all([registry.metrics(), ofDatabase()]);
    return reply.type(registry.contentType).send(shared === '' ? own : `${own}\n${shared}`);
  });
  return {
    pushed: (verdicts) => {
      for (const [verdict, group] of Map.groupBy(verdicts, (entry) => entry.verdict)) {
        operations.inc({ verdict }, group.length);
      }
    },
  };
}
