import pg from 'pg';
import type { CompanyId } from '#shared/ids.ts';

/** bigint columns hold money, quantities and sequence numbers below 2^53; beyond it is a bug, not a rounding. */
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint beyond 2^53: ${text}`);
  return value;
});
/** Dates stay `2026-03-01`; as a Date they would turn with the server's zone. */
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export type Db = pg.Pool;

/** An open transaction that sees one company. Every function that touches tables takes it first. */
export type Tx = { readonly client: pg.PoolClient; readonly company_id: CompanyId };

const RETRIES = 4;
/** serialization_failure and deadlock_detected: the same transaction may well succeed a moment later. */
const RETRYABLE = new Set(['40001', '40P01']);

/** A statement may take so long, in ms. */
const STATEMENT_MS = 30_000;
/** When PostgreSQL has not even told so long after that that it ended a statement, the line to it is dead. */
const SILENCE_MS = 10_000;

/**
 * A pool of connections. Statements end after 30 s, transactions that idle after 30 s. A connection that is lost
 * does not end the process: the next transaction opens another one, or fails.
 *
 * Statements that do not wait for each other's answers are sent one behind the other at once, and answered in that
 * order: PostgreSQL writes the rows of one table while those of the next are still being put together.
 */
export function openPool(url: string, size: number): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + SILENCE_MS,
    keepAlive: true,
    pipeline: true,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'tilldock',
  });
  // Unheard, a lost connection would end us. An idle one is replaced by the next who asks; of one in use, its
  // transaction is told by its next statement.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/**
 * Runs `work` in one transaction as `tilldock_app`, bound to a company: row-level security shows nothing else.
 * Role and company are set locally, so a transaction-pooling proxy may stand between. Retried when the
 * database asks for it.
 */
export async function inCompany<Value>(
  db: Db,
  companyId: CompanyId,
  work: (tx: Tx) => Promise<Value>,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inTransaction(db, `set local role tilldock_app; ${bindCompany(companyId)}`, (client) =>
        work({ client, company_id: companyId }),
      );
    } catch (error) {
      if (attempt >= RETRIES || !(RETRYABLE.has(sqlState(error) ?? '') || isPartitionNew(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50 * attempt));
    }
  }
}

/** Runs `work` as `tilldock_gate`: may look up which company a credential belongs to, and nothing more. */
export const atTheGate = <Value>(db: Db, work: (client: pg.PoolClient) => Promise<Value>): Promise<Value> =>
  inTransaction(db, 'set local role tilldock_gate', work);

/** Runs `work` as `tilldock_app` without a company: sees only what is the same for all of them. */
export const withoutCompany = <Value>(
  db: Db,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> => inTransaction(db, 'set local role tilldock_app', work);

/** Rows of a statement. */
export async function rows<Row extends pg.QueryResultRow>(
  tx: Tx,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return (await tx.client.query<Row>(sql, [...values])).rows;
}

/** in_failed_sql_transaction: said of every statement behind the one that failed. */
const FAILED_BEFORE = '25P02';

/**
 * Waits for statements of one transaction that are under way together. If one fails, for the others too, so that none
 * reaches the connection when the transaction is over; what is thrown is the failure, not what followed from it.
 */
export async function together<Works extends readonly unknown[]>(
  works: readonly [...Works],
): Promise<{ -readonly [Index in keyof Works]: Awaited<Works[Index]> }> {
  const settled = await Promise.allSettled(works);
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((error) => sqlState(error) !== FAILED_BEFORE) ?? failures[0];
  return Promise.all(works);
}

/** The SQLSTATE of a database error, or undefined for any other. */
export const sqlState = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined;

/**
 * A row was on its way to the default partition when its own was made. PostgreSQL then says `check_violation`, and names
 * no constraint: those have names.
 */
const isPartitionNew = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '23514' && error.constraint === undefined;

/** The id stands in the statement itself to save a round trip; its brand says it was checked. */
function bindCompany(companyId: CompanyId): string {
  if (!/^[0-9a-f-]{36}$/.test(companyId)) throw new Error('company id was not checked');
  return `set local tilldock.company_id = '${companyId}'`;
}

async function inTransaction<Value>(
  db: Db,
  setUp: string,
  work: (client: pg.PoolClient) => Promise<Value>,
): Promise<Value> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query(`begin; ${setUp}`);
    const value = await work(client);
    await client.query('commit');
    return value;
  } catch (error) {
    // A line that is silent has no answer to this either.
    broken = isSilence(error) ? error : await rollBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** What pg says of a statement to which there was no answer at all. */
const isSilence = (error: unknown): error is Error =>
  error instanceof Error && error.message === 'Query read timeout';

/** Undoes the transaction; a connection on which even that fails is not used again. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
