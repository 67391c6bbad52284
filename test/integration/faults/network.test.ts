import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultLine } from '../../support/fault-line.ts';
import { faultyTill } from '../../support/faulty-till.ts';
import { startCentral } from '../../support/start-central.ts';
import { type Blow, strike, turnBit } from '../../support/strike.ts';

const { central, server } = await startCentral();

/** A till of a company of its own, whose line to the server can be struck. */
async function stage(autosync: boolean) {
  const line = await faultLine(Number(new URL(server.url).port));
  const bench = await faultyTill(central, `http://127.0.0.1:${line.port}`, { autosync });
  return {
    ...bench,
    line,
    close: async () => {
      await bench.till.close();
      await line.close();
    },
  };
}

type Bench = Awaited<ReturnType<typeof stage>>;

const PATHS = {
  push: '/api/v1/sync/push',
  pull: '/api/v1/sync/pull',
  'question where it stands': '/api/v1/sync/state',
  'proof who it is': '/api/v1/terminals/token',
} as const;

const NOT_REACHED = /cannot be reached\. Selling goes on/;
const SOMETHING_ELSE = /Something else than the server answered|not understand/;
/** What the till says of a blow, in plain words; null where it need not say anything. */
const SAID: Readonly<Record<Exclude<Blow, 'silence'>, RegExp | null>> = {
  'cut before the request': NOT_REACHED,
  'cut in mid request': NOT_REACHED,
  'cut before the answer': NOT_REACHED,
  'cut in mid answer': NOT_REACHED,
  'damaged request': /damaged|JSON|cannot|invalid|not /i,
  'damaged answer': SOMETHING_ELSE,
  'request sent twice': null,
  'answer delayed': null,
  'answer in pieces': null,
  'captive portal': SOMETHING_ELSE,
  'broken gzip': /cannot be reached|Something else/,
};

describe('a bad line', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await stage(false);
  });
  afterAll(() => bench?.close());

  const isGet = (path: string) => path === 'pull' || path === 'question where it stands';
  const cases = Object.keys(PATHS).flatMap((path) =>
    Object.keys(SAID)
      // A request without a body has nothing that could be damaged.
      .filter((blow) => !(blow === 'damaged request' && isGet(path)))
      .map((blow) => [blow, path] as [keyof typeof SAID, keyof typeof PATHS]),
  );
  test.each(cases)('%s of a %s: is told in plain words, and the next try delivers', async (blow, path) => {
    const { till, shop, line, query } = bench;
    if (path === 'proof who it is') await till.crash();
    const sold = await shop.sell();
    // Something new to fetch, so that a page has a body.
    await bench.addItems([{ sku: `${blow} ${path}`, name: 'News', price: 1 }]);
    const begun = strike(line, PATHS[path], blow);
    const status = await till.till.sync.run();
    await begun;
    line.meddle = null;
    const expected = SAID[blow];
    if (expected === null) expect(status.problem).toBeNull();
    else expect(status.problem?.message).toMatch(expected);
    expect(await till.till.sync.run()).toMatchObject({
      problem: null,
      waiting: 0,
      flagged: 0,
      quarantined: 0,
    });
    const kept = await query<{ hash: string }>(
      `select hash from ticket where ticket_id = '${sold.ticket_id}'`,
    );
    expect(kept).toEqual([{ hash: sold.ticket_hash }]);
    const found = await till.till.catalogue.byCode({ code: `${blow} ${path}` });
    expect(found?.unit_price_micro).toBe(1_000_000);
  });

  test('that turns one bit of a push changes nothing of what it tells: it is sent again', async () => {
    const { till, shop, line } = bench;
    for (let place = 0; place <= 1; place += 0.05) {
      await shop.sell();
      const begun = strike(line, PATHS.push, turnBit(place));
      await till.till.sync.run();
      await begun;
      line.meddle = null;
      expect(await till.till.sync.run()).toMatchObject({ waiting: 0, problem: null, quarantined: 0 });
    }
  });

  test('loses nothing and counts nothing twice in all of that', () => bench.audit());
});

describe('a line that takes everything and says nothing', () => {
  /** Until it holds; the test's own time limit ends it otherwise. */
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds())) await pause(100);
  };

  test.concurrent.each(['proof who it is', 'pull', 'push'] as const)(
    'for ever during a %s frees the till after its deadline: it says so, and then delivers by itself',
    { timeout: 180_000 },
    async (path) => {
      const bench = await stage(true);
      try {
        await beSilent(bench, PATHS[path]);
      } finally {
        await bench.close();
      }
    },
  );

  async function beSilent({ till, shop, line, audit }: Bench, path: string): Promise<void> {
    const status = () => till.till.sync.status();
    const isDelivered = async () => {
      const { waiting, problem } = await status();
      return waiting === 0 && problem === null;
    };
    await until(isDelivered);
    const begun = strike(line, path, 'silence');
    // A token is asked for anew by a new process, and a page over a new connection.
    if (path === PATHS['proof who it is']) await till.crash();
    if (path === PATHS.pull) line.hangUp();
    await shop.sell();
    const dead = await begun;
    await until(async () => (await status()).problem?.kind === 'unreachable');
    expect((await status()).problem?.message).toMatch(NOT_REACHED);
    await until(async () => dead.near.destroyed);
    await shop.sell();
    await until(isDelivered);
    await audit();
  }
});
