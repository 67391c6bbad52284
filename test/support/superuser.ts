import pg from 'pg';
import type { Cluster } from '../../server/embedded.ts';

/** Runs a statement in one of our clusters as its superuser. */
export async function asSuperuser(
  cluster: Cluster,
  sql: string,
  database = 'postgres',
): Promise<Record<string, unknown>[]> {
  const url = new URL(cluster.ownerUrl(database));
  url.username = 'postgres';
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
