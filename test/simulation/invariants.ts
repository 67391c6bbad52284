import type { Cashier } from './cashier.ts';
import type { Stage } from './history.ts';
import type { Shop } from './shop.ts';

/** What does not hold although it must. */
export type Violation = { readonly invariant: string; readonly what: string };

type Setting = {
  readonly look: Stage['look'];
  readonly shops: readonly Shop[];
  readonly cashiers: readonly Cashier[];
};

export async function checkHistory({ look, cashiers }: Setting): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const { till } of cashiers) {
    const run = till.run();
    if (!run) continue;
    const ledger = run.opened.till.ledger;
    const ops = ledger.prepare('SELECT seq, hash FROM operation ORDER BY seq').all() as {
      seq: number;
      hash: string;
    }[];
    const { terminal_id } = ledger.prepare('SELECT terminal_id FROM terminal').get() as {
      terminal_id: string;
    };
    const journal = await look<{ seq: number; hash: string }>(
      'select seq::int, hash from journal where terminal_id = $1 order by seq',
      [terminal_id],
    );
    if (JSON.stringify(ops) !== JSON.stringify(journal)) {
      violations.push({
        invariant: '1',
        what: `${till.name}: ${ops.length} operations, ${journal.length} in the journal`,
      });
    }
  }
  return violations;
}
