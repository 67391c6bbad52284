import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { getRollbackPlans } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Cluster, SERVER_LOGIN, startCluster } from '../../server/embedded.ts';
import { MigrationError, migrate, newestVersion } from '../../server/migrate.ts';

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ folder: inject('centralTemplate').folder });
});
afterAll(async () => {
  await cluster?.stop();
});

/** An empty database, or a copy of the migrated one. */
async function database(
  template?: string,
): Promise<{ url: string; query: (sql: string) => Promise<object[]> }> {
  const name = `migrate_${randomBytes(6).toString('hex')}`;
  await cluster.createDatabase(name, template);
  const url = cluster.ownerUrl(name);
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return { url, query };
}
const migrated = () => database(inject('centralTemplate').database);

/** Every table, column, index, constraint, policy, function and right. */
const SHAPE = `
  select 'column' as what, attrelid::regclass::text || '.' || attname || ' ' || format_type(atttypid, atttypmod) ||
    attnotnull || coalesce(attacl::text, '') as is
  from pg_attribute join pg_class c on c.oid = attrelid
  where relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped and relname !~ '_20\\d\\d_\\d\\d'
  union all
  select 'index', pg_get_indexdef(indexrelid) from pg_index
  where indrelid::regclass::text !~ 'pg_|pgboss|_20\\d\\d_\\d\\d'
  union all
  select 'constraint', conrelid::regclass || pg_get_constraintdef(oid) from pg_constraint
  where connamespace = 'public'::regnamespace and conrelid::regclass::text !~ '_20\\d\\d_\\d\\d'
  union all
  select 'function', pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
  order by 1, 2`;

describe('migrating', () => {
  test('an empty database gives every table, and doing it again nothing', async () => {
    const { url, query } = await database();
    const applied = await migrate(url, SERVER_LOGIN);
    expect(applied).toHaveLength(await newestVersion());
    expect(await query('select max(version) as version from schema_migration')).toEqual([
      { version: await newestVersion() },
    ]);
    const shape = await query(SHAPE);
    expect(await migrate(url, SERVER_LOGIN)).toEqual([]);
    expect(await query(SHAPE)).toEqual(shape);
    expect(await (await migrated()).query(SHAPE)).toEqual(shape);
  });

  test('from several servers at once applies each step once', async () => {
    const { url, query } = await database();
    const runs = await Promise.all(Array.from({ length: 4 }, () => migrate(url, SERVER_LOGIN)));
    expect(runs.map((applied) => applied.length).sort()).toEqual([0, 0, 0, await newestVersion()]);
    expect(await query('select count(*)::integer as steps from schema_migration')).toEqual([
      { steps: await newestVersion() },
    ]);
  });

  test('brings the queue of jobs along, with the jobs in it, and says anew how they are treated', async () => {
    const { url, query } = await migrated();
    const version = await query('select version from pgboss.version');
    await query(`insert into pgboss.job (name, data) values ('mail', '{"kind": "invitation"}')`);
    await query(getRollbackPlans('pgboss'));
    expect(await query('select version from pgboss.version')).not.toEqual(version);
    await query(`update pgboss.queue set retry_limit = 0`);
    await migrate(url, SERVER_LOGIN);
    expect(await query('select version from pgboss.version')).toEqual(version);
    expect(await query('select data from pgboss.job')).toEqual([{ data: { kind: 'invitation' } }]);
    expect(await query('select retry_limit from pgboss.queue')).toEqual([{ retry_limit: 18 }]);
  });

  test('makes the journal the partitions of this month and the next three', async () => {
    const { query } = await migrated();
    const partitions = await query(
      `select relname as name from pg_class where relispartition and relkind = 'r' and relname like 'journal_2%' order by 1`,
    );
    const months = [0, 1, 2, 3].map((ahead) => {
      const now = new Date();
      const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1));
      return { name: `journal_${month.toISOString().slice(0, 7).replace('-', '_')}` };
    });
    expect(partitions).toEqual(months);
  });

  test('is refused where a step was changed after it was applied', async () => {
    const { url, query } = await migrated();
    await query("update schema_migration set checksum = 'other' where version = 2");
    await expect(migrate(url)).rejects.toThrow(MigrationError);
    await expect(migrate(url)).rejects.toThrow('0002_people.sql is not the file that was applied');
  });

  test('is refused where a newer program made the database', async () => {
    const { url, query } = await migrated();
    await query(
      `insert into schema_migration (version, name, checksum) values (${(await newestVersion()) + 1}, '9999_later.sql', 'x')`,
    );
    await expect(migrate(url)).rejects.toThrow(/newer version of Tilldock \(it has 9999_later.sql\)/);
  });

  test('leaves nothing behind of a step that fails, and goes on from there', async () => {
    const { url, query } = await database();
    await query('create table payment_type (in_the_way integer)');
    await expect(migrate(url)).rejects.toThrow(/^0004_sales\.sql failed/);
    expect(await query('select max(version) as version from schema_migration')).toEqual([{ version: 3 }]);
    expect(await query("select to_regclass('sales_day') as found")).toEqual([{ found: null }]);
    await query('drop table payment_type');
    expect(await migrate(url)).toHaveLength((await newestVersion()) - 3);
  });
});
