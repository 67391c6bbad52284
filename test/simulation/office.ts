import { inCompany, rows, type Tx } from '../../server/db.ts';
import { terminalOf } from './invariants/ledger.ts';
import type { OfficeChange } from './plan.ts';
import type { ScriptedPool } from './pool.ts';
import { addItems, type Shop } from './shop.ts';
import type { World } from './world.ts';

/** A person in the office changes something; what fails is given up, as a person does. */
export function change(world: World, pool: ScriptedPool, shop: Shop, asked: OfficeChange): void {
  const { schedule, tell } = world;
  const what = `office ${shop.letter} ${asked.do}`;
  world.changes += 1;
  schedule.after(0, pool.actor, () => {
    inCompany(pool.db, shop.company_id, async (tx) => {
      await make(tx, world, shop, asked);
      await new Promise((resolve) => setTimeout(resolve, asked.stall));
    })
      .then(
        () => tell(`${what}: done`),
        (error: unknown) => tell(`${what}: ${String(error)}`),
      )
      .finally(() => {
        world.changes -= 1;
      });
  });
}

async function make(tx: Tx, { cashiers }: World, shop: Shop, asked: OfficeChange): Promise<void> {
  const item = 'item' in asked ? shop.items[asked.item]?.variant_id : undefined;
  const set = (column: string, value: unknown) =>
    rows(tx, `update variant set ${column} = $3 where company_id = $1 and variant_id = $2`, [
      tx.company_id,
      item,
      value,
    ]);
  switch (asked.do) {
    case 'price':
      await set('unit_price_micro', asked.pence * 1_000_000);
      return;
    case 'rename':
      await set('name', asked.name);
      return;
    case 'withdraw':
      await set('active', asked.active);
      return;
    case 'new item':
      await addItems(tx, [{ number: 100 + asked.pence, name: `New for ${asked.pence}`, pence: asked.pence }]);
      return;
    case 'move barcode': {
      const [from, to] = [shop.items[asked.from], shop.items[asked.to]];
      await rows(tx, 'delete from barcode where company_id = $1 and code = $2', [tx.company_id, from?.code]);
      await rows(tx, 'insert into barcode (company_id, code, variant_id) values ($1, $2, $3)', [
        tx.company_id,
        from?.code,
        to?.variant_id,
      ]);
      return;
    }
    case 'department':
      await (asked.gone
        ? rows(tx, 'delete from department where company_id = $1 and code = $2', [tx.company_id, asked.code])
        : rows(
            tx,
            `insert into department (company_id, code, name) values ($1, $2, $2)
             on conflict (company_id, code) do update set name = department.name || '!'`,
            [tx.company_id, asked.code],
          ));
      return;
    case 'tax':
      await rows(tx, "update tax_class set rates = $2 where company_id = $1 and code = 'STD'", [
        tx.company_id,
        JSON.stringify([{ code: 'VAT', rate_ppm: asked.rate_ppm }]),
      ]);
      return;
    case 'move':
    case 'service': {
      const cashier = cashiers[asked.till];
      const run = cashier?.till.run();
      if (cashier?.shop !== shop || !run) return;
      const terminal = terminalOf(run);
      const place = asked.do === 'move' && asked.away ? shop.other_location_id : shop.location_id;
      await rows(
        tx,
        asked.do === 'move'
          ? 'update terminal set location_id = $3 where company_id = $1 and terminal_id = $2'
          : `update terminal set revoked_at = case when $3 then now() end
             where company_id = $1 and terminal_id = $2`,
        [tx.company_id, terminal, asked.do === 'move' ? place : asked.revoked],
      );
      return;
    }
    case 'people':
      await rows(
        tx,
        `update app_user set status = $3, disabled_at = case when $3 = 'DISABLED' then now() end
         where company_id = $1 and user_id = $2`,
        [tx.company_id, shop.cashier, asked.active ? 'ACTIVE' : 'DISABLED'],
      );
  }
}
