import { createHash } from 'node:crypto';
import type pg from 'pg';
import { atTheGate, type Db } from '../db.ts';
import { Refusal } from '../problem.ts';

/** Who tries, and from where. The address need not exist: who asks learns nothing from being slowed down. */
export type Try = { readonly address: string; readonly ip: string };

/** Failures that cost no wait: of one address from one place, and of one address from anywhere. */
const FREE = { here: 5, anywhere: 20 } as const;
const FIRST_WAIT_S = 30;
const LONGEST_WAIT_S = 15 * 60;
/** Failures are forgotten after so long without another. */
const MEMORY = "interval '1 day'";
/** Each try takes at most so many forgotten failures out of the table; it makes at most two. */
const SWEEP = 10;

/**
 * Counts a try as failed, before its password is looked at: of many at once no more get through than one after the
 * other. Kept in the database, so that a restart and another server change nothing.
 * @throws 429 `too_many_attempts` with `Retry-After`, and then nothing is counted
 */
export const countTry = (db: Db, tried: Try): Promise<void> =>
  atTheGate(db, async (client) => {
    await sweep(client);
    await count(client, anywhere(tried), FREE.anywhere);
    await count(client, here(tried), FREE.here);
  });

/** The try was none of a guesser: all is forgotten. */
export const forgetTries = (db: Db, tried: Try): Promise<void> =>
  atTheGate(db, async (client) => {
    await client.query('delete from sign_in_failure where key = any($1)', [[anywhere(tried), here(tried)]]);
  });

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const anywhere = ({ address }: Try): Buffer => digest(address);
const here = ({ address, ip }: Try): Buffer => digest(`${address}\0${ip}`);

/** From when on the next try is taken; `f` is the row, `$2` how many are free. */
const NEXT_AT = `(f.last_at + case when f.failures < $2 then interval '0' else
  least(${LONGEST_WAIT_S}, ${FIRST_WAIT_S} * 2 ^ least(f.failures - $2, 10)) * interval '1 second' end)`;

async function count(client: pg.PoolClient, key: Buffer, free: number): Promise<void> {
  const counted = await client.query(
    `insert into sign_in_failure as f (key, failures, last_at) values ($1, 1, clock_timestamp())
     on conflict (key) do update set last_at = clock_timestamp(),
       failures = case when f.last_at < clock_timestamp() - ${MEMORY} then 1 else f.failures + 1 end
       where ${NEXT_AT} <= clock_timestamp()`,
    [key, free],
  );
  if (counted.rowCount === 1) return;
  const left = await client.query<{ seconds: number }>(
    `select greatest(1, ceil(extract(epoch from ${NEXT_AT} - clock_timestamp())))::integer as seconds
     from sign_in_failure f where key = $1`,
    [key, free],
  );
  throw new Refusal(429, 'too_many_attempts', 'Too many attempts; wait before the next one.', {
    retry_after_s: left.rows[0]?.seconds ?? FIRST_WAIT_S,
  });
}

const sweep = (client: pg.PoolClient): Promise<unknown> =>
  client.query(
    `delete from sign_in_failure where key in (
       select key from sign_in_failure where last_at < now() - ${MEMORY} limit ${SWEEP} for update skip locked)`,
  );
