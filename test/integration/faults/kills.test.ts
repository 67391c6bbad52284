import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pinSchema } from '#shared/people/user.ts';
import { pick, type Random, seededRandom } from '../../../demo/random.ts';
import { DEMO_SHOP } from '../../../server/people/demo-shop.ts';
import { compareBooks, nothingAmiss } from '../../support/books.ts';
import { addItems } from '../../support/catalogue.ts';
import { type OwnCentre, ownCentre } from '../../support/own-centre.ts';
import { person } from '../../support/shop.ts';
import { type TestTill, testTill } from '../../support/till.ts';
import { type Good, type Trader, trader } from '../../support/trader.ts';

/** TILLDOCK_KILLS=10 plays ten times as many rounds, 0.1 a tenth. */
const FACTOR = Number(process.env.TILLDOCK_KILLS ?? 1);
const times = (rounds: number): number => Math.ceil(rounds * FACTOR);
/** Rounds in which these are killed. */
const PLAN = { till: times(120), server: times(35), database: times(30), all: times(15) } as const;
/** The same seed is the same business and the same blows, though not to the microsecond. */
const SEED = Number(process.env.TILLDOCK_SEED ?? Date.now() % 1_000_000);

/** For a till to deliver once everything runs again, on a machine that has much else to do. */
const PATIENCE_MS = 60_000;

type Victim = keyof typeof PLAN;
const ROUNDS = shuffled(
  Object.entries(PLAN).flatMap(([victim, rounds]) => Array<Victim>(rounds).fill(victim as Victim)),
  seededRandom(SEED + 1),
);

let centre: OwnCentre;
let till: TestTill;
let shop: Trader;
const random = seededRandom(SEED);

beforeAll(async () => {
  centre = await ownCentre();
  const goods: Good[] = [
    ...(await addItems(centre.db, centre.company.company_id, [
      { sku: 'MUG', name: 'Mug', price: 499 },
      { sku: 'LANTERN', name: 'White metal lantern', price: 339 },
      { sku: 'BREAD', name: 'Bread', price: 120, tax_class: 'ZERO' },
    ])),
  ].map(([code, variant_id]) => ({ code, variant_id }));
  till = await testTill({ autosync: true });
  const code = await centre.enrolmentCode();
  await till.till.terminal.enrol({ server_url: centre.url, code, name: 'Front' });
  await till.till.sync.run();
  const pin = DEMO_SHOP.people.find(({ role }) => role === 'MANAGER')?.pin ?? '';
  const user_id = person(centre.company, 'MANAGER');
  await till.signIn(user_id, pin);
  shop = trader(till, goods, { random, approval: { user_id, pin: pinSchema.parse(pin) } });
  await shop.openDay();
}, 120_000);
afterAll(async () => {
  await till?.close();
  await centre?.close();
});

/** When in a round the blow falls: after some ms, or with a piece of what is said between two of them. */
type Moment =
  | { readonly kind: 'after'; readonly ms: number }
  | {
      readonly kind: 'heard';
      readonly line: 'server' | 'database';
      readonly direction: 'asked' | 'answered';
      readonly words: string;
      readonly nth: number;
    };

const WORDS = [
  { line: 'server', direction: 'asked', words: 'POST /api/v1/sync/push' },
  { line: 'server', direction: 'answered', words: 'acked_seq' },
  { line: 'database', direction: 'asked', words: 'commit' },
  { line: 'database', direction: 'answered', words: 'COMMIT' },
  { line: 'database', direction: 'asked', words: 'journal' },
] as const;

function someMoment(chance: Random): Moment {
  const words = WORDS[pick(chance, WORDS.length * 2)];
  return words
    ? { kind: 'heard', ...words, nth: 1 + pick(chance, 3) }
    : { kind: 'after', ms: Math.trunc(chance() * 60) };
}

/** Settles at that moment, or when `latest` does. */
async function at(moment: Moment, latest: Promise<unknown>): Promise<void> {
  if (moment.kind === 'after') {
    await pause(moment.ms);
    return;
  }
  const line = centre.lines[moment.line];
  let heard = 0;
  await Promise.race([
    latest,
    new Promise<void>((resolve) => {
      line.hear = (direction, bytes) => {
        if (direction !== moment.direction || !bytes.includes(moment.words)) return;
        heard += 1;
        if (heard === moment.nth) resolve();
      };
    }),
  ]);
  line.hear = null;
}

const kill: Record<Victim, () => Promise<unknown>> = {
  till: () => till.crash(),
  server: () => centre.killServer(),
  database: () => centre.killDatabase(),
  all: () => Promise.all([till.crash(), centre.killBoth()]),
};

/** Until the till has nothing to send and nothing to complain of. */
async function settle(): Promise<void> {
  for (const started = performance.now(); ; ) {
    const status = await till.till.sync.run();
    expect(status).toMatchObject({ standstill: null, quarantined: 0, flagged: 0 });
    if (status.waiting === 0 && status.problem === null) return;
    if (performance.now() - started > PATIENCE_MS) throw new Error(`it stays so: ${JSON.stringify(status)}`);
    await pause(20);
  }
}

/** What was promised since a place in the list is at the centre, each once and as it was said. */
async function checkRound(from: number): Promise<void> {
  const told = [...shop.promises.tickets.values()].slice(from);
  const ids = told.map(({ ticket_id }) => `'${ticket_id}'`).join(',') || 'null';
  const kept = await centre.query<{ ticket_id: string; hash: string }>(
    `select ticket_id, hash from ticket where ticket_id in (${ids})`,
  );
  expect(new Map(kept.map(({ ticket_id, hash }) => [ticket_id, hash]))).toEqual(
    new Map(told.map(({ ticket_id, ticket_hash }) => [ticket_id, ticket_hash])),
  );
  expect(kept).toHaveLength(told.length);
  const { last_seq, acked_seq } = await till.till.sync.status();
  expect(await centre.query('select count(*)::integer as count, max(seq) as last from journal')).toEqual([
    { count: last_seq, last: acked_seq },
  ]);
  await nothingAmiss(centre.query);
}

test(`nothing that a reply said was done is lost or counted twice, over ${ROUNDS.length} rounds of kills`, {
  timeout: 1_800_000 * Math.max(1, FACTOR),
}, async () => {
  const spent: Record<Victim, number> = { till: 0, server: 0, database: 0, all: 0 };
  for (const [place, victim] of ROUNDS.entries()) {
    const moment = someMoment(random);
    const started = performance.now();
    try {
      await playRound(victim, moment);
    } catch (error) {
      const about = `round ${place + 1} of seed ${SEED}, ${victim} killed at ${JSON.stringify(moment)}`;
      throw new Error(`${about}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
    spent[victim] += performance.now() - started;
  }
  await shop.closeDay();
  await settle();
  const { last_seq } = await till.till.sync.status();
  till.process.kill('SIGTERM');
  await till.process.exited;
  await compareBooks(till.folder, centre.query, shop.promises);
  expect(shop.refusals).toEqual([]);
  const each = Object.entries(PLAN).map(
    ([victim, rounds]) => `${rounds} × ${victim} (${Math.round(spent[victim as Victim] / rounds)} ms each)`,
  );
  const { tickets, closed } = shop.promises;
  process.stdout.write(
    `kills: ${ROUNDS.length} rounds of seed ${SEED}: ${each.join(', ')}; ${last_seq} operations, ${tickets.size} tickets, ${closed.size} days closed\n`,
  );
});

async function playRound(victim: Victim, moment: Moment): Promise<void> {
  const from = shop.promises.tickets.size;
  const trading = (async () => {
    for (let done = 0; done < 3; done += 1) await shop.trade();
  })();
  await Promise.all([trading, at(moment, trading).then(kill[victim])]);
  await settle();
  await checkRound(from);
}

function shuffled<Value>(values: readonly Value[], chance: Random): Value[] {
  return values
    .map((value) => ({ value, place: chance() }))
    .sort((left, right) => left.place - right.place)
    .map(({ value }) => value);
}
