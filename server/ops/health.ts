import type { FastifyInstance } from 'fastify';
import { type Db, withoutCompany } from '../db.ts';
import { newestVersion } from '../migrate.ts';
import { isOutlookPoor, readJournalOutlook } from '../sync/journal-months.ts';

/** A database clock that differs by more than this from ours makes the server not ready: two minutes. */
const CLOCK_TOLERANCE_MS = 120_000;

/**
 * `/health`: the process answers. `/ready`: it can do its work: the database answers, has this program's
 * schema, and its clock agrees with ours. `warnings` name what does not hinder it but wants somebody to look:
 * `journal_months` where too few lie ahead, or rows lie in none.
 */
export function addHealth(app: FastifyInstance, db: Db): void {
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (request, reply) => {
    const checks = await check(db).catch((error: unknown) => {
      request.log.warn({ err: error }, 'not ready');
      return { database: false, schema: false, clock: false };
    });
    const ready = Object.values(checks).every(Boolean);
    const warnings = ready ? await warn(db) : [];
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks, warnings });
  });
}

const check = (db: Db): Promise<{ database: boolean; schema: boolean; clock: boolean }> =>
  withoutCompany(db, async (client) => {
    const found = await client.query<{ version: number; clock: Date }>(
      'select max(version) as version, clock_timestamp() as clock from schema_migration',
    );
    const row = found.rows[0];
    return {
      database: true,
      schema: row?.version === (await newestVersion()),
      clock: row !== undefined && Math.abs(row.clock.getTime() - Date.now()) < CLOCK_TOLERANCE_MS,
    };
  });

const warn = async (db: Db): Promise<string[]> =>
  isOutlookPoor(await readJournalOutlook(db)) ? ['journal_months'] : [];
