import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { canonicalJson } from '#shared/sync/canonical.ts';
import { inCompany, rows } from '../../server/db.ts';
import { forkDataProcess } from '../../src-main/data/client.ts';
import { fillBacklog } from '../support/backlog.ts';
import { shift } from '../support/tickets.ts';
import { type WireTerminal, wireTerminal } from '../support/wire-terminal.ts';
import { type Centre, importItems, openCentre } from './centre.ts';
import { firstPull, firstPullByPages, readPages } from './first-pull.ts';
import { goods } from './goods.ts';
import { type Described, elapsed, measure } from './measure.ts';
import { rawTickets } from './raw-tickets.ts';

const BACKLOG = 10_000;
const TERMINALS = 50;
const TICKETS_EACH = 100;

/** Sync with real processes: import, first pull, a backlog of tickets, and many tills at once. */
export async function benchSync(items: number): Promise<Described[]> {
  const centre = await openCentre();
  try {
    const made = goods(items);
    const imported = await importItems(centre, made);
    const folder = join(centre.folder, 'till');
    const pulled = await firstPull(centre, centre.server.url, folder, items);
    const byPages = await firstPullByPages(centre, manager(centre), items);
    const read = await readPages(centre, items);
    const backlog = await pushBacklog(centre, folder);
    const many = await pushFromMany(centre);
    return [
      measure(
        'import',
        'rows/s',
        { value: items / imported, limit: pulled },
        { against: 'the first pull of the same rows', goal: '398,975 rows in 60 s' },
      ),
      measure(
        'pull.end_to_end',
        'rows/s',
        { value: pulled, limit: read },
        { against: 'PostgreSQL reading the same pages', goal: '100,000 rows/s' },
      ),
      measure(
        'pull.pages',
        'rows/s',
        { value: byPages, limit: read },
        { against: 'PostgreSQL reading the same pages', goal: '100,000 rows/s' },
      ),
      measure('push.backlog', 'tickets/s', backlog, {
        against: 'bare INSERT … SELECT of the same rows, batches of 500',
        goal: '9,000 tickets/s',
      }),
      measure('push.50_terminals', 'tickets/s', many, {
        against: 'bare INSERT … SELECT of the same rows, batches of 5,000',
        goal: '6,000 tickets/s',
      }),
    ];
  } finally {
    await centre.close();
  }
}

const manager = (centre: Centre) => {
  const found = centre.company.people.find((person) => person.role === 'MANAGER');
  if (!found) throw new Error('no manager');
  return found.user_id;
};

async function pushBacklog(centre: Centre, folder: string): Promise<{ value: number; limit: number }> {
  const variants = await someVariants(centre);
  fillBacklog(folder, manager(centre), variants, { tickets: BACKLOG });
  const child = await forkDataProcess({ folder, autosync: false });
  const { client } = child.connect();
  const ms = await elapsed(async () => {
    const status = await client.sync.run();
    if (status.waiting > 0 || status.quarantined > 0)
      throw new Error(`the backlog stayed: ${status.problem?.message}`);
  });
  child.kill('SIGTERM');
  await child.exited;
  return { value: (BACKLOG / ms) * 1000, limit: await rawTickets(centre.db, centre.company.company_id, 500) };
}

async function pushFromMany(centre: Centre): Promise<{ value: number; limit: number }> {
  const variants = await someVariants(centre);
  const user = manager(centre);
  const terminals = await Promise.all(
    Array.from({ length: TERMINALS }, async () =>
      wireTerminal(centre.server.url, await centre.enrolmentCode(), user),
    ),
  );
  const bodies = terminals.map((terminal, place) => ({
    terminal,
    body: packed(terminal, user, variants, place),
  }));
  const ms = await elapsed(() =>
    Promise.all(
      bodies.map(async ({ terminal, body }) => {
        const headers = { 'content-type': 'application/json', 'content-encoding': 'zstd' };
        const answer = await terminal.send('/api/v1/sync/push', { method: 'POST', headers, body });
        if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      }),
    ),
  );
  return {
    value: ((TERMINALS * TICKETS_EACH) / ms) * 1000,
    limit: await rawTickets(centre.db, centre.company.company_id, 5000),
  };
}

function packed(
  terminal: WireTerminal,
  user: ReturnType<typeof manager>,
  variants: readonly string[],
  place: number,
): Uint8Array<ArrayBuffer> {
  const day = shift(terminal.enrolment, user);
  const operations = [terminal.record('day.opened', day.opened)];
  for (let index = 0; index < TICKETS_EACH; index += 1) {
    const lines = [0, 1, 2, 3].map((line) => ({
      variant_id: variants[(place * 7919 + index * 31 + line * 977) % variants.length] ?? '',
    }));
    operations.push(terminal.record('ticket.completed', day.ticket({ lines })));
  }
  const head = operations[0];
  const nonce = terminal.nonce();
  const batch = { protocol: 1, epoch: 1, from_seq: 1, prev_hash: head?.prev_hash, nonce, operations };
  return new Uint8Array(zstdCompressSync(canonicalJson(batch)));
}

const someVariants = (centre: Centre): Promise<string[]> =>
  inCompany(centre.db, centre.company.company_id, async (tx) =>
    (
      await rows<{ variant_id: string }>(tx, 'select variant_id from variant order by variant_id limit 5000')
    ).map((row) => row.variant_id),
  );
