import { inCompany, rows, type Tx } from '../../server/db.ts';
import type { OfficeChange } from './plan.ts';
import type { ScriptedPool } from './pool.ts';
import type { Schedule } from './schedule.ts';
import type { Shop } from './shop.ts';

type Setting = {
  readonly schedule: Schedule;
  readonly pool: ScriptedPool;
  readonly tell: (what: string) => void;
};

/** A person in the office changes something; what fails is given up, as a person does. */
export function change({ schedule, pool, tell }: Setting, shop: Shop, asked: OfficeChange): void {
  schedule.after(0, pool.actor, () => {
    inCompany(pool.db, shop.company_id, async (tx) => {
      await make(tx, shop, asked);
      await new Promise((resolve) => setTimeout(resolve, asked.stall));
    }).then(
      () => tell(`office ${shop.letter} ${asked.do}: done`),
      (error: unknown) => tell(`office ${shop.letter} ${asked.do}: ${String(error)}`),
    );
  });
}

async function make(tx: Tx, shop: Shop, asked: OfficeChange): Promise<void> {
  switch (asked.do) {
    case 'price':
      await rows(tx, 'update variant set unit_price_micro = $3 where company_id = $1 and variant_id = $2', [
        tx.company_id,
        shop.items[asked.item]?.variant_id,
        asked.pence * 1_000_000,
      ]);
  }
}
