import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inCompany, rows } from '../../server/db.ts';
import { forkDataProcess } from '../../src-main/data/client.ts';
import { fillBacklog } from '../support/backlog.ts';
import { type Centre, openCentre } from './centre.ts';
import { fillCentre } from './fill-centre.ts';
import { goods } from './goods.ts';
import { type Described, elapsed, measure } from './measure.ts';
import { rawTickets } from './raw-tickets.ts';
import { residentOf } from './window-memory.ts';

/** Different goods that were sold: fewer than make a catalogue worth a file. */
const GOODS = 5000;
/** A process that has just started still settles, in ms. */
const SETTLED_MS = 2000;
const LOOK_EVERY_MS = 20;

/** A till that was without a network for weeks delivers what it did, and what that costs it in memory. */
export async function benchDrain(operations: number): Promise<Described[]> {
  const centre = await openCentre();
  try {
    const items = goods(GOODS);
    await fillCentre(centre, items);
    const folder = join(centre.folder, 'till');
    await enrol(centre, folder);
    fillBacklog(
      folder,
      managerOf(centre),
      items.map((item) => item.variant_id),
      { tickets: operations - 1 },
    );
    const drained = await drain(folder);
    const taken = await countTaken(centre);
    if (taken !== operations) throw new Error(`${taken} of ${operations} operations arrived`);
    const raw = await rawTickets(centre.db, centre.company.company_id, 500);
    return [
      measure(
        'drain.100000',
        'ms',
        { value: drained.ms, limit: (operations / raw) * 1000 },
        { against: 'bare INSERT … SELECT of the same rows, batches of 500', goal: '≤ 20,000 ms' },
      ),
      measure(
        'drain.memory',
        'MB',
        { value: drained.most - drained.idle, limit: drained.idle },
        { against: 'the same process at rest', goal: '≤ 80 MB above it' },
      ),
    ];
  } finally {
    await centre.close();
  }
}

function managerOf(centre: Centre) {
  const found = centre.company.people.find((person) => person.role === 'MANAGER');
  if (!found) throw new Error('no manager');
  return found.user_id;
}

async function enrol(centre: Centre, folder: string): Promise<void> {
  const child = await forkDataProcess({ folder, autosync: false });
  const { client } = child.connect();
  const code = await centre.enrolmentCode();
  await client.terminal.enrol({ server_url: centre.server.url, code, name: 'Bench' });
  await client.sync.run();
  child.kill('SIGTERM');
  await child.exited;
}

/** How long it took, and the till's memory in MB before and at its largest. */
async function drain(folder: string): Promise<{ ms: number; idle: number; most: number }> {
  const child = await forkDataProcess({ folder, autosync: false });
  const { client } = child.connect();
  await client.sync.status();
  await pause(SETTLED_MS);
  const idle = await residentOf(child.pid);
  let most = idle;
  const over = new AbortController();
  const looking = look();
  const ms = await elapsed(async () => {
    const status = await client.sync.run();
    if (status.waiting > 0 || status.quarantined > 0)
      throw new Error(`${status.waiting} still wait: ${status.problem?.message}`);
  });
  over.abort();
  await looking;
  child.kill('SIGTERM');
  await child.exited;
  return { ms, idle, most };

  async function look(): Promise<void> {
    while (!over.signal.aborted) {
      most = Math.max(most, await residentOf(child.pid));
      await pause(LOOK_EVERY_MS);
    }
  }
}

const countTaken = (centre: Centre): Promise<number> =>
  inCompany(centre.db, centre.company.company_id, async (tx) => {
    const [journal] = await rows<{ operations: number }>(tx, 'select count(*) as operations from journal');
    return journal?.operations ?? 0;
  });
