import { sql } from '../../src-main/data/statement.ts';
import type { Cashier } from './cashier.ts';
import { terminalOf } from './invariants/ledger.ts';
import type { World } from './world.ts';

/** What there is goes to the archive; not while the centre is going to be put back to what the archive has. */
export async function archive({ saved, stage, tell }: World): Promise<void> {
  if (saved > 0) return;
  await stage.archive();
  tell('the archive has everything');
}

type Known = { safe_seq: number; acked_seq: number; epoch: number };

const KNOWN = sql<Known>('SELECT safe_seq, acked_seq, (SELECT epoch FROM terminal) AS epoch FROM sync_state');

/** Whatever a till was told is safe, a centre has that was put back from the archive. */
export async function checkRestored({ cashiers, stage, find }: World): Promise<void> {
  for (const { till } of cashiers) {
    const run = till.run();
    const known = run && KNOWN(run.files.ledger).get();
    if (!known) continue;
    const [centre] = await stage.look<{ last_seq: number }>(
      'select last_seq from terminal where terminal_id = $1 and epoch = $2',
      [terminalOf(run), known.epoch],
    );
    if (centre && known.safe_seq > centre.last_seq) {
      find(4, `${till.name}: ${known.safe_seq} is safe, and the archive has ${centre.last_seq}`);
    }
  }
}

/** Once the archive has all of it, everything that a till has told is safe, also where it has nothing more to tell. */
export async function checkSafe(
  world: World,
  tills: readonly Cashier[],
  synchronise: () => Promise<void>,
): Promise<void> {
  // The mark that waits may be of an earlier moment; the next one is of all there is.
  for (let mark = 0; mark < 2; mark += 1) {
    await archive(world);
    await synchronise();
  }
  for (const { till } of tills) {
    const run = till.run();
    const known = run && KNOWN(run.files.ledger).get();
    if (known && known.safe_seq !== known.acked_seq) {
      world.find(12, `${till.name}: ${known.safe_seq} of ${known.acked_seq} became safe`);
    }
  }
}
