import { setTimeout as pause } from 'node:timers/promises';
import { inCompany, rows } from '../../server/db.ts';
import { type Centre, openCentre } from './centre.ts';
import { type Crowd, openCrowd, type Working } from './many-terminals.ts';
import { type Described, measure, percentile } from './measure.ts';
import { familyWorkedMs, parentOf, residentKb, workedMs } from './processor-time.ts';

/** So many at once, one step after the other. */
const STEPS = [100, 300, 1000] as const;
/** How long a step is measured, once its terminals are there. */
const STEP_MS = 20_000;
/** A terminal sells about so often: 1,000 of them 50 tickets a second, as shops do in their best hour. */
const SALE_EVERY_MS = 20_000;
const PRICES = 5;
/** A terminal that has not heard of a price after so long never will. */
const PATIENCE_MS = 20_000;

/** What one step came to. */
type Step = {
  readonly terminals: number;
  readonly pushes: readonly number[];
  readonly requests: number;
  readonly errors: readonly string[];
  /** Processor time of a terminal in a second, in ms. */
  readonly server_ms: number;
  readonly postgres_ms: number;
  readonly resident_kb: number;
  readonly connections: number;
};

/** Terminals that sell now and then, and wait for news all the while: what each costs, and whether that grows. */
export async function benchTerminals(): Promise<Described[]> {
  const centre = await openCentre();
  try {
    const most = STEPS.at(-1) ?? 0;
    const crowd = await openCrowd(centre, most);
    const idle_kb = residentKb(centre.server.pid);
    const life = newLife(crowd);
    const steps: Step[] = [];
    for (const count of STEPS) {
      for (const one of await crowd.add(count - life.size())) life.begin(one);
      await pause(3000);
      steps.push(await measureStep(centre, life, count));
    }
    const prices = await changePrices(centre, crowd, life);
    await life.end();
    const bare = await bareRequests(centre, most);
    return describe(steps, { idle_kb, prices, bare, errors: life.errors });
  } finally {
    await centre.close();
  }
}

function describe(
  steps: readonly Step[],
  {
    idle_kb,
    prices,
    bare,
    errors,
  }: { idle_kb: number; prices: readonly number[]; bare: Bare; errors: readonly string[] },
): Described[] {
  const [few, , many] = steps;
  if (!few || !many) throw new Error('a step is missing');
  for (const text of new Set(errors)) process.stderr.write(`terminals: ${text}\n`);
  const flat = { against: 'the same of 100 terminals', goal: 'flat: ratio ≤ 1.1' };
  const requests = steps.reduce((sum, step) => sum + step.requests, 0);
  return [
    measure(
      'terminals.errors',
      'answers',
      { value: errors.length, limit: requests },
      { against: 'all requests of 100, 300 and 1,000 terminals', goal: '0' },
    ),
    measure(
      'terminals.push.p99',
      'ms',
      { value: percentile(many.pushes, 0.99), limit: percentile(bare.pushes, 0.99) },
      { against: '`GET /health` and a bare INSERT, as often', goal: '≤ 1,000 ms' },
    ),
    measure(
      'terminals.push.p50',
      'ms',
      { value: percentile(many.pushes, 0.5), limit: percentile(bare.pushes, 0.5) },
      { against: 'the same', goal: 'none set' },
    ),
    measure(
      'price.p99',
      'ms',
      { value: percentile(prices, 0.99), limit: percentile(bare.rush, 0.99) },
      { against: '`GET /health` by 1,000 at once', goal: '≤ 2,000 ms' },
    ),
    measure('terminals.cpu.server', 'ms/s each', { value: many.server_ms, limit: few.server_ms }, flat),
    measure('terminals.cpu.postgres', 'ms/s each', { value: many.postgres_ms, limit: few.postgres_ms }, flat),
    measure(
      'terminals.memory',
      'kB each',
      {
        value: (many.resident_kb - idle_kb) / many.terminals,
        limit: (few.resident_kb - idle_kb) / few.terminals,
      },
      flat,
    ),
    measure(
      'terminals.connections',
      'to PostgreSQL',
      { value: many.connections, limit: few.connections },
      { against: 'the same of 100 terminals', goal: 'no more' },
    ),
  ];
}

/** What terminals do by themselves until they are told to end. */
function newLife({ variants }: Crowd) {
  const errors: string[] = [];
  const pushes: number[] = [];
  const prices = new Map<Working, (at: number) => void>();
  const working: Working[] = [];
  const running: Promise<void>[] = [];
  const ending = new AbortController();
  let requests = 0;
  let awaited = '';
  const nap = (ms: number) => pause(ms, undefined, { signal: ending.signal }).catch(() => {});

  async function sell({ terminal, day }: Working): Promise<void> {
    await nap(Math.random() * SALE_EVERY_MS);
    while (!ending.signal.aborted) {
      const lines = [0, 1, 2, 3].map(() => ({
        variant_id: variants[Math.trunc(Math.random() * variants.length)] ?? '',
      }));
      const ticket = terminal.record('ticket.completed', day.ticket({ lines }));
      const start = performance.now();
      const answer = await terminal.push([ticket]);
      pushes.push(performance.now() - start);
      requests += 1;
      const [verdict] = (answer.body.verdicts ?? []) as { verdict: string }[];
      if (answer.status !== 200 || verdict?.verdict !== 'applied') {
        throw new Error(`push: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
      }
      await nap(SALE_EVERY_MS * (0.5 + Math.random()));
    }
  }

  async function listen(one: Working): Promise<void> {
    while (!ending.signal.aborted) {
      requests += 1;
      const page = await one.follower.next('wait_s=25');
      const news = page.changes.some(({ key, row }) => key === awaited && row !== null);
      if (news) prices.get(one)?.(performance.now());
    }
  }

  const keep = (work: Promise<void>) =>
    work.catch((error: unknown) => {
      // Those that were under way when all was over were cut.
      if (!ending.signal.aborted) errors.push(error instanceof Error ? error.message : String(error));
    });
  return {
    errors,
    size: () => working.length,
    begin: (one: Working) => {
      working.push(one);
      running.push(keep(sell(one)), keep(listen(one)));
    },
    /** What was counted since the last time. */
    take: () => {
      const taken = { pushes: pushes.splice(0), requests };
      requests = 0;
      return taken;
    },
    /** Changes something and gives the ms after which each terminal was told of it. */
    tell: async (key: string, change: () => Promise<unknown>): Promise<number[]> => {
      awaited = key;
      const told = working.map((one) => new Promise<number>((resolve) => prices.set(one, resolve)));
      const start = performance.now();
      await change();
      const late = start + PATIENCE_MS;
      const times = await Promise.all(
        told.map((one) => Promise.race([one, pause(PATIENCE_MS, late, { ref: false })])),
      );
      if (times.some((at) => at >= late)) errors.push('a terminal was not told of a price');
      return times.map((at) => at - start);
    },
    end: async () => {
      ending.abort();
      await Promise.race([Promise.all(running), pause(30_000)]);
    },
  };
}

type Life = ReturnType<typeof newLife>;

async function measureStep({ db, server }: Centre, life: Life, terminals: number): Promise<Step> {
  const found = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = parentOf(found.rows[0]?.pid ?? 0);
  const before = {
    server: workedMs(server.pid),
    postgres: familyWorkedMs(postmaster),
    at: performance.now(),
  };
  life.take();
  await pause(STEP_MS);
  const { pushes, requests } = life.take();
  const terminalSeconds = (terminals * (performance.now() - before.at)) / 1000;
  const connected = await db.query<{ count: number }>(
    `select count(*) as count from pg_stat_activity where application_name = 'tilldock' and pid <> pg_backend_pid()`,
  );
  return {
    terminals,
    pushes,
    requests,
    errors: [...life.errors],
    server_ms: (workedMs(server.pid) - before.server) / terminalSeconds,
    postgres_ms: (familyWorkedMs(postmaster) - before.postgres) / terminalSeconds,
    resident_kb: residentKb(server.pid),
    connections: connected.rows[0]?.count ?? 0,
  };
}

/** Milliseconds from a price to each terminal that was told of it. */
async function changePrices({ db }: Centre, { company, variants }: Crowd, life: Life): Promise<number[]> {
  const times: number[] = [];
  for (let change = 0; change < PRICES; change += 1) {
    const variant = variants[change] ?? '';
    const put = () =>
      inCompany(db, company.company_id, (tx) =>
        rows(tx, 'update variant set unit_price_micro = unit_price_micro + 1000000 where variant_id = $1', [
          variant,
        ]),
      );
    times.push(...(await life.tell(variant, put)));
    await pause(2000);
  }
  return times;
}

type Bare = { readonly pushes: readonly number[]; readonly rush: readonly number[] };

/** The same server and database with as many requests of which nothing is asked but an answer, and a row. */
async function bareRequests({ db, server }: Centre, terminals: number): Promise<Bare> {
  await db.query('create table bare (id bigint generated always as identity, body text)');
  const body = 'x'.repeat(3000);
  const ask = async () => {
    const start = performance.now();
    await (await fetch(`${server.url}/health`)).text();
    return performance.now() - start;
  };
  const pushes: number[] = [];
  const work: Promise<void>[] = [];
  const count = (terminals / SALE_EVERY_MS) * 10_000;
  for (let number = 0; number < count; number += 1) {
    await pause(10_000 / count);
    const start = performance.now();
    work.push(
      Promise.all([ask(), db.query('insert into bare (body) values ($1)', [body])]).then(() => {
        pushes.push(performance.now() - start);
      }),
    );
  }
  await Promise.all(work);
  const rush = await Promise.all(Array.from({ length: terminals }, ask));
  return { pushes, rush };
}
