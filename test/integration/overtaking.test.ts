import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { fillBacklog } from '../support/backlog.ts';
import { addItems } from '../support/catalogue.ts';
import { falseServer } from '../support/false-server.ts';
import { enrolmentCode, person, queryAs } from '../support/shop.ts';
import { startCentral } from '../support/start-central.ts';
import { testTill } from '../support/till.ts';

const { central, server } = await startCentral();

/** Longer than the next push needs to come after this one, in ms; without one it goes on then. */
const LONGEST_HOLD_MS = 500;

test('pushes that overtake one another on their way, again and again, deliver everything in one run', async () => {
  const { company } = central;
  const goods = await addItems(central.db, company.company_id, [{ sku: 'MUG', name: 'Mug', price: 499 }]);
  const between = await falseServer(server.url);
  const shop = await testTill();
  onTestFinished(async () => {
    await shop.close();
    await between.close();
  });
  const code = await enrolmentCode(central, company);
  await shop.till.terminal.enrol({ server_url: between.url, code, name: 'Front' });
  const image = await shop.image();
  const { operations } = fillBacklog(image, person(company, 'CASHIER'), [...goods.values()], {
    tickets: 3000,
    lines: 1,
  });
  await shop.putBack(image);

  let overtaken = 0;
  let isNext: (() => void) | null = null;
  between.hold = async (path) => {
    if (!path.endsWith('/sync/push')) return;
    if (isNext) {
      isNext();
      isNext = null;
      return;
    }
    const came = new Promise<'came'>((resolve) => {
      isNext = () => resolve('came');
    });
    const held = await Promise.race([came, pause(LONGEST_HOLD_MS)]);
    isNext = null;
    if (held !== 'came') return;
    overtaken += 1;
    await pause(100);
  };
  const status = await shop.till.sync.run();
  expect(overtaken).toBeGreaterThan(3);
  expect(status).toMatchObject({ problem: null, waiting: 0, quarantined: 0, flagged: 0 });
  const [kept] = await queryAs<{ operations: number }>(
    central,
    company.company_id,
    'select count(*)::integer as operations from journal',
  );
  expect(kept?.operations).toBe(operations);
});
