import pg from 'pg';
import type { CompanyId } from '#shared/ids.ts';
import { type Db, inCompany } from '../db.ts';
import { audit } from '../ops/audit.ts';

/**
 * Tells everybody that this database was put back to an earlier moment: terminals see at their next call that it is
 * another life of the server, send again what it lost, and fetch their catalogues anew. Recorded for each company.
 * @param ownerUrl the login that owns the schema: the server itself may not say so
 * @returns the new epoch
 */
export async function beginAnew(db: Db, ownerUrl: string, companies: readonly CompanyId[]): Promise<string> {
  const { before, after } = await replaceEpoch(ownerUrl);
  for (const company of companies) {
    await inCompany(db, company, (tx) =>
      audit(tx, null, {
        action: 'server.restored',
        entity: 'server_epoch',
        key: after,
        before: { epoch: before },
        after: { epoch: after },
      }),
    );
  }
  return after;
}

async function replaceEpoch(ownerUrl: string): Promise<{ before: string; after: string }> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'tilldock-restored' });
  await client.connect();
  try {
    const { rows } = await client.query<{ before: string; after: string }>(
      `update server_epoch set epoch = gen_random_uuid(), since = now()
       from (select epoch as before from server_epoch for update) was
       returning was.before, epoch as after`,
    );
    const [epoch] = rows;
    if (!epoch) throw new Error('server_epoch has no row');
    return epoch;
  } finally {
    await client.end();
  }
}
