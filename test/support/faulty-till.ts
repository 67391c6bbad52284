import { pinSchema } from '#shared/people/user.ts';
import { seededRandom } from '../../demo/random.ts';
import { DEMO_SHOP } from '../../server/people/demo-shop.ts';
import type { SeededCompany } from '../../server/people/seed.ts';
import { compareBooks, type Query } from './books.ts';
import { addItems, type TestItem } from './catalogue.ts';
import type { TestCentral } from './central.ts';
import { enrolmentCode, person, queryAs } from './shop.ts';
import { type TestTill, testTill } from './till.ts';
import { type Trader, trader } from './trader.ts';

/** A till of a company of its own, at work under its manager, for whatever is to befall it. */
export type FaultyTill = {
  readonly company: SeededCompany;
  readonly till: TestTill;
  readonly shop: Trader;
  readonly query: Query;
  readonly addItems: (items: readonly TestItem[]) => Promise<Map<string, string>>;
  readonly signIn: (till: TestTill) => Promise<void>;
  /** Closes the day, delivers, ends the process, and compares all books. */
  readonly audit: () => Promise<void>;
};

/** @param options of the till's data process; `url` is what it knows its server by */
export async function faultyTill(
  central: TestCentral,
  url: string,
  options: Parameters<typeof testTill>[0] = {},
): Promise<FaultyTill> {
  const company = await central.addCompany();
  const add = (items: readonly TestItem[]) => addItems(central.db, company.company_id, items);
  const goods = await add([
    { sku: 'MUG', name: 'Mug', price: 499 },
    { sku: 'BREAD', name: 'Bread', price: 120, tax_class: 'ZERO' },
  ]);
  const till = await testTill(options);
  const code = await enrolmentCode(central, company);
  await till.till.terminal.enrol({ server_url: url, code, name: 'Front' });
  await till.till.sync.run();
  const pin = DEMO_SHOP.people.find(({ role }) => role === 'MANAGER')?.pin ?? '';
  const user_id = person(company, 'MANAGER');
  await till.signIn(user_id, pin);
  const shop = trader(
    till,
    [...goods].map(([sku, variant_id]) => ({ code: sku, variant_id })),
    { random: seededRandom(1), approval: { user_id, pin: pinSchema.parse(pin) } },
  );
  await shop.openDay();
  const query: Query = (sql) => queryAs(central, company.company_id, sql);
  return {
    ...{ company, till, shop, query, addItems: add },
    signIn: (one) => one.signIn(user_id, pin),
    audit: async () => {
      await shop.closeDay();
      await till.till.sync.run();
      till.process.kill('SIGTERM');
      await till.process.exited;
      await compareBooks(till.folder, query, shop.promises);
    },
  };
}
