import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { UserId } from '#shared/ids.ts';
import { FEED_SCHEMA } from '#shared/sync/feed.ts';
import { inCompany, rows } from '../../server/db.ts';
import { FEED_ROWS } from '../../server/sync/feed-rows.ts';
import { IN_INDEX_ORDER } from '../../server/sync/pull.ts';
import { forkDataProcess } from '../../src-main/data/client.ts';
import { catalogSchema } from '../../src-main/data/open.ts';
import { wireTerminal } from '../support/wire-terminal.ts';
import type { Centre } from './centre.ts';
import { elapsed } from './measure.ts';

/** A new till in `folder` is enrolled and fetches everything, as a file where the server can make one. Rows per second. */
export async function firstPull(centre: Centre, url: string, folder: string, items: number): Promise<number> {
  const child = await forkDataProcess({ folder, autosync: false });
  const { client } = child.connect();
  const code = await centre.enrolmentCode();
  // Enrolment fetches the catalogue before it answers.
  const ms = await elapsed(async () => {
    await client.terminal.enrol({ server_url: url, code, name: 'Bench' });
    const status = await client.sync.run();
    if (status.items !== items)
      throw new Error(`${status.items} items after the pull: ${status.problem?.message}`);
  });
  child.kill('SIGTERM');
  await child.exited;
  return (items / ms) * 1000;
}

/** The same by pages alone: of a server that cannot make a file, because a file lies where it keeps them. */
export async function firstPullByPages(centre: Centre, user: UserId, items: number): Promise<number> {
  const data = join(centre.folder, 'no-files');
  const till = join(centre.folder, 'till-by-pages');
  await mkdir(data);
  await mkdir(till);
  await writeFile(join(data, 'snapshots'), '');
  const server = await centre.startServer(data);
  try {
    const terminal = await wireTerminal(server.url, await centre.enrolmentCode(), user);
    const ask = `/api/v1/sync/snapshot?feed_schema=${FEED_SCHEMA}&file_schema=${catalogSchema()}`;
    // From then on it says at once that there is none.
    while ((await terminal.send(ask)).status !== 404) await pause(100);
    return await firstPull(centre, server.url, till, items);
  } finally {
    await server.stop();
  }
}

/** How quickly PostgreSQL alone gives the same pages, in rows per second. */
export async function readPages(centre: Centre, items: number): Promise<number> {
  const ms = await elapsed(() =>
    inCompany(centre.db, centre.company.company_id, async (tx) => {
      await tx.client.query(IN_INDEX_ORDER);
      for (let after = 0; ; ) {
        const page = await rows<{ feed_seq: number }>(tx, FEED_ROWS, [
          tx.company_id,
          after,
          2000,
          centre.company.location_id,
        ]);
        if (page.length === 0) break;
        after = page.at(-1)?.feed_seq ?? 0;
      }
    }),
  );
  return (items / ms) * 1000;
}
